"""One city for a whole module: making it costs a second."""

from tests.requests.conftest import city, world

__all__ = ["city", "world"]
