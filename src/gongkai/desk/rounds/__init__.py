"""Collecting on the desk: the year's reports and the statistics sheets, from the side of who asks and of who owes."""
