"""Text as it was typed, brought into the form in which it is kept, judged and sealed."""

from __future__ import annotations

from .rendering.printed import clean


def tidy(text: str) -> str:
    """Without what no reader can see: an invisible character inside a word would hide the word from every check."""
    return "\n".join(clean(line) for line in text.replace("\r\n", "\n").split("\n")).strip()
