"""Gongkai: open-source government information disclosure."""
