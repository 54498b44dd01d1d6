"""The documentation names only what exists: files, headings, commands with their options, make targets, settings, modules."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import pytest

from gongkai import cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GENERATED = {ROOT / "docs" / "procedure-table.md", ROOT / "docs" / "review-table.md"}
WRITTEN = [page for page in PAGES if page not in GENERATED]

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_COMMAND = re.compile(r"(?<![\w./-])(?:\.venv/bin/)?gongkai +([a-z][a-z-]*)((?: +[^\s`|·。，]+)*)")
_TARGET = re.compile(r"(?<![\w-])make ([a-z][a-z-]*)")
_VARIABLE = re.compile(r"\bGONGKAI_[A-Z_]+\b")
_MODULE = re.compile(r"python -m ([a-z_.]+[a-z_])")
_OPTION = re.compile(r"(?<!\S)(--[a-z-]+)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def code(page: Path) -> Iterator[str]:
    """The lines of everything printed as code."""
    for piece in _CODE.findall(page.read_text("utf-8")):
        yield from piece.strip("`").splitlines()


def anchors(page: Path) -> set[str]:
    """The headings as a link names them."""
    found = set()
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("#"):
            words = line.lstrip("#").strip().lower()
            found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found


def test_there_is_documentation() -> None:
    assert {"README.md", "README.zh.md", "CHANGELOG.md"} <= {name(page) for page in PAGES}
    assert len(list((ROOT / "docs" / "handbook").glob("*.md"))) >= 8


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for found in _LINK.finditer(page.read_text("utf-8")):
        link = found[1] or found[2]
        if re.match(r"[a-z]+:", link):
            continue
        address, _hash, anchor = unquote(link).partition("#")
        target = (page.parent / address).resolve() if address else page
        if not target.is_relative_to(ROOT) or not target.exists():
            broken.append(link)
            continue
        if anchor and target.suffix == ".md" and anchor not in anchors(target):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_every_page_but_the_entrances_is_linked_from_another(page: Path) -> None:
    if page.parent == ROOT:
        return
    targets = {
        (other.parent / unquote((found[1] or found[2]).partition("#")[0])).resolve()
        for other in PAGES
        if other != page
        for found in _LINK.finditer(other.read_text("utf-8"))
    }
    assert page in targets, f"nobody finds {name(page)}"


def options_of(command: str, words: list[str]) -> set[str]:
    """Every option of a command and of the subcommand that `words` name."""
    chosen = cli.REPORT_FILES if words[:1] in (["read"], ["check"]) else cli.COMMANDS[command]
    parser = argparse.ArgumentParser()
    import_module(chosen.module).add_arguments(parser)
    found = _options(parser)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            known = dict(action.choices)
            assert not words or words[0] in known, f"gongkai {command} {words[0]}"
            found |= _options(known[words[0]]) if words else set()
    return found


def _options(parser: argparse.ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings}


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_every_command_and_option_exists(page: Path) -> None:
    unknown = []
    for line in code(page):
        for found in _COMMAND.finditer(line.split(" #")[0]):
            command, rest = found[1], found[2].split()
            if command not in cli.COMMANDS:
                unknown.append(f"gongkai {command}")
                continue
            words = [word for word in rest if re.fullmatch(r"[a-z][a-z-]*", word)]
            known = options_of(command, words)
            unknown += [f"gongkai {command} {o}" for o in _OPTION.findall(found[2]) if o not in known]
    assert not unknown


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {target for line in code(page) for target in _TARGET.findall(line)}
    assert named <= targets


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_every_setting_named_is_read_somewhere(page: Path) -> None:
    source = "\n".join(
        file.read_text("utf-8")
        for file in [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "Makefile"]
        if file != Path(__file__)
    )
    named = set(_VARIABLE.findall(page.read_text("utf-8")))
    assert not {variable for variable in named if variable not in source}


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_every_module_named_can_be_run(page: Path) -> None:
    named = {module for line in code(page) for module in _MODULE.findall(line)}
    assert all(find_spec(module) for module in named)


def test_every_setting_is_documented() -> None:
    """Whoever adds a variable tells the operator what it does."""
    read = "".join(
        (ROOT / "src" / "gongkai" / file).read_text("utf-8") for file in ("settings.py", "home.py")
    )
    told = (ROOT / "docs" / "operating.md").read_text("utf-8").replace("`_", "`GONGKAI_SITE_")
    variables = set(_VARIABLE.findall(read))
    assert {"GONGKAI_HOSTS", "GONGKAI_SITE_NAME"} <= variables
    assert not {variable for variable in variables if variable not in told}


def test_every_decision_is_on_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8")))
    assert listed == {file.name for file in folder.glob("0*.md")}


def test_every_picture_is_light_and_shown() -> None:
    shown = "\n".join(page.read_text("utf-8") for page in PAGES)
    for picture in (ROOT / "docs" / "pictures").glob("*.png"):
        assert picture.stat().st_size < 200_000, picture.name
        assert f"pictures/{picture.name}" in shown, f"{picture.name} is shown nowhere"
