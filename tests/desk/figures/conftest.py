"""The same city and people as for the reports."""

from tests.desk.reports.conftest import at_desk, city, kept, world

__all__ = ["at_desk", "city", "kept", "world"]
