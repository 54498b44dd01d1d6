"""What a site says of itself above every page: that it will close and where it goes on, or that it is an archive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.law.wording import zh_date
from gongkai.monitoring.models import Site
from gongkai.organs.models import Organ
from gongkai.portal import site


@dataclass(frozen=True)
class Notice:
    """`label` marks an archive, "" for a site still in service; `address` is where to read on, "" if nowhere."""

    words: str
    label: str = ""
    address: str = ""


def of_site() -> Notice | None:
    """The notice of the site this page is of: closing, offline, or closed and kept as an archive. No query."""
    found = site.hosted()
    if found is None:
        return None
    if found.state == Site.State.CLOSING and found.notice_until:
        words = _("%(name)s将于%(day)s公示期满后关停，此后请到新网址查看。")
        return Notice(
            words % {"name": found.name, "day": zh_date(found.notice_until)}, address=found.new_address
        )
    if found.state == Site.State.OFFLINE:
        return Notice(_("%(name)s临时下线，内容暂停更新。") % {"name": found.name})
    if found.ended and found.closed_on:
        words = _("%(name)s已于%(day)s关停，内容不再更新。") % {
            "name": found.name,
            "day": zh_date(found.closed_on),
        }
        return Notice(words, archived_on(found.closed_on), found.new_address)
    return None


def of_organ(organ: Organ) -> Notice | None:
    """For the pages of an organ that ended and their documents: they stay as they were, with the day they were archived."""
    last = organ.valid_to
    if last is None or last >= clock.today():
        return None
    words = _("%(name)s已于%(day)s撤销，本页内容保持当时原样，不再更新。")
    return Notice(words % {"name": organ.name, "day": zh_date(last)}, archived_on(last))


def archived_on(day: dt.date) -> str:
    """历史归档, with its day."""
    return _("历史归档　归档时间：%(day)s") % {"day": zh_date(day)}
