"""发文字号 and 索引号 in every way they are written: one key for 洛政〔2022〕5号, 洛政[2022]05号, 洛政（2022）第5号 and 洛政 2022 5."""

from __future__ import annotations

from gongkai.search.words import fold, runs


def key(text: str) -> str:
    """What all ways of writing a number have in common; "" for what holds no digit. Brackets, blanks, dashes, width,
    第, 号 and leading zeros make no difference; letters, digits and their order do."""
    kept = [_bare(run) for run in runs(fold(text))]
    parts = [part for part in kept if part]
    return "-".join(parts)[:120] if any(part.isdigit() for part in parts) else ""


def _bare(run: str) -> str:
    if run.isdigit():
        return run.lstrip("0") or "0"
    return run.removesuffix("第").removeprefix("号")
