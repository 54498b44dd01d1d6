"""What can be asked about organs and their people: by any name, as a tree, through time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.base.crypto import fold
from gongkai.organs import scope
from gongkai.organs.models import Organ, OrganName, Person, Post, Role, Succession
from gongkai.organs.scope import VIEW, Viewer

_CANDIDATES_SHOWN = 5
AMBIGUOUS = "ambiguous"  # the code of the refusal of a name that several organs have


def by_any_name(text: str, among: QuerySet[Organ] | None = None) -> Organ:
    """The organ called `text`: by its code, a name it has or ever had, or an alias.

    A code wins over names, a present official name over former ones, those over aliases; an organ that still stands
    over one that ended. Raises ValidationError when none or several remain, naming the candidates.
    """
    organs = Organ.objects.all() if among is None else among
    wanted = text.strip()
    if exact := organs.filter(code=wanted).first():
        return exact
    for candidates in _by_name(wanted, organs):
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            raise ValidationError(_ambiguous(wanted, candidates), code=AMBIGUOUS)
    raise ValidationError(_("没有找到名为“%(text)s”的机关，请核对名称或者改用代码。") % {"text": wanted[:60]})


def _by_name(wanted: str, organs: QuerySet[Organ]) -> Iterable[list[Organ]]:
    """Candidates from the best kind of match to the weakest; names compare without width, case and spaces."""
    yield _prefer_standing(organs.filter(name=wanted))
    names = OrganName.objects.filter(organ__in=organs)
    if not names.filter(name=wanted).exists():  # rare: somebody typed full-width brackets or a space
        key = fold(wanted)
        alike = {name for name in names.values_list("name", flat=True).distinct() if fold(name) == key}
        names = names.filter(name__in=alike) if key else names.none()
        yield _prefer_standing(organs.filter(name__in=alike))
    else:
        names = names.filter(name=wanted)
    for kinds in ((OrganName.Kind.OFFICIAL,), (OrganName.Kind.SHORT, OrganName.Kind.ALIAS)):
        yield _prefer_standing(organs.filter(pk__in=names.filter(kind__in=kinds).values("organ")))


def _prefer_standing(found: QuerySet[Organ]) -> list[Organ]:
    candidates = list(found.order_by("path")[: _CANDIDATES_SHOWN * 4])
    return [organ for organ in candidates if organ.valid_to is None] or candidates


def _ambiguous(wanted: str, candidates: list[Organ]) -> str:
    shown = "；".join(f"{organ.name}（{organ.code}）" for organ in candidates[:_CANDIDATES_SHOWN])
    more = _(" 等") if len(candidates) > _CANDIDATES_SHOWN else ""
    return _("“%(text)s”对应多个机关：%(shown)s%(more)s。请用代码指明。") % {
        "text": wanted,
        "shown": shown,
        "more": more,
    }


@dataclass
class Node:
    """An organ in a tree, with those below it that the viewer may see."""

    organ: Organ
    children: list[Node] = field(default_factory=list)


def tree(
    who: Viewer, day: dt.date | None = None, register: str = "organs", verb: str = VIEW, units: bool = True
) -> list[Node]:
    """The organs `who` reaches as trees, in one query; with `day` only those that exist then.

    An organ whose parent is out of reach stands at the top.
    """
    organs = scope.organs_for(who, register, verb)
    if day is not None:
        organs = standing(organs, day)
    if not units:
        organs = organs.exclude(kind=Organ.Kind.UNIT)
    roots: list[Node] = []
    nodes: dict[int, Node] = {}
    for organ in organs.order_by("path"):  # parents come before what is below them
        node = nodes[organ.pk] = Node(organ)
        above = nodes.get(organ.parent_id) if organ.parent_id else None
        (above.children if above else roots).append(node)
    return roots


def standing(organs: QuerySet[Organ], day: dt.date) -> QuerySet[Organ]:
    """Those that exist on `day`."""
    return organs.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


def choices(who: Viewer, register: str, verb: str, day: dt.date) -> QuerySet[Organ]:
    """The organs a chooser offers: where `who` may `verb` records of `register`, standing on `day`, no internal units."""
    return standing(scope.organs_for(who, register, verb), day).exclude(kind=Organ.Kind.UNIT)


def children(who: Viewer, organ: Organ, day: dt.date | None = None) -> QuerySet[Organ]:
    """The organs and units directly below `organ` that `who` sees."""
    below = scope.rows(who, Organ).filter(parent=organ)
    return below if day is None else standing(below, day)


@dataclass(frozen=True)
class ContactCard:
    """How to reach an organ, as shown on its page and in its letters. Empty text: not known."""

    name: str
    address: str
    postcode: str
    phones: tuple[str, ...]
    fax: str
    email: str
    office_hours: str


def contact_card(organ: Organ) -> ContactCard:
    """The organ's own details; an internal unit without a detail has that of the organ around it."""
    around = [organ]
    while around[-1].kind == Organ.Kind.UNIT and around[-1].parent is not None:
        around.append(around[-1].parent)

    def detail(name: str) -> str:
        return next((value for one in around if (value := getattr(one, name))), "")

    return ContactCard(
        name=organ.name,
        address=detail("address"),
        postcode=detail("postcode"),
        phones=tuple(phone for phone in detail("phones").split("、") if phone),
        fax=detail("fax"),
        email=detail("email"),
        office_hours=detail("office_hours"),
    )


