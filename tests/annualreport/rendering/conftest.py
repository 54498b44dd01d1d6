"""One city for a module, as in the other tests of annual reports."""

from tests.requests.conftest import city, world

__all__ = ["city", "world"]
