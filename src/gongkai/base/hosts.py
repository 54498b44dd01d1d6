"""The host names this installation answers to: those of the settings, and those of registered sites.

Django asks `ALLOWED_HOSTS` for every request; what is neither configured nor registered is refused as ever. Nothing here
may reach for the settings, because the settings use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.http.request import validate_host

_EVERY = "*"
_also: list[Callable[[], Iterable[str]]] = []


def also(source: Callable[[], Iterable[str]]) -> None:
    """Let `source` name further hosts. It is asked only for a host that is not configured; it must be cheap and give
    plain names: neither ``*`` nor a leading dot, which Django would read as patterns."""
    if source not in _also:
        _also.append(source)


def is_configured(host: str, hosts: list[str], *, every: bool = True) -> bool:
    """Whether the settings' `hosts` themselves name this host (lower case, without port), by a pattern too; registered ones
    don't count. Without `every`, a bare ``*`` names nobody."""
    names = [name for name in list.__iter__(hosts) if every or name != _EVERY]
    return validate_host(host, names)


class AllowedHosts(list[str]):
    """The configured hosts; after them, while somebody looks through, the registered ones."""

    def __iter__(self) -> Iterator[str]:
        yield from super().__iter__()
        for source in _also:
            yield from source()
