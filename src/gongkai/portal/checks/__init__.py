"""Checking a published report for anybody: the files taken in, read in a process of their own, and shown; nothing is kept."""
