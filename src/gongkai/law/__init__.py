"""The law as pure code: working days, terms, fees, outcomes and the procedure.

Nothing here knows Django, the clock, the network or a database: facts go in, an answer and its
explanation with article numbers come out. "Today" is always an argument.
"""
