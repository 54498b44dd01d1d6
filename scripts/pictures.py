"""Takes the pictures of the documentation from a served demo: ``python scripts/pictures.py http://127.0.0.1:8000``.

It plays an applicant and a clerk, so the demo gains one application: serve a copy you can throw away. Needs the packages of
the development group and a Chromium.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from gongkai.demo.places import LY_OFFICE, XIGONG
from tests.support.browser import ARGUMENTS, system_chromium

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PUBLISHED = FOLDER.parents[1] / "tests" / "data" / "seeds" / "000_bca638db5b43faf9.txt"
SCREEN, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
HEAVIEST = 150_000  # the tests allow 200 kB
PASSWORD = "gongkai-demo-2023"  # noqa: S105 (`gongkai demo` prints it)
WHO = {"applicant_name": "演示申请人", "id_number": "41030319900101001X"}
WISH = "2021年王城大道快速路改造项目的房屋征收补偿安置方案"


def main(base: str) -> None:
    """Take every picture into ``docs/pictures``."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=system_chromium(), args=ARGUMENTS)
        with visitor(browser, base) as page:
            page.goto("/")
            shoot(page, "home")
            page.goto(f"/reports/{XIGONG}/2020/")
            page.evaluate("document.querySelector('#s3').scrollIntoView()")
            shoot(page, "report-public")
        with visitor(browser, base) as page:
            check(page)
        reference, secret = apply(browser, base)
        confirm_and_accept(browser, base, reference)
        with visitor(browser, base) as page:
            track(page, reference, secret)
            shoot(page, "tracking")
        with staff(browser, base, f"{LY_OFFICE}-office") as page:
            page.goto("/desk/today/")
            shoot(page, "worklist")
            page.goto("/desk/reports/?year=2022")
            page.get_by_role("link", name="洛阳市人民政府办公室", exact=True).click()
            shoot(page, "report-desk")
        with staff(browser, base, f"{LY_OFFICE}-handler") as page:
            page.goto("/desk/cases/?view=mine")
            busiest(page).click()
            page.get_by_text("为什么是这一天").click()
            shoot(page, "case")
        browser.close()


@contextmanager
def visitor(browser: Browser, base: str, screen: Any = SCREEN, **more: Any) -> Iterator[Page]:
    """A page of somebody who has never been here."""
    context = browser.new_context(base_url=base, viewport=screen, locale="zh-CN", **more)
    yield context.new_page()
    context.close()


@contextmanager
def staff(browser: Browser, base: str, username: str) -> Iterator[Page]:
    """A page of somebody signed in at the desk."""
    with visitor(browser, base) as page:
        page.goto("/desk/sign-in/")
        page.locator("input[name=username]").fill(username)
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        yield page


def check(page: Page) -> None:
    """Have somebody else's published report checked."""
    page.goto("/check/")
    report = {"name": "洛阳市2019年年报.txt", "mimeType": "text/plain", "buffer": PUBLISHED.read_bytes()}
    page.set_input_files("[name=report]", report)
    page.get_by_role("button", name="核对", exact=True).click()
    page.locator("#marks").wait_for(state="attached")
    page.evaluate("window.scrollTo(0, document.querySelector('.page-title').offsetTop)")
    shoot(page, "check")


def apply(browser: Browser, base: str) -> tuple[str, str]:
    """Fill in the application on a phone, take its picture on the way, and read number and code from the receipt."""
    with visitor(browser, base, PHONE, device_scale_factor=2, is_mobile=True, has_touch=True) as page:
        page.goto(f"/o/{LY_OFFICE}/apply/")
        for name, text in WHO.items():
            page.locator(f"[name={name}]").fill(text)
        forward(page)
        page.locator("[name=phone]").fill("13800000000")
        forward(page)
        page.locator("[name=info_description]").fill(WISH)
        shoot(page, "apply-phone")
        forward(page)
        forward(page)
        page.get_by_role("button", name="提交申请").click()
        number, code = page.locator(".receipt__number").all_inner_texts()
        return number.strip(), code.strip()


def forward(page: Page) -> None:
    page.get_by_role("button", name="下一步").click()


def confirm_and_accept(browser: Browser, base: str, reference: str) -> None:
    """The office confirms receipt and takes the case on."""
    with staff(browser, base, f"{LY_OFFICE}-handler") as page:
        page.goto("/desk/search/")
        page.locator("#find").fill(reference)
        page.get_by_role("button", name="搜索").click()
        page.wait_for_url("**/cases/*/")  # one hit is opened at once
        for step in ("确认收到", "受理"):
            page.locator(".case__now a.btn--primary", has_text=step).click()
            page.locator(".case__now form button.btn--primary").click()


def track(page: Page, reference: str, secret: str) -> None:
    """Open the application as its applicant, the explanation unfolded."""
    page.goto("/track/")
    page.locator("[name=reference]").fill(reference)
    page.locator("[name=secret]").fill(secret)
    page.get_by_role("button", name="查询", exact=True).click()
    page.get_by_text("为什么是这一天").click()


def busiest(page: Page) -> Any:
    """A case under way with an inquiry or an extension in it, else the first."""
    waiting = page.locator("tbody tr", has_text="征求意见中").locator("a[data-open]")
    return waiting.first if waiting.count() else page.locator("a[data-open]").first


def shoot(page: Page, name: str) -> None:
    """Keep what the window shows as ``name.png``, in as few colours as it takes to stay light."""
    page.wait_for_load_state("networkidle")
    target = FOLDER / f"{name}.png"
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for reduce in PALETTES:
        reduce(taken).save(target, optimize=True)
        if target.stat().st_size < HEAVIEST:
            break
    print(f"{target.name}: {target.stat().st_size // 1000} kB")


PALETTES: tuple[Callable[[Image.Image], Image.Image], ...] = (
    lambda image: image,
    lambda image: image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE),
    lambda image: image.quantize(64, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE),
)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
