"""The host names this installation answers to: those of the settings, and those of registered sites.

Django asks `ALLOWED_HOSTS` for every request; what is neither configured nor registered is refused as ever. Nothing here
may reach for the settings, because the settings use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

_also: list[Callable[[], Iterable[str]]] = []


def also(source: Callable[[], Iterable[str]]) -> None:
    """Let `source` name further hosts. It is asked only for a host that is not configured; it must be cheap and give
    plain names: neither ``*`` nor a leading dot, which Django would read as patterns."""
    if source not in _also:
        _also.append(source)


class AllowedHosts(list[str]):
    """The configured hosts; after them, while somebody looks through, the registered ones."""

    def __iter__(self) -> Iterator[str]:
        yield from super().__iter__()
        for source in _also:
            yield from source()
