"""The two statutory annual-report forms and their reconciliation: pure data and pure functions.

Nothing here knows Django, a clock, the network or a database. Layouts stand in :mod:`.layout`, cell values in
:mod:`.values` and :mod:`.figures`, the rules in :mod:`.rules`, generated sentences in :mod:`.narrative`.
"""
