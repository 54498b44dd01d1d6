"""Measured speeds (``make bench``, ``python -m bench --help``). Nothing here asserts a time: it prints what it measured.

One process for each database: a throw-away home and database, a generated city, the measurements, and all of it gone.
"""
