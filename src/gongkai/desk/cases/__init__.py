"""The desk's work on requests: the work list, the case page with every action as a short form, entry of paper, export."""
