"""The websites of both cities: main sites and sub-sites, a prize, revisions, irregular domains, and what merged units handed over.

Names of organs are real; domains, codes and file numbers are invented in the shape the norms ask for.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import cast

from PIL import Image, ImageDraw

from gongkai.accounts import actions as accounts
from gongkai.base import clock
from gongkai.demo.people import PASSWORD
from gongkai.demo.places import LUOYANG, LY_OFFICE, MENGJIN, PINGDINGSHAN, XIGONG
from gongkai.monitoring import actions, handover
from gongkai.monitoring.models import HandOver, Site, SiteDomain, SiteRevision, SiteStep
from gongkai.organs import tallies
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.requests.models import Submission

MAIN, OTHER, PREVIEW = SiteDomain.Use.MAIN, SiteDomain.Use.OTHER, SiteDomain.Use.PREVIEW
_SERVICES = (
    ("河南政务服务网", "https://www.hnzwfw.gov.cn/", "全省一张网：查事项、在线办理、查进度", 1),
    ("国家政务服务平台", "https://gjzwfw.www.gov.cn/", "跨省事项", 2),
)
#: The departments whose sites came under the main site of 平顶山, by year (S165: six in 2019).
ONBOARDED = {
    2018: ("pds-d02", "pds-d06", "pds-d10"),
    2019: ("pds-d11", "pds-d12", "pds-d13", "pds-d15", "pds-d20", "pds-d24"),
    2020: ("pds-d07", "pds-d19"),
}
#: Registered as they are, with domains the norms don't allow (S171).
IRREGULAR = {"pds-d12": "www.pdshbj.gov.cn", "pds-d42": "www.pdsqxj.com.cn"}
VISITOR = "市民体验"
MERGED = dt.date(2021, 3, 18)
CLOSED = dt.date(2021, 5, 10)
_WHY = "行政区划调整"
_BASIS = "关于区划调整后网站合并的通知（演示）"


def load(organs: dict[str, Organ], by: Actor) -> None:
    """Register the sites, and hand over what the merged units left."""
    for city in (LUOYANG, PINGDINGSHAN):
        tallies.set_coverage(
            by=by,
            organ=organs[city],
            register="sites",
            mode="here",
            valid_from=dt.date(2018, 1, 1),
            whole_tree=True,
        )
    sites = {
        LUOYANG: _main(organs[LUOYANG], "www.ly.gov.cn", "luoyang", dt.date(2001, 5, 1), by),
        PINGDINGSHAN: _main(organs[PINGDINGSHAN], "www.pds.gov.cn", "pingdingshan", dt.date(2002, 6, 1), by),
        XIGONG: _main(organs[XIGONG], "www.xigong.gov.cn", "xigong", dt.date(2006, 3, 1), by),
    }
    _subsites(organs, sites[PINGDINGSHAN], by)
    _outside(organs, by)
    _tell(sites, by)
    _mergers(organs, by)
    _visitor()


def _visitor() -> None:
    """S167: somebody of the public with an account, and in it the application they sent last to the city's office."""
    account = accounts.register(login=VISITOR, password=PASSWORD, address="")
    sent = (
        Submission.objects.filter(organ__code=LY_OFFICE, channel="internet")
        .order_by("-arrived_at", "-pk")
        .first()
    )
    if sent is not None:
        form = cast("dict[str, str]", sent.form)
        accounts.set_profile(account, {**form, "kind": sent.kind})
        accounts.keep(account, sent)


def _main(organ: Organ, domain: str, preview: str, opened: dt.date, by: Actor) -> Site:
    site = _site(organ, "portal", domain, opened, by)
    actions.add_domain(site, by=by, name=f"{preview}.localhost", use=PREVIEW, valid_from=opened)
    for title, url, note, place in _SERVICES:
        actions.add_service(site, by=by, title=title, url=url, note=note, place=place)
    return actions.set_logo(site, by=by, name="logo.png", content=_emblem())


def _site(organ: Organ, kind: str, domain: str, opened: dt.date, by: Actor, **more: object) -> Site:
    division = (organ.division_code or _division(organ))[:6]
    number = organ.pk % 10_000
    profile: dict[str, object] = {
        "host_name": organ.name,
        "supervisor": "" if organ.parent is None else organ.parent.name,
        "manager": "办公室主任",
        "phone": organ.phones or "0000-00000000",
        "id_code": f"{division}{number:04d}",
        "icp": f"豫ICP备{division[2:]}{number:04d}号-1",
        "police": f"豫公网安备{division}{number:08d}号",
        "emblem": "https://bszs.conac.cn/",
        "errors_url": "https://zfwzgl.www.gov.cn/",
        "ipv6": "yes",
        "ipv6_on": dt.date(2021, 11, 30),
        "platform": "集约化平台",
    }
    site = actions.register_site(
        by=by, organ=organ, name=organ.name, kind=kind, opened_on=opened, **(profile | more)
    )
    actions.add_domain(site, by=by, name=domain, use=MAIN, valid_from=opened)
    return site