def official_names(organ: Organ) -> list[OrganName]:
    """Every official name, oldest first; each holds until the next begins."""
    names = organ.names.filter(kind=OrganName.Kind.OFFICIAL)
    return sorted(names, key=lambda row: (row.valid_from or dt.date.min, row.pk))


def name_on(organ: Organ, day: dt.date) -> str:
    """The official name on `day`; before its first day the first name."""
    names = official_names(organ)
    held = [row for row in names if row.valid_from is None or row.valid_from <= day]
    return (held or names[:1])[-1].name if names else organ.name


def names_on(organ: Organ, day: dt.date) -> list[str]:
    """Official name first, then the short names and aliases in use on `day`."""
    others = organ.names.exclude(kind=OrganName.Kind.OFFICIAL).filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )
    return [name_on(organ, day), *others.order_by("kind", "pk").values_list("name", flat=True)]


def successors(organ: Organ, day: dt.date | None = None) -> QuerySet[Organ]:
    """Every organ that continues `organ`, through any number of generations; with `day` as it was then."""
    return _closure(organ, "predecessor_id", "successor_id", day)


def predecessors(organ: Organ, day: dt.date | None = None) -> QuerySet[Organ]:
    """Every organ that `organ` continues, through any number of generations; with `day` as it was then."""
    return _closure(organ, "successor_id", "predecessor_id", day)


def organ_on(organ: Organ, day: dt.date) -> list[Organ]:
    """Who answers for `organ` on `day`: itself while it stands, else its successors standing then, else nobody."""
    if organ.existed_on(day):
        return [organ]
    return [heir for heir in successors(organ, day) if heir.existed_on(day)]


def _closure(organ: Organ, start: str, end: str, day: dt.date | None) -> QuerySet[Organ]:
    rows = Succession.objects.all() if day is None else Succession.objects.filter(on__lte=day)
    links: dict[int, set[int]] = defaultdict(set)
    for here, there in rows.values_list(start, end):
        links[here].add(there)
    found: set[int] = set()
    waiting = [organ.pk]
    while waiting:
        fresh = links.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return Organ.objects.filter(pk__in=found - {organ.pk}).order_by("path")


def posts_of(who: Viewer, organ: Organ, day: dt.date | None = None) -> QuerySet[Post]:
    """The posts at `organ` and its internal units that `who` sees; with `day` only those in force."""
    unit = Q(organ__kind=Organ.Kind.UNIT)
    inside = unit & Q(organ__parent=organ)
    deeper = unit & Q(organ__parent__kind=Organ.Kind.UNIT, organ__parent__parent=organ)
    posts = scope.rows(who, Post).filter(Q(organ=organ) | inside | deeper).select_related("person", "organ")
    if day is not None:
        posts = posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return posts.order_by("organ__path", "role", "valid_from", "pk")


def colleagues(post: Post) -> QuerySet[Person]:
    """Whom a post-holder may lend `post` to: the other active people with a post in force at the same organ."""
    today = clock.today()
    posts = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), organ=post.organ, valid_from__lte=today
    )
    return Person.objects.filter(pk__in=posts.values("person"), is_active=True).exclude(pk=post.person_id)


def people_of(who: Viewer, organ: Organ, day: dt.date, *roles: Role) -> QuerySet[Person]:
    """The active people holding a post at `organ` or its units on `day`, of the given roles or any."""
    posts = posts_of(who, organ, day)
    if roles:
        posts = posts.filter(role__in=roles)
    return (
        scope.rows(who, Person)
        .filter(pk__in=posts.order_by().values("person"), is_active=True)
        .order_by("name")
    )
