"""Who does a thing: a person in a post, the applicant, or a job of the system. Every action takes one."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.organs.scope import VIEW, WORK, Grant, Viewer, roles

MACHINE = "system"


@dataclass(frozen=True)
class Actor:
    """`role` is the procedure role; `key` is what facts and the audit log keep (``staff:12``, ``applicant``)."""

    key: str
    role: str
    person_id: int | None = None
    post_id: int | None = None
    delegated_from: int | None = None
    viewer: Viewer | None = None

    @property
    def is_machine(self) -> bool:
        """Whether a job of the system acts (see :func:`system`), not a person."""
        return self.role == MACHINE and self.person_id is None

    @property
    def post(self) -> str:
        """The post as the audit log keeps it: ``role#post`` and, for a delegate, whose post it is."""
        if self.post_id is None:
            return self.role
        origin = f"<{self.delegated_from}" if self.delegated_from else ""
        return f"{self.role}#{self.post_id}{origin}"


APPLICANT = Actor(key="applicant", role="applicant")


def system(job: str) -> Actor:
    """A job of the machine (import, demo loader, worker). It stands outside the role table."""
    return Actor(key=f"system:{job}", role=MACHINE)


def actors_for(viewer: Viewer, register: str, path: str, verb: str = WORK) -> tuple[Actor, ...]:
    """Every capacity in which `viewer` may act on records at `path`, one actor per post."""
    return tuple(_actor(viewer, grant) for grant in roles(viewer, verb, register, path))


def watchers_for(viewer: Viewer, register: str, path: str) -> tuple[Actor, ...]:
    """Every capacity in which `viewer` may look."""
    return actors_for(viewer, register, path, VIEW)


def _actor(viewer: Viewer, grant: Grant) -> Actor:
    return Actor(
        key=f"staff:{viewer.person_id}",
        role=grant.role.value,
        person_id=viewer.person_id,
        post_id=grant.post_id,
        delegated_from=grant.delegated_from,
        viewer=viewer,
    )


def oneself(viewer: Viewer) -> Actor:
    """The person as such, in no post: for one's own password and second factor."""
    return Actor(key=f"staff:{viewer.person_id}", role="self", person_id=viewer.person_id, viewer=viewer)
