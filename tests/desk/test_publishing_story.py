"""From a draft to the page the citizen finds, in a real browser: a draft with its attribute, six signatures with a return
and a delegation, blocked by the secrecy step and by a hidden sheet, mended, published, found within two seconds,
interpreted within three working days, and counted."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from gongkai.annualreport.compile import compile as compile_report
from gongkai.base import clock
from gongkai.base.measures import Period
from gongkai.desk.register import tables
from gongkai.documents import actions as documents
from gongkai.documents import channel_figures
from gongkai.documents.models import Document, Edition, Release
from gongkai.documents.reviewing import KIND, subject_of
from gongkai.figures.values import evaluate
from gongkai.organs.models import Post
from gongkai.organs.refusals import Refused
from gongkai.review import actions, course, queries
from gongkai.review.models import ReviewOpinion, ReviewRun
from gongkai.search import indexer, place
from tests.annualreport.records import cover, keep_all
from tests.desk.reports.story import cookie
from tests.inspection import samples
from tests.review.support import CLEAR, acting, person
from tests.support.browser import violations
from tests.support.world import TEST, World, small_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY, NEXT = "2022-06-01", "2022-06-02"  # a Wednesday and a Thursday
CODE = "city-office"
TITLE = "甲市老旧小区加装电梯管理办法"
POSTS = (
    ("secretary", "office", "跟口秘书"),
    ("general", "office", "综合科科长"),
    ("deputy", "leader", "主管县长"),
    ("mayor", "leader", "县长"),
)
SIGNERS = ("secretary", "general", f"{CODE}-head", "deputy", "mayor")
EXPLAINED = "《甲市老旧小区加装电梯管理办法》政策解读"


class Story:
    """The city, its people at their own browsers, and the document as it goes on."""

    def __init__(self, world: World, address: str, open_page: Callable[..., Any]) -> None:
        self.world, self.address, self._open = world, address, open_page
        self._pages: dict[str, Any] = {}

    def at(self, username: str) -> Any:
        """The browser of that person."""
        if username not in self._pages:
            page = self._open()
            page.context.add_cookies([cookie(self.address, self.world, username)])
            self._pages[username] = page
        return self._pages[username]

    def goes(self, username: str, address: str) -> Any:
        page = self.at(username)
        page.goto(self.address + address)
        return page

    @property
    def document(self) -> Document:
        return Document.objects.get(title=TITLE)

    @property
    def edition(self) -> Edition:
        return self.document.editions.get()

    @property
    def run(self) -> ReviewRun:
        return ReviewRun.objects.filter(subject_key=str(self.edition.pk)).order_by("-pk")[0]


@pytest.fixture
def story(
    transactional_db: None,
    live_server: Any,
    open_page: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Story:
    monkeypatch.setenv("GONGKAI_TODAY", TODAY)
    world = small_city()
    organ = world.organs[CODE]
    keep_all(world.organs["city"])
    for register in (channel_figures.REGISTER, channel_figures.DOCUMENTS_REGISTER):
        cover(world.organs["city"], register, whole_tree=True)
    for username, role, title in POSTS:
        world.people[username] = person(organ, username, role, title)
    actions.adopt_chain(by=TEST, organ=organ, key="T-MJ")
    actions.set_duty(by=TEST, organ=world.organs["city"], valid_from=clock.today(), note="先审查、后公开")
    return Story(world, live_server.url, open_page)


@pytest.fixture
def indexing(settings: Any, tmp_path: Any) -> Iterator[None]:
    """The indexer at work, as `gongkai serve` keeps it."""
    settings.SEARCH_FOLDER = tmp_path / "search"
    indexer.once()
    stop = threading.Event()
    thread = threading.Thread(target=indexer.until, args=(stop, place.folder()))
    thread.start()
    yield
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def test_from_the_draft_to_the_page_the_citizen_finds(
    story: Story, indexing: None, open_page: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _drafts_with_attribute_and_table(story)
    _plans_the_interpretation(story)
    _submits(story, "建议主动公开：涉及公众利益调整（条例第十九条）")
    _sign_with_a_return_and_a_delegation(story)
    _is_blocked_by_secrecy_and_the_hidden_sheet(story)
    _cleans_and_submits_anew(story)
    _concludes_secrecy(story)
    pressed = _publishes(story)
    citizen = open_page()
    _is_found(story, citizen, pressed)
    monkeypatch.setenv("GONGKAI_TODAY", NEXT)
    _interprets(story)
    _links_lead_both_ways(story, citizen)
    _is_counted(story)


def _is_told(page: Any, words: str) -> None:
    page.get_by_role("status").filter(has_text=words).first.wait_for()


def _drafts_with_attribute_and_table(story: Story) -> None:
    page = story.goes(f"{CODE}-handler", reverse("desk:register-create", args=["documents", "add"]))
    page.locator("[name=organ]").select_option(str(story.world.organs[CODE].pk))
    page.locator("[name=kind]").select_option("normative_docs")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=made_on]").fill(TODAY)
    page.locator("[name=body]").fill(
        "第一条　为方便居民出行，制定本办法。\n第二条　业主共同决定后可以申请加装。"
    )
    page.locator("[name=attribute]").select_option("open")
    page.locator("main form button.btn--primary").click()
    page.get_by_role("heading", name=TITLE).first.wait_for()
    page.goto(story.address + reverse("desk:register-act", args=["editions", story.edition.pk, "attach"]))
    page.locator("[name=file]").set_input_files(
        {
            "name": "补助标准.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": samples.xlsx(samples.hidden_sheet),
        }
    )
    page.locator("main form button.btn--primary").click()
    page.get_by_text("有隐藏内容，须处理").first.wait_for()


def _plans_the_interpretation(story: Story) -> None:
    """Without the plan, which is signed with it, a normative document is not submitted."""
    submit = reverse("desk:review-submit", args=[KIND, story.edition.pk])
    page = story.goes(f"{CODE}-handler", submit)
    page.get_by_text("解读方案").first.wait_for()
    page.goto(
        story.address
        + reverse("desk:register-act", args=["documents", story.document.pk, "interpretation-plan"])
    )
    page.locator("[name=outline]").fill("为什么办、谁来出钱、怎样申请")
    page.locator("[name=chosen][value=text]").check()
    page.locator("[name=ways]").fill("政府网站")
    page.locator("[name=timing]").fill("文件公开后3个工作日内")
    page.locator("main form button.btn--primary").click()
    page.get_by_role("heading", name=TITLE).first.wait_for()


def _submits(story: Story, words: str) -> None:
    page = story.goes(f"{CODE}-handler", tables.record_url("editions", story.edition.pk))
    page.get_by_role("link", name="送审").click()
    page.get_by_role("heading", name="送审").wait_for()
    page.locator("textarea[name=text]").fill(words)
    page.locator("main form button.btn--primary").click()
    _is_told(page, "已送审。")


def _signs(story: Story, username: str, words: str, opinion: str = "同意") -> None:
    page = story.goes(username, reverse("desk:review", args=[story.run.pk]) + "?do=opine")
    page.get_by_label(opinion, exact=True).check()
    page.locator("textarea[name=text]").fill(words)
    page.locator("main form button.btn--primary").click()
    _is_told(page, "意见已签署。")


def _sign_with_a_return_and_a_delegation(story: Story) -> None:
    _signs(story, "secretary", "已初审")
    general = story.goes("general", reverse("desk:review", args=[story.run.pk]) + "?do=return")
    general.locator("textarea[name=text]").fill("请写明补助由谁承担")
    general.locator("main form button.btn--primary").click()
    _is_told(general, "已退回。")

    handler = story.goes(f"{CODE}-handler", reverse("desk:edition-write", args=[story.edition.pk]))
    _writes(handler, "第一条　为方便居民出行，制定本办法。\n第二条　补助由市、县财政分担。")
    handler.goto(story.address + reverse("desk:review", args=[story.run.pk]) + "?do=resubmit")
    handler.locator("textarea[name=text]").fill("已写明补助由市、县财政分担")
    handler.locator("main form button.btn--primary").click()
    _is_told(handler, "已重新送审。")

    _signs(story, "secretary", "已复看")
    _signs(story, "general", "同意送政府办主任")
    _signs(story, f"{CODE}-head", "拟同意")
    _authorises(story, "deputy", f"{CODE}-leader")
    _signs(story, f"{CODE}-leader", "受托审核，同意")
    _signs(story, "mayor", "同意印发并公开")
    assert story.run.state == course.COMPLETED
    said = [(one.opinion, one.delegated_name) for one in story.run.opinions.order_by("seq")]
    assert [opinion for opinion, _lent in said].count(ReviewOpinion.Opinion.RETURN) == 1
    assert [lent for _opinion, lent in said if lent] == ["deputy"]


def _writes(page: Any, words: str) -> None:
    """Into the plain box, or the formatted one that stands in its place."""
    editor = page.locator("[contenteditable=true]")
    if editor.count():
        editor.first.fill(words)
    else:
        page.locator("[name=body]").fill(words)
    page.locator("main form button.btn--primary").first.click()
    _is_told(page, "草稿已保存。")


def _authorises(story: Story, holder: str, to: str) -> None:
    page = story.goes(holder, reverse("desk:review-authorise"))
    page.locator("[name=post]").select_option(str(Post.objects.get(person=story.world.people[holder]).pk))
    page.locator("[name=to]").select_option(str(story.world.people[to].pk))
    page.locator("[name=valid_from]").fill(TODAY)
    page.locator("[name=valid_to]").fill(NEXT)
    page.locator("[name=reason]").fill("外出开会")
    page.locator("main form button.btn--primary").click()
    _is_told(page, "授权已登记")


def _is_blocked_by_secrecy_and_the_hidden_sheet(story: Story) -> None:
    """The button is greyed with both reasons, and the form behind it, asked for all the same, refuses."""
    office = story.goes(f"{CODE}-office", tables.record_url("documents", story.document.pk))
    for details in office.locator("details.why:not([open]) > summary").all():
        details.click()
    refused = office.locator(".doable li", has_text="登记公开").inner_text()
    assert "还没有作出保密审查结论" in refused
    assert "隐藏的工作表“底稿”" in refused
    assert office.locator(".doable a.btn", has_text="登记公开").count() == 0
    answer = office.request.get(
        story.address + reverse("desk:register-act", args=["documents", story.document.pk, "release"])
    )
    assert answer.status == 403
    assert "还没有作出保密审查结论" in answer.text()
    assert not Release.objects.exists()


def _cleans_and_submits_anew(story: Story) -> None:
    """What was signed held the hidden sheet: without it, it is another content, and everybody signs that one."""
    attachment = story.edition.attachments.get()
    page = story.goes(
        f"{CODE}-handler", reverse("desk:register-act", args=["attachments", attachment.pk, "clean"])
    )
    page.locator("main form button.btn--primary").click()
    page.get_by_text("可以公开").first.wait_for()
    assert "审签完成以后内容又有改动" in queries.unreviewed(subject_of(story.edition))[0]
    _submits(story, "附件中隐藏的底稿已清理，其余未改")
    _all_sign(story, story.run)
    assert story.run.state == course.COMPLETED


def _all_sign(story: Story, run: ReviewRun) -> None:
    path = story.world.organs[CODE].path
    for username in SIGNERS:
        by = acting(story.world.people[username], path)
        actions.opine(by=by, run=run, opinion="agree", text="同意")


def _concludes_secrecy(story: Story) -> None:
    page = story.goes(f"{CODE}-secrecy", reverse("desk:review", args=[story.run.pk]) + "?do=conclude_secrecy")
    for question in CLEAR:
        page.locator(f"[name=q_{question}]").select_option("no")
    page.get_by_label("可以公开", exact=True).check()
    page.locator("[name=note]").fill("初筛提示的号码已随底稿清理")
    page.locator("main form button.btn--primary").click()
    _is_told(page, "保密审查结论已登记。")
    page.get_by_text("审查手续齐全，可以公开").wait_for()
    assert violations(page) == []


def _publishes(story: Story) -> float:
    """The moment the button was pressed."""
    page = story.goes(
        f"{CODE}-office", reverse("desk:register-act", args=["documents", story.document.pk, "release"])
    )
    channel = page.locator("[name=channel]")
    if channel.evaluate("e => e.tagName") == "SELECT":
        channel.select_option(channel.locator("option", has_text="政府网站").first.get_attribute("value"))
    else:
        channel.fill("政府网站")
    page.locator("[name=on]").fill(TODAY)
    pressed = time.monotonic()
    page.locator("main form button.btn--primary").click()
    page.get_by_role("heading", name=TITLE).first.wait_for()
    assert story.document.first_released_on == dt.date(2022, 6, 1)
    return pressed


def _is_found(story: Story, citizen: Any, pressed: float) -> None:
    """By the citizen, within two seconds; the page then shows the catalogue data and the cleaned table."""
    link = citizen.get_by_role("link", name=TITLE)
    while True:
        citizen.goto(f"{story.address}/search/?q=加装电梯")
        took = time.monotonic() - pressed
        if link.count():
            break
        assert took < 2, "not found within two seconds"
    link.first.click()
    citizen.get_by_role("heading", name=TITLE).first.wait_for()
    assert "补助由市、县财政分担" in citizen.locator("main").inner_text()


def _interprets(story: Story) -> None:
    """The day after: registered by whoever drafted the document, reviewed and released as any document."""
    page = story.goes(
        f"{CODE}-handler", reverse("desk:register-act", args=["documents", story.document.pk, "interpret"])
    )
    page.locator("[name=title]").fill(EXPLAINED)
    page.locator("[name=form]").select_option("text")
    page.locator("[name=made_on]").fill(NEXT)
    page.locator("[name=body]").fill(
        "一、背景依据\n老旧小区居民出行不便。\n二、怎样申请\n业主共同决定后申请。"
    )
    page.locator("main form button.btn--primary").click()
    page.get_by_role("heading", name=EXPLAINED).first.wait_for()
    made = Document.objects.get(title=EXPLAINED)
    with pytest.raises(Refused, match="还没有送审"):
        documents.release(made, by=TEST, channel="政府网站", on=dt.date(2022, 6, 2))
    path = story.world.organs[CODE].path
    run = actions.start(
        by=acting(story.world.people[f"{CODE}-handler"], path),
        subject=subject_of(made.editions.get()),
        text="与文件一并公开",
    )
    _all_sign(story, run)
    secrecy = acting(story.world.people[f"{CODE}-secrecy"], path)
    actions.conclude_secrecy(by=secrecy, run=run, answers=CLEAR, conclusion="open")
    documents.release(made, by=TEST, channel="政府网站", on=dt.date(2022, 6, 2))


def _links_lead_both_ways(story: Story, citizen: Any) -> None:
    citizen.goto(f"{story.address}/d/{story.document.pk}/")
    citizen.locator("section[aria-labelledby=explained]").get_by_role("link", name=EXPLAINED).click()
    citizen.get_by_role("heading", name=EXPLAINED).first.wait_for()
    citizen.locator("section[aria-labelledby=explains]").get_by_role("link", name=TITLE).click()
    citizen.get_by_role("heading", name=TITLE).first.wait_for()
    assert citizen.url.endswith(f"/d/{story.document.pk}/")


def _is_counted(story: Story) -> None:
    """Documents and releases apart (S026, S027), the interpretation in its term (S056), and table 2 of the year."""
    organ = story.world.organs[CODE]
    wanted = {
        "channels.documents": 2,
        "channels.releases": 2,
        "interpretations.released": 1,
        "interpretations.required": 1,
        "interpretations.done": 1,
        "interpretations.on_time": 1,
    }
    found = evaluate(list(wanted), organ.path, Period.year(2022))
    assert {key: found.total(key, organ.path).number for key in wanted} == wanted
    assert found.total("channels.releases", organ.path, category="website").number == 2
    figures = compile_report(organ, 2022).figures
    table = [
        figures.number(f"table2.art20_1.normative_docs.{name}") for name in ("made_this_year", "in_force")
    ]
    assert table == [1, 1]
