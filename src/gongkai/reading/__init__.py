"""Reading any published annual report into exact cells, and judging what it says. Pure: no clock, no network.

Files become a neutral stream of rows (:mod:`.sources`, :mod:`.stream`); tables are found in it and their cells read
(:mod:`.tables`, :mod:`.table3`, :mod:`.align`); :mod:`.report` holds the result. The iron law: a cell may stay unread,
it is never read wrong.
"""
