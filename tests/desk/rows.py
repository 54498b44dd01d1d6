"""One row of every register at an organ, for the tests that open every door. A new register needs a line in `MAKERS`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from gongkai.annualreport import problem_actions as problems
from gongkai.annualreport.library import actions as library
from gongkai.annualreport.rounds.deadlines import set_local
from gongkai.annualreport.silence import set_silence
from gongkai.base import clock
from gongkai.base.measures import Period
from gongkai.base.models import AuditEntry
from gongkai.catalogue import actions as catalogue
from gongkai.catalogue.models import Column
from gongkai.documents import actions as documents
from gongkai.documents.interpretation import actions as interpreting
from gongkai.documents.models import Account, Channel, Classification, CleanUp, Offer, Received
from gongkai.documents.reviewing import subject_of
from gongkai.keyareas import actions as acts
from gongkai.monitoring import actions as sites
from gongkai.monitoring import handover
from gongkai.organs import actions as organs
from gongkai.organs import tallies
from gongkai.organs.models import Organ, Person, Post, Role
from gongkai.remedies import actions as remedies
from gongkai.remedies.models import ResultRule
from gongkai.remedies.results import ensure_defaults
from gongkai.requests.models import FeeNotice
from gongkai.requests.settings_actions import set_choices
from gongkai.review import actions as reviews
from gongkai.review.models import ReviewDelegation
from tests.support.world import TEST

DAY = dt.date(2022, 3, 1)


def item(organ: Organ) -> Any:
    return acts.add_item(
        by=TEST, organ=organ, row="admin_license", name=f"事项-{organ.code}", added_on=dt.date(2020, 1, 1)
    )


def decision(organ: Organ) -> Any:
    return acts.add_decision(
        by=TEST, organ=organ, row="admin_license", number=f"许-{organ.code}", decided_on=DAY
    )


def income(organ: Organ) -> Any:
    return acts.add_fee_income(by=TEST, organ=organ, collected_on=DAY, amount_yuan="12.50")


def project(organ: Organ) -> Any:
    return acts.add_procurement(
        by=TEST,
        organ=organ,
        number=f"采-{organ.code}",
        title=f"项目-{organ.code}",
        concluded_on=DAY,
        amount_yuan="100.00",
    )


def document(organ: Organ) -> Any:
    return documents.add_document(
        by=TEST, organ=organ, kind="normative_docs", title=f"文件-{organ.code}", made_on=DAY
    )


def number_series(organ: Organ) -> Any:
    return documents.open_series(by=TEST, organ=organ, mark="甲政", valid_from=dt.date(2015, 1, 1))


def classification(organ: Organ) -> Any:
    """Common to all: the same entry, whichever organ asks."""
    return Classification.objects.order_by("pk").first()


def edition(organ: Organ) -> Any:
    return document(organ).editions.get()


def attachment(organ: Organ) -> Any:
    return documents.attach(edition(organ), by=TEST, name="a.txt", content=b"plain words")


def release(organ: Organ) -> Any:
    return documents.release(document(organ), by=TEST, channel="政府网站", on=DAY)


def channel(organ: Organ) -> Any:
    """Common to all: the same row, whichever organ asks."""
    return Channel.objects.order_by("pk").first()


def account(organ: Organ) -> Any:
    known = Account.objects.filter(organ=organ).first()
    return known or documents.open_account(
        by=TEST, organ=organ, channel="政务微信", name=f"{organ.code}发布", opened_on=DAY
    )


def interpreted(organ: Organ) -> Any:
    """A released document that needs an interpretation."""
    return release(organ).document


def interpretation(organ: Organ) -> Any:
    return interpreting.add_interpretation(
        by=TEST,
        documents=[interpreted(organ)],
        organ=organ,
        title=f"解读-{organ.code}",
        form="text",
        made_on=DAY,
    )


def interpretation_link(organ: Organ) -> Any:
    return interpretation(organ).links.get()


def interpretation_plan(organ: Organ) -> Any:
    return interpreting.exempt(document(organ), by=TEST, reason="内容简明")


def interpretation_settings(organ: Organ) -> Any:
    return interpreting.set_choices(
        by=TEST,
        organ=organ,
        kinds=["rules", "normative_docs"],
        marked=True,
        days=3,
        since=dt.date(2016, 11, 10),
        basis="本机关办法",
    )


def offer(organ: Organ) -> Any:
    """From the organ to the one above; at the root there is none above, and a row of the table stands in."""
    above = organ.parent
    made = {"organ": organ, "to_organ": above or organ, "title": f"信息-{organ.code}", "text": "内容"}
    if above is not None:
        return documents.offer(by=TEST, **made)
    row = Offer.objects.create(**made, offered_on=DAY, actor=TEST.key, recorded_at=clock.now())
    Received.objects.create(organ=organ, offer=row)
    return row


def received_offer(organ: Organ) -> Any:
    """Filed at the organ, whoever sent it."""
    row = Offer.objects.create(
        organ=organ,
        to_organ=organ,
        title="信息",
        text="内容",
        offered_on=DAY,
        actor=TEST.key,
        recorded_at=clock.now(),
    )
    return Received.objects.create(organ=organ, offer=row)


def release_plan(organ: Organ) -> Any:
    return documents.plan_release(
        document(organ), by=TEST, channel="政府网站", at=dt.datetime(2099, 1, 1, 9, tzinfo=dt.UTC)
    )


def clean_up(organ: Organ) -> Any:
    """One goes on at a time: the same round for the round and for its documents."""
    going = CleanUp.objects.filter(organ=organ, closed_on=None).first()
    if going is not None:
        return going
    document(organ)
    return documents.open_clean_up(by=TEST, organ=organ, title="清理", cut_off=DAY)


def clean_up_item(organ: Organ) -> Any:
    return clean_up(organ).items.order_by("pk").first()


def validity(organ: Organ) -> Any:
    return documents.change_validity(
        document(organ), by=TEST, kind="repealed", on=DAY, decided_by="甲政〔2022〕1号"
    )


def proceeding(organ: Organ) -> Any:
    return remedies.file_proceeding(
        by=TEST,
        organ=organ,
        group="review",
        number=f"复-{organ.code}",
        forum="甲市人民政府",
        filed_on=DAY,
        parties={"applicant": "绝密当事人"},
    )


def step(organ: Organ) -> Any:
    remedy = remedies.file_proceeding(
        by=TEST, organ=organ, group="review", number=f"步-{organ.code}", forum="甲市人民政府", filed_on=DAY
    )
    return remedy.steps.get()


def tally(organ: Organ) -> Any:
    return tallies.record_tally(
        by=TEST,
        organ=organ,
        measure="keyareas.procurement_items",
        dimensions={},
        period=Period.year(2020),
        value=7,
    )


def coverage(organ: Organ) -> Any:
    return tallies.set_coverage(
        by=TEST, organ=organ, register="remedies", mode="here", valid_from=dt.date(2019, 1, 1)
    )


def population(organ: Organ) -> Any:
    return library.record_population(
        by=TEST, organ=organ, subject=organ, as_of=DAY, persons=54_321, source="统计公报"
    )


def person(organ: Organ) -> Person:
    return Person.objects.get(username=f"{organ.code}-{Role.HANDLER}")


def post(organ: Organ) -> Post:
    return Post.objects.get(person=person(organ), organ=organ)


def delegation(organ: Organ) -> Any:
    holder = Post.objects.get(person__username=f"{organ.code}-{Role.LEADER}")
    return organs.delegate(
        by=TEST,
        post=holder,
        to=person(organ),
        valid_from=dt.date(2019, 1, 1),
        valid_to=dt.date(2019, 1, 9),
        reason="休假",
    )


def fee_notice(organ: Organ) -> FeeNotice:
    return FeeNotice.objects.create(
        organ=organ,
        number=f"费-{organ.code}",
        applicant_key="x" * 32,
        month="2022-03",
        issued_on=DAY,
        total_yuan=100,
    )


def request_settings(organ: Organ) -> Any:
    return set_choices(by=TEST, organ=organ, correction_days=12)


def remedy_settings(organ: Organ) -> Any:
    return remedies.set_count_basis(by=TEST, organ=organ, basis="filed_in_year")


def report_settings(organ: Organ) -> Any:
    return set_silence(by=TEST, organ=organ, without_fees="omit", without_words="say")


def problem(organ: Organ) -> Any:
    return problems.add_problem(by=TEST, organ=organ, text=f"问题-{organ.code}", source="self", found_on=DAY)


def problem_step(organ: Organ) -> Any:
    return problems.add_step(problem(organ), by=TEST, kind="measure", on=DAY, text="每月提醒一次")


def round_settings(organ: Organ) -> Any:
    return set_local(by=TEST, organ=organ, department="01-26")


def calendar(organ: Organ) -> Any:
    """Common to all: the same year, whichever organ asks."""
    return organs.load_calendar(
        by=TEST, region="CN", year=2027, off_days=["2027-01-01"], extra_workdays=[], source="放假通知"
    )


def result_rule(organ: Organ) -> Any:
    ensure_defaults()
    return ResultRule.objects.get(code="review_upheld")


def review_chain(organ: Organ) -> Any:
    return reviews.adopt_chain(by=TEST, organ=organ, key="T-XG")


def review_delegation(organ: Organ) -> Any:
    holder = Post.objects.get(person__username=f"{organ.code}-{Role.LEADER}")
    return ReviewDelegation.objects.create(
        organ=organ,
        post=holder,
        to=person(organ),
        valid_from=DAY,
        valid_to=dt.date(2099, 1, 1),
        reason="出差",
        recorded_at=clock.now(),
    )


def withheld(organ: Organ) -> Any:
    closed = documents.add_document(
        by=TEST,
        organ=organ,
        kind="normative_docs",
        title=f"不公开-{organ.code}",
        made_on=DAY,
        attribute="closed",
        attribute_reason="内部事务信息",
    )
    subject = subject_of(closed.editions.get())
    return reviews.withhold(by=TEST, subject=subject, attribute="closed", reason="内部事务信息", since=DAY)


def leak(organ: Organ) -> Any:
    return reviews.report_leak(
        by=TEST, organ=organ, matter="privacy", happened_on=DAY, discovered_on=DAY, summary="附表含个人信息"
    )


def review_duty(organ: Organ) -> Any:
    """From a day no test reaches, so that no other row waits for a review."""
    return reviews.set_duty(by=TEST, organ=organ, valid_from=dt.date(2099, 1, 1), note=f"规定-{organ.code}")


def review_settings(organ: Organ) -> Any:
    return reviews.set_choices(by=TEST, organ=organ, sensitive_words="征地")


def site(organ: Organ) -> Any:
    return sites.register_site(
        by=TEST, organ=organ, name=f"网站-{organ.code}", kind="portal", opened_on=dt.date(2015, 6, 1)
    )


def site_domain(organ: Organ) -> Any:
    return sites.add_domain(
        site(organ), by=TEST, name=f"{organ.code}.gov.cn", use="main", valid_from=dt.date(2015, 6, 1)
    )


def site_step(organ: Organ) -> Any:
    return sites.step(site(organ), by=TEST, kind="changing", on=DAY, reason="改版")


def honour(organ: Organ) -> Any:
    return sites.add_honour(site(organ), by=TEST, name="优秀网站", awarded_by="测评机构", on=DAY)


def revision(organ: Organ) -> Any:
    return sites.add_revision(site(organ), by=TEST, kind="redesign", on=DAY, text="首页改版")


def service_link(organ: Organ) -> Any:
    return sites.add_service(site(organ), by=TEST, title="政务服务网", url="https://www.hnzwfw.gov.cn/")


def old_address(organ: Organ) -> Any:
    return sites.add_old_address(site(organ), by=TEST, old="/zfgb.shtml", new="/policies/")


def trusted_domain(organ: Organ) -> Any:
    """Common to all: the same domain, whichever organ asks."""
    return sites.trust_domain(by=TEST, name="people.com.cn", reason="中央重点新闻网站")


def handed_over(organ: Organ) -> Any:
    """From every organ to the next: a batch lies in both."""
    heir = Organ.objects.exclude(pk=organ.pk).order_by("pk").first()
    assert heir is not None
    closing = site(organ)
    sites.step(
        closing, by=TEST, kind="closing", on=DAY, until=DAY + dt.timedelta(days=30),
        new_address="http://www.gov.cn/", reason="合并",
    )  # fmt: skip
    return handover.open_handover(
        by=TEST,
        organ=organ,
        receiver=heir,
        title=f"移交-{organ.code}",
        basis="通知",
        on=DAY,
        site=closing,
    )


def handover_item(organ: Organ) -> Any:
    return handed_over(organ).items.order_by("pk").first()


def column(organ: Organ) -> Any:
    slug = f"c{Column.objects.filter(organ=organ).count()}"
    return catalogue.add_column(
        by=TEST, organ=organ, slug=slug, title="政务动态", description="最新动态", on=DAY
    )


def column_pick(organ: Organ) -> Any:
    return catalogue.pick(column(organ), by=TEST, document=document(organ), on=DAY)


def guide(organ: Organ) -> Any:
    return catalogue.publish_guide(by=TEST, organ=organ, on=DAY)


def profile(organ: Organ) -> Any:
    leaders = [{"name": "李四", "post": "主任", "duties": "全面"}]
    return catalogue.publish_profile(
        by=TEST, organ=organ, functions="一、起草文件。", leaders=leaders, on=DAY
    )


def platform(organ: Organ) -> Any:
    return catalogue.set_deadline(by=TEST, organ=organ, above=organ, due_on=DAY, basis="61号函")


def inapplicable(organ: Organ) -> Any:
    return catalogue.mark_inapplicable(by=TEST, organ=organ, code="A14", reason="由上级统一招考", on=DAY)


def directive(organ: Organ) -> Any:
    return catalogue.require_item(
        by=TEST, organ=organ, code="D7", title="减税降费", document="甲政办〔2022〕3号", on=DAY
    )


def audit_entry(organ: Organ) -> Any:
    return AuditEntry.objects.filter(path=organ.path).order_by("pk").first()


MAKERS: dict[str, Callable[[Organ], Any]] = {
    "power-items": item,
    "decisions": decision,
    "fee-income": income,
    "procurement": project,
    "documents": document,
    "number-series": number_series,
    "classifications": classification,
    "editions": edition,
    "attachments": attachment,
    "releases": release,
    "release-plans": release_plan,
    "channels": channel,
    "accounts": account,
    "offers": offer,
    "received-offers": received_offer,
    "interpretations": interpretation,
    "interpretation-duties": interpreted,
    "interpretation-links": interpretation_link,
    "interpretation-plans": interpretation_plan,
    "interpretation-settings": interpretation_settings,
    "clean-ups": clean_up,
    "clean-up-items": clean_up_item,
    "validity": validity,
    "proceedings": proceeding,
    "steps": step,
    "result-rules": result_rule,
    "tallies": tally,
    "coverage": coverage,
    "populations": population,
    "organs": lambda organ: organ,
    "people": person,
    "posts": post,
    "delegations": delegation,
    "fee-notices": fee_notice,
    "request-settings": request_settings,
    "remedy-settings": remedy_settings,
    "report-settings": report_settings,
    "problems": problem,
    "problem-steps": problem_step,
    "round-settings": round_settings,
    "chains": review_chain,
    "review-delegations": review_delegation,
    "withheld": withheld,
    "leaks": leak,
    "review-duties": review_duty,
    "review-settings": review_settings,
    "columns": column,
    "column-picks": column_pick,
    "guides": guide,
    "profiles": profile,
    "platforms": platform,
    "inapplicable": inapplicable,
    "directives": directive,
    "calendars": calendar,
    "sites": site,
    "site-domains": site_domain,
    "site-steps": site_step,
    "site-honours": honour,
    "site-revisions": revision,
    "site-services": service_link,
    "site-old-addresses": old_address,
    "trusted-domains": trusted_domain,
    "handovers": handed_over,
    "handover-items": handover_item,
    "audit": audit_entry,
}