def _division(organ: Organ) -> str:
    above = organ.parent
    while above is not None and not above.division_code:
        above = above.parent
    return above.division_code if above else "000000"


def _subsites(organs: dict[str, Organ], main: Site, by: Actor) -> None:
    for year, codes in ONBOARDED.items():
        for at, code in enumerate(codes):
            joined = dt.date(year, 3 + at, 15)
            _site(
                organs[code],
                "department",
                IRREGULAR.get(code, f"{code.removeprefix('pds-')}.pds.gov.cn"),
                dt.date(2008, 1, 1),
                by,
                parent=main,
                joined_on=joined,
            )


def _outside(organs: dict[str, Organ], by: Actor) -> None:
    """A site hosted elsewhere: registered, not answered for; its former domain lies idle."""
    code = "pds-d42"
    site = _site(
        organs[code],
        "department",
        IRREGULAR[code],
        dt.date(2010, 1, 1),
        by,
        served=False,
        emblem="",
        ipv6="no",
        platform="自建",
    )
    old = actions.add_domain(site, by=by, name="pdsqx.gov.cn", use=OTHER, valid_from=dt.date(2010, 1, 1))
    actions.idle_domain(old, by=by, on=dt.date(2018, 7, 1))


def _tell(sites: dict[str, Site], by: Actor) -> None:
    actions.add_honour(
        sites[LUOYANG],
        by=by,
        name="中国互联网+快速发展型政务网站",
        awarded_by="中国政务网站评估组织（演示）",
        on=dt.date(2019, 12, 6),
    )
    kinds = SiteRevision.Kind
    for kind, on, text in (
        (kinds.REDESIGN, dt.date(2020, 6, 30), "门户网站改版，政府信息公开专栏按统一格式调整"),
        (kinds.ROOM, dt.date(2020, 9, 15), "区信息中心机房改造"),
        (kinds.HARDWARE, dt.date(2020, 11, 20), "更换核心交换机和备份存储"),
    ):
        actions.add_revision(sites[XIGONG], by=by, kind=kind, on=on, text=text)


# --- the merged units (S013, S300) -----------------------------------------------------------------------------------


def _mergers(organs: dict[str, Organ], by: Actor) -> None:
    new = {
        "ly-mengjinqu": _main(organs["ly-mengjinqu"], "www.mengjinqu.gov.cn", "mengjinqu", MERGED, by),
        "ly-yanshiqu": _main(organs["ly-yanshiqu"], "www.yanshiqu.gov.cn", "yanshiqu", MERGED, by),
    }
    for code, domain, preview, heir in (
        (MENGJIN, "www.mengjin.gov.cn", "mengjin", "ly-mengjinqu"),
        ("ly-jili", "www.jili.gov.cn", "jili", "ly-mengjinqu"),
        ("ly-yanshi", "www.yanshi.gov.cn", "yanshi", "ly-yanshiqu"),
    ):
        old = _main(organs[code], domain, preview, dt.date(2007, 1, 1), by)
        _announce(old, f"http://{_domain(new[heir])}/", by)
        _hand_over(old, organs[code], organs[heir], by)
        actions.step(old, by=by, kind=SiteStep.Kind.CLOSED, on=CLOSED, reason=_WHY)


def _domain(site: Site) -> str:
    return site.domains.get(use=MAIN).name


def _announce(site: Site, new_address: str, by: Actor) -> None:
    actions.step(
        site,
        by=by,
        kind=SiteStep.Kind.CLOSING,
        on=MERGED,
        until=MERGED + dt.timedelta(days=45),
        new_address=new_address,
        reason=_WHY,
        document=_BASIS,
    )


def _hand_over(site: Site, giver: Organ, receiver: Organ, by: Actor) -> HandOver:
    with clock.on_day(dt.date(2021, 4, 1)):
        batch = handover.open_handover(
            by=by,
            organ=giver,
            receiver=receiver,
            site=site,
            title=f"{giver.name}网站和政府信息移交",
            basis=_BASIS,
            on=dt.date(2021, 4, 1),
        )
        handover.add_item(batch, by=by, what="纸质档案（卷）", counted=12)
    with clock.on_day(dt.date(2021, 4, 20)):
        for item in batch.items.order_by("pk"):
            handover.check_item(item, by=by, on=dt.date(2021, 4, 20))
        handover.hand_over(batch, by=by, on=dt.date(2021, 4, 20))
    with clock.on_day(dt.date(2021, 4, 26)):
        return handover.receive(batch, by=by, on=dt.date(2021, 4, 26))


def _emblem() -> bytes:
    """A plain round mark: real emblems are not ours to draw."""
    picture = Image.new("RGBA", (96, 96), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((4, 4, 92, 92), fill=(156, 31, 36, 255))
    kept = BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()
