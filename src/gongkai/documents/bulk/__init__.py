"""Documents by the hundred thousand: in from tables with a folder of files, out again in the same columns.

A row passes the same checks as a document registered by hand (:mod:`gongkai.documents.checks`); what differs is that rows are
looked up, numbered and written a chunk at a time, and that a run which was cut off goes on where it stopped.
"""
