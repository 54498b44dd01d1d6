"""A report's life: draft, findings, submit, return, sign, publish, correct; and every refusal."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.core.exceptions import ValidationError

from gongkai.annualreport import actions, changes, checking, queries, seals, sections, workflow
from gongkai.annualreport.models import (
    Elimination,
    FindingAcceptance,
    Report,
    ReportEvidence,
    ReportStep,
    ReportVersion,
    Scope,
)
from gongkai.base.clock import on_day
from gongkai.base.models import AuditEntry
from gongkai.organs.actors import Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from tests.annualreport.flow import draft, publish, reporter, sign_off, submitted, wrote, zero_tables
from tests.annualreport.records import case, keep_all, proceeding
from tests.support.world import TEST, World

D = dt.date
STATES = ("none", "draft", "submitted", "signed", "published")
JANUARY = D(2023, 1, 20)


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    return world


def test_the_whole_way_leaves_facts_audit_and_a_hash(kept: World) -> None:
    case(kept.organs["city-edu"], received=D(2022, 5, 5), closed=D(2022, 5, 20))
    version = publish(kept, "city-edu", 2022)
    version.refresh_from_db()
    assert version.state == "published"
    assert version.signed_on == D(2023, 1, 18)
    assert version.hash == seals.fingerprint(version)
    assert list(version.steps.order_by("id").values_list("kind", flat=True)) == [
        "open",
        "edit",
        "submit",
        "sign",
        "publish",
    ]
    entries = AuditEntry.objects.filter(subject_type="annualreport.reportversion").order_by("id")
    assert [entry.verb for entry in entries] == [
        "report.open",
        "report.edit",
        "report.submit",
        "report.sign",
        "report.publish",
    ]
    assert {entry.path for entry in entries} == {kept.organs["city-edu"].path}


def test_signing_keeps_which_records_each_figure_counted(kept: World) -> None:
    one = case(kept.organs["city-edu"], received=D(2022, 5, 5), closed=D(2022, 5, 20))
    two = case(kept.organs["city-edu"], received=D(2022, 6, 5))
    version = sign_off(kept, "city-edu", 2022)
    kept_records = {row.cell: row.records for row in ReportEvidence.objects.filter(version=version)}
    assert kept_records == {
        "table3.new_received.natural_person": [one.pk, two.pk],
        "table3.granted.natural_person": [one.pk],
        "table3.carried_out.natural_person": [two.pk],
    }


def test_a_frozen_version_never_changes_when_records_do(kept: World) -> None:
    one = case(kept.organs["city-edu"], received=D(2022, 5, 5), closed=D(2022, 5, 20))
    version = publish(kept, "city-edu", 2022)
    before = dict(version.cells)
    one.outcome = "partially_granted"
    one.save()
    late = case(kept.organs["city-edu"], received=D(2022, 12, 30))
    version.refresh_from_db()
    assert version.cells == before
    assert version.hash == seals.fingerprint(version)
    moved = {one.cell: one for one in changes.moved(version)}
    granted = moved["table3.granted.natural_person"]
    assert (granted.frozen.number, granted.now.number) == (1, 0)
    assert granted.removed == (("requests.closed", one.pk),)
    assert moved["table3.partially_granted.total"].now.number == 1
    assert moved["table3.carried_out.natural_person"].added == (("requests.carried_out", late.pk),)
    assert "table3.denied_state_secret.total" not in moved


def test_nothing_moved_while_records_stand(kept: World) -> None:
    case(kept.organs["city-edu"], received=D(2022, 5, 5), closed=D(2022, 5, 20))
    case(kept.organs["city-edu"], received=D(2023, 1, 2))
    assert changes.moved(publish(kept, "city-edu", 2022)) == []


def test_a_correction_is_a_new_version_and_the_old_one_stays(kept: World) -> None:
    old = publish(kept, "city-edu", 2022)
    case(kept.organs["city-edu"], received=D(2022, 12, 30))
    office, leader = reporter(kept, "city-edu", "office"), reporter(kept, "city-edu", "leader")
    with on_day(D(2023, 3, 1)):
        with pytest.raises(ValidationError):
            actions.open_correction(by=office, report=old.report, note=" ")
        new = actions.open_correction(by=office, report=old.report, note="补计一件年末收到的申请")
        new = actions.submit(by=office, version=new)
        new = actions.sign(by=leader, version=new)
        new = actions.publish(by=office, version=new)
    assert new.number == 2
    assert queries.figures_of(new)["table3.new_received.total"].number == 1
    code = kept.organs["city-edu"].code
    first = queries.published_version(code, 2022, Scope.OWN, 1)
    assert first == old
    assert first is not None
    assert queries.figures_of(first)["table3.new_received.total"].number == 0
    assert queries.published_latest(organ=kept.organs["city-edu"]) == [new]
    assert queries.final_version(kept.organs["city-edu"], 2022, Scope.OWN) == new


def test_words_go_into_the_forms_places_only(kept: World) -> None:
    version, office = draft(kept, "city-edu", 2022, words=False), reporter(kept, "city-edu", "office")
    version = actions.edit_section(
        by=office, version=version, section="s1", key="proactive", text=" 公开一批。 "
    )
    version = actions.edit_section(by=office, version=version, section="s6", text="其他。")
    assert sections.written(version.sections) == {"s1": {"proactive": "公开一批。"}, "s6": {"": "其他。"}}
    for section, key in (("s2", ""), ("s1", "nothing"), ("generated", "title")):
        with pytest.raises(ValidationError):
            actions.edit_section(by=office, version=version, section=section, key=key, text="x")


def test_figures_that_moved_are_not_passed_on_unseen(kept: World) -> None:
    version, office = draft(kept, "city-edu", 2022), reporter(kept, "city-edu", "office")
    case(kept.organs["city-edu"], received=D(2022, 5, 5))
    with on_day(JANUARY):
        with pytest.raises(Refused, match="重新汇总"):
            actions.submit(by=office, version=version)
        version = actions.submit(by=office, version=actions.recompile(by=office, version=version))
        case(kept.organs["city-edu"], received=D(2022, 6, 5))
        with pytest.raises(Refused, match="重新汇总"):
            actions.sign(by=reporter(kept, "city-edu", "leader"), version=version)


def test_a_running_year_can_be_drafted_but_not_signed_and_a_coming_one_not_begun(kept: World) -> None:
    office, leader = reporter(kept, "city-edu", "office"), reporter(kept, "city-edu", "leader")
    with on_day(D(2022, 12, 31)):
        version = actions.open_report(by=office, organ=kept.organs["city-edu"], year=2022)
        version = actions.submit(by=office, version=wrote(version, office))
        with pytest.raises(Refused, match="尚未届满"):
            actions.sign(by=leader, version=version)
        with pytest.raises(ValidationError, match="尚未开始"):
            actions.open_report(by=office, organ=kept.organs["city-edu"], year=2023)


def test_who_submitted_does_not_sign(kept: World) -> None:
    from gongkai.organs.actions import appoint

    appoint(
        by=TEST,
        person=kept.people["city-edu-office"],
        organ=kept.organs["city-edu"],
        role="leader",
        valid_from=D(2015, 1, 1),
    )
    version = submitted(kept, "city-edu", 2022)
    viewer = kept.viewer("city-edu", "office", JANUARY)
    from gongkai.organs.actors import actors_for

    both = actors_for(viewer, "reports", kept.organs["city-edu"].path)
    leading = next(actor for actor in both if actor.role == "leader")
    with on_day(JANUARY):
        with pytest.raises(Refused, match="不能签发自己送审"):
            actions.sign(by=leading, version=version)
        offer = next(
            one
            for one in workflow.offers(both, version, kept.organs["city-edu"].path)
            if one.action == "sign"
        )
        assert (offer.actor, "自己送审" in offer.reason) == (None, True)
        actions.sign(by=reporter(kept, "city-edu", "leader"), version=version)


def test_a_returned_report_can_be_submitted_again_by_somebody_else(kept: World) -> None:
    version = submitted(kept, "city-edu", 2022)
    leader, head = reporter(kept, "city-edu", "leader"), reporter(kept, "city-edu", "head")
    with on_day(JANUARY):
        with pytest.raises(ValidationError):
            actions.return_report(by=leader, version=version, reason="")
        version = actions.return_report(by=leader, version=version, reason="第五部分太短")
        assert version.state == "draft"
        assert version.steps.order_by("id").last().note == "第五部分太短"
        version = actions.submit(by=head, version=version)
    assert version.state == "submitted"


class TestFindings:
    def test_an_error_blocks_and_cannot_be_explained_away(self, kept: World) -> None:
        tables = zero_tables(2021)
        tables["table3"]["carried_out"] |= {"natural_person": 3, "total": 3}
        tables["table3"]["new_received"] |= {"natural_person": 3, "total": 3}
        actions.import_report(
            by=TEST, organ=kept.organs["city-edu"], year=2021, tables=tables, source="旧系统"
        )
        version, office = draft(kept, "city-edu", 2022), reporter(kept, "city-edu", "office")
        blocking = checking.blocking(version)
        assert {finding.rule for finding in blocking} == {"Y-CARRY"}
        with on_day(JANUARY):
            with pytest.raises(Refused, match="上年结转"):
                actions.submit(by=office, version=version)
            with pytest.raises(Refused, match="须更正数据"):
                actions.accept_finding(
                    by=office, version=version, finding_key=blocking[0].key, reason="上年有误"
                )

    def test_a_warning_needs_a_reason_that_survives_until_its_figures_change(self, kept: World) -> None:
        edu = kept.organs["city-edu"]
        case(edu, received=D(2021, 5, 5))
        version, office = draft(kept, "city-edu", 2022), reporter(kept, "city-edu", "office")
        old = [finding for finding in checking.blocking(version) if finding.rule == "T3-OLD"]
        assert old
        with on_day(JANUARY):
            with pytest.raises(Refused, match="暂不能送审"):
                actions.submit(by=office, version=version)
            with pytest.raises(ValidationError):
                actions.accept_finding(by=office, version=version, finding_key=old[0].key, reason=" ")
            with pytest.raises(Refused, match="已不存在"):
                actions.accept_finding(by=office, version=version, finding_key="0" * 64, reason="理由")
            for finding in old:
                actions.accept_finding(
                    by=office, version=version, finding_key=finding.key, reason="征求第三方意见中"
                )
            version = actions.recompile(by=office, version=version)
            assert checking.blocking(version) == []
            case(edu, received=D(2021, 6, 6))
            version = actions.recompile(by=office, version=version)
            assert {finding.rule for finding in checking.blocking(version)} == {"T3-OLD"}
        assert set(FindingAcceptance.objects.values_list("rule", flat=True)) == {"T3-OLD"}

    def test_what_cannot_be_judged_blocks_neither_submission_nor_signature(self, kept: World) -> None:
        version = sign_off(kept, "city-edu", 2022)
        unjudged = {f["rule"] for f in version.findings if f["result"] == "cannot_be_judged"}
        assert "Y-CARRY" in unjudged
        assert version.state == "signed"

    def test_a_missing_final_child_blocks_the_signature_only(self, kept: World) -> None:
        version = submitted(kept, "county-a", 2022)
        results = {f["rule"]: f["result"] for f in version.findings}
        assert results["R-SUM"] == results["R-MISS"] == "cannot_be_judged"
        leader = reporter(kept, "county-a", "leader")
        with on_day(JANUARY), pytest.raises(Refused, match=r"东县人民政府办公室.*尚未定稿"):
            actions.sign(by=leader, version=version)
        for code in ("county-a-office", "town-a1"):
            sign_off(kept, code, 2022)
        with on_day(JANUARY):
            version = actions.sign(by=leader, version=version)
        results = {f["rule"]: f["result"] for f in version.findings}
        assert results["R-SUM"] == results["R-MISS"] == "holds"
        assert [line["source"] for line in version.contributions] == ["own", "frozen", "frozen"]

    def test_last_year_is_a_frozen_or_imported_report_never_a_live_compile(self, kept: World) -> None:
        edu = kept.organs["city-edu"]
        case(edu, received=D(2021, 12, 20), closed=D(2022, 1, 5))
        assert {f["result"] for f in draft(kept, "city-edu", 2022).findings if f["rule"] == "Y-CARRY"} == {
            "cannot_be_judged"
        }
        sign_off(kept, "city-edu", 2021)
        with on_day(JANUARY):
            version = actions.recompile(
                by=reporter(kept, "city-edu", "office"), version=ReportVersion.objects.get(state="draft")
            )
        assert {f["result"] for f in version.findings if f["rule"] == "Y-CARRY"} == {"holds"}

    def test_after_a_merger_last_year_is_the_sum_of_the_predecessors_reports(self, kept: World) -> None:
        for code in ("county-b", "old-b"):
            case(kept.organs[code], received=D(2021, 12, 20), closed=D(2022, 1, 5))
        sign_off(kept, "county-b", 2021)
        old = submitted(kept, "old-b", 2021)
        leader = reporter(kept, "old-b", "leader")
        kept.organs["old-b"].valid_to = D(2021, 3, 18)
        kept.organs["old-b"].save()
        assert {f["result"] for f in draft(kept, "county-b", 2022).findings if f["rule"] == "Y-CARRY"} == {
            "cannot_be_judged"
        }
        with on_day(JANUARY):
            actions.sign(by=leader, version=old)
            version = actions.recompile(
                by=reporter(kept, "county-b", "office"), version=ReportVersion.objects.get(state="draft")
            )
        assert queries.figures_of(version)["table3.carried_in.total"].number == 2
        assert {f["result"] for f in version.findings if f["rule"] == "Y-CARRY"} == {"holds"}


class TestEliminations:
    def test_an_adjustment_comes_out_of_its_cell_and_totals_and_can_be_revoked(self, kept: World) -> None:
        proceeding(kept.organs["county-a-office"], filed=D(2022, 2, 1))
        proceeding(kept.organs["town-a1"], filed=D(2022, 2, 1))
        version, office = draft(kept, "county-a", 2022), reporter(kept, "county-a", "office")
        cell = "table4.litigation_direct.pending"
        with on_day(JANUARY):
            line = actions.eliminate(
                by=office, version=version, cell=cell, amount=1, reason="同一案件两个案号"
            )
        version.refresh_from_db()
        figures = queries.figures_of(version)
        assert figures[cell].number == figures["table4.litigation_direct.total"].number == 1
        assert {one["cell"] for one in version.eliminations} == {cell, "table4.litigation_direct.total"}
        with on_day(JANUARY):
            actions.revoke_elimination(by=office, version=version, elimination=line, reason="两案不同")
            with pytest.raises(Refused, match="已经撤销"):
                actions.revoke_elimination(by=office, version=version, elimination=line, reason="再撤")
        version.refresh_from_db()
        assert queries.figures_of(version)[cell].number == 2
        assert Elimination.objects.count() == 2

    @pytest.mark.parametrize(
        ("cell", "amount", "reason"),
        [
            ("table4.review.total", 1, "理由"),
            ("table4.review.nothing", 1, "理由"),
            ("table4.review.upheld", 0, "理由"),
            ("table4.review.upheld", "1.5", "理由"),
            ("table4.review.upheld", "NaN", "理由"),
            ("table4.review.upheld", "一", "理由"),
            ("table4.review.upheld", 1, " "),
        ],
    )
    def test_a_wrong_adjustment_is_refused(self, kept: World, cell: str, amount: object, reason: str) -> None:
        version, office = draft(kept, "county-a", 2022), reporter(kept, "county-a", "office")
        with pytest.raises(ValidationError):
            actions.eliminate(by=office, version=version, cell=cell, amount=amount, reason=reason)  # type: ignore[arg-type]
        assert not Elimination.objects.exists()

    def test_an_organs_own_report_has_none(self, kept: World) -> None:
        version, office = draft(kept, "city-edu", 2022), reporter(kept, "city-edu", "office")
        with pytest.raises(Refused, match="只有汇总报告"):
            actions.eliminate(
                by=office, version=version, cell="table4.review.upheld", amount=1, reason="理由"
            )


class TestImport:
    def test_an_imported_report_is_frozen_as_it_came(self, kept: World) -> None:
        tables = zero_tables(2019)
        tables["table2"]["art20_9"]["gov_procurement"]["procurement_amount_wan"] = "1993404"
        tables["table3"]["granted"]["natural_person"] = None
        version = actions.import_report(
            by=TEST, organ=kept.organs["city"], year=2019, tables=tables, source="公开网站"
        )
        assert (version.state, version.origin, version.number) == ("signed", "imported", 1)
        figures = queries.figures_of(version)
        assert str(figures["table2.art20_9.gov_procurement.procurement_amount_wan"].number) == "1993404"
        assert figures["table3.granted.natural_person"].state.value == "unread"
        assert version.hash == seals.fingerprint(version)
        assert changes.moved(version) == []
        again = actions.import_report(
            by=TEST, organ=kept.organs["city"], year=2019, tables=zero_tables(2019), source="核对后重新导入"
        )
        assert again.number == 2
        assert queries.final_version(kept.organs["city"], 2019, Scope.CONSOLIDATED) == again

    @pytest.mark.parametrize(
        "tables",
        [
            {"table3": {"nothing": {"total": 1}}},
            {"table3": {"granted": {"total": "很多"}}},
            {"table3": {"granted": {"total": 1.5}}},
            {"table2": 5},
        ],
    )
    def test_unreadable_tables_are_refused(self, kept: World, tables: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            actions.import_report(by=TEST, organ=kept.organs["city"], year=2019, tables=tables, source="网站")
        assert not Report.objects.exists()

    def test_ones_own_report_is_not_overlaid_by_an_import(self, kept: World) -> None:
        sign_off(kept, "city-edu", 2022)
        with pytest.raises(Refused, match="不能“导入整份报告”"):
            actions.import_report(
                by=TEST, organ=kept.organs["city-edu"], year=2022, tables=zero_tables(2022), source="网站"
            )


class TestWorkflow:
    """Role × state × action, exhaustively."""

    @pytest.mark.parametrize(
        ("permit", "state", "role"),
        list(itertools.product(workflow.PERMITS, STATES, [*Role.values, "applicant", "system"])),
        ids=lambda value: getattr(value, "action", value),
    )
    def test_the_table_alone_decides(self, permit: workflow.Permit, state: str, role: str) -> None:
        reason = workflow.refusal(permit.action, state, role)
        allowed = (role in permit.roles or (role == "system" and permit.machine)) and state in permit.states
        assert (reason is None) is allowed
        if reason is not None:
            assert reason.endswith("。")

    def test_the_table_says_what_it_should(self) -> None:
        granted = {
            (permit.action, state): "".join(sorted(role[0] for role in permit.roles))
            for permit in workflow.PERMITS
            for state in permit.states
        }
        assert granted == {
            ("open", "none"): "ho",
            ("import", "none"): "ho",
            ("recompile", "draft"): "ho",
            ("edit", "draft"): "ho",
            ("accept", "draft"): "ho",
            ("eliminate", "draft"): "ho",
            ("revoke", "draft"): "ho",
            ("submit", "draft"): "ho",
            ("return", "submitted"): "hl",
            ("sign", "submitted"): "l",
            ("publish", "signed"): "ho",
            ("correct", "signed"): "ho",
            ("correct", "published"): "ho",
        }
        assert [permit.action for permit in workflow.PERMITS if not permit.machine] == ["sign"]

    @pytest.mark.parametrize("role", Role.values)
    @pytest.mark.parametrize("state", STATES)
    def test_actions_follow_the_table(self, kept: World, role: str, state: str) -> None:
        version = self._in_state(kept, state)
        report = version.report if version else None
        by = self._actor(kept, role)
        calls = {
            "open": lambda: actions.open_report(by=by, organ=kept.organs["city-edu"], year=2022),
            "import": lambda: actions.import_report(
                by=by, organ=kept.organs["city-edu"], year=2022, tables=zero_tables(2022), source="网站"
            ),
            "recompile": lambda: actions.recompile(by=by, version=version),
            "edit": lambda: actions.edit_section(by=by, version=version, section="s6", text="文字"),
            "submit": lambda: actions.submit(by=by, version=version),
            "return": lambda: actions.return_report(by=by, version=version, reason="修改"),
            "sign": lambda: actions.sign(by=by, version=version),
            "publish": lambda: actions.publish(by=by, version=version),
            "correct": lambda: actions.open_correction(by=by, report=report, note="更正"),
        }
        for action, call in calls.items():
            if version is None and action not in ("open", "import"):
                continue
            permitted = workflow.refusal(action, state, role) is None
            with on_day(JANUARY):
                assert self._done(call) is permitted, action

    def _done(self, call: object) -> bool:
        """Whether the action went through; undone afterwards."""
        from django.db import transaction

        try:
            with transaction.atomic():
                call()  # type: ignore[operator]
                transaction.set_rollback(True)
        except Refused:
            return False
        return True

    def _actor(self, world: World, role: str) -> Actor:
        grant = world.viewer("city-edu", role, JANUARY)
        from gongkai.organs.actors import actors_for

        found = actors_for(grant, "reports", world.organs["city-edu"].path)
        return next(iter(found), Actor(key="staff:0", role=role, viewer=grant))

    def _in_state(self, world: World, state: str) -> ReportVersion | None:
        make = {"draft": draft, "submitted": submitted, "signed": sign_off, "published": publish}
        return make[state](world, "city-edu", 2022) if state in make else None

    def test_a_post_elsewhere_gives_nothing_here(self, kept: World) -> None:
        version = draft(kept, "city-edu", 2022, words=False)
        for code in ("city", "city-office", "county-a"):
            with pytest.raises(Refused):
                actions.submit(by=reporter(kept, code, "office"), version=version)
        assert version.steps.count() == 1

    def test_a_successor_finishes_its_predecessors_report(self, kept: World) -> None:
        kept.organs["old-b"].valid_to = D(2022, 3, 18)
        kept.organs["old-b"].save()
        from gongkai.organs.actors import actors_for

        viewer = kept.viewer("county-b", "office", JANUARY)
        office = actors_for(viewer, "reports", kept.organs["old-b"].path)[0]
        with on_day(JANUARY):
            version = actions.open_report(by=office, organ=kept.organs["old-b"], year=2022)
        assert version.report.path == kept.organs["old-b"].path

    def test_offers_give_an_actor_or_a_reason_for_every_action(self, kept: World) -> None:
        from gongkai.organs.actors import actors_for

        version = draft(kept, "city-edu", 2022)
        path = kept.organs["city-edu"].path
        found = actors_for(kept.viewer("city-edu", "office", JANUARY), "reports", path)
        offers = {offer.action: offer for offer in workflow.offers(found, version, path)}
        assert offers["submit"].actor == found[0]
        assert offers["sign"].actor is None
        assert "分管领导" in offers["sign"].reason
        assert "起草中" in offers["publish"].reason

    def test_one_report_is_worked_on_once(self, kept: World) -> None:
        draft(kept, "city-edu", 2022, words=False)
        with pytest.raises(Refused, match="起草中"):
            draft(kept, "city-edu", 2022)
        assert ReportStep.objects.count() == 1
