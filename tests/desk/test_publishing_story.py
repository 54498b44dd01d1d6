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

from gongkai.base import clock
from gongkai.desk.register import tables
from gongkai.documents.models import Document, Edition, Release
from gongkai.documents.reviewing import subject_of
from gongkai.organs.models import Post
from gongkai.review import actions, course, queries
from gongkai.review.models import ReviewOpinion, ReviewRun
from gongkai.search import indexer, place
from tests.annualreport.records import keep_all
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
    _submits(story, "建议主动公开：涉及公众利益调整（条例第十九条）")
    _sign_with_a_return_and_a_delegation(story)
    _is_blocked_by_secrecy_and_the_hidden_sheet(story)
    _cleans_and_submits_anew(story)
    _concludes_secrecy(story)
    pressed = _publishes(story)
    _is_found(story, open_page(), pressed)


def _is_told(page: Any, words: str) -> None:
    page.get_by_role("status").filter(has_text=words).first.wait_for()


def _drafts_with_attribute_and_table(story: Story) -> None:
    page = story.goes(f"{CODE}-handler", reverse("desk:register-create", args=["documents", "add"]))
    page.locator("[name=organ]").select_option(str(story.world.organs[CODE].pk))
    page.locator("[name=kind]").select_option("notice")
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
    for username in SIGNERS:
        if username == "deputy":
            username = f"{CODE}-leader"
        by = acting(story.world.people[username], story.world.organs[CODE].path)
        actions.opine(by=by, run=story.run, opinion="agree", text="同意")
    assert story.run.state == course.COMPLETED


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
