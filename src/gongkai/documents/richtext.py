"""The formatted body of a document: what is kept of pasted HTML, its plain text, and the way from plain text back.

Kept: paragraphs, headings, lists, tables, emphasis, links, alignment. Everything else of Word and WPS goes: styles, fonts,
`mso` rubbish, comments, scripts. Pictures are not kept in the text; they are attached as files.
"""

from __future__ import annotations

import hashlib
import html as html_words
import re
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST_PASTE = 8 * 1024 * 1024  # characters as pasted, rubbish and pictures included
LARGEST = 1_000_000  # characters kept
MOST_ROWS = 2_000  # rows of all tables together

_TAGS = {
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "u", "s", "sub", "sup", "a", "blockquote", "hr",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
_DROPPED = {
    "script",
    "style",
    "xml",
    "title",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "select",
}
_ALIGNED = {"p", "h2", "h3", "h4", "td", "th"}
_ATTRIBUTES = {
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_CLASSES = {"t-center", "t-right"}
_RENAMED = {
    "b": "strong",
    "i": "em",
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
    "strike": "s",
    "del": "s",
    "div": "p",
}
_RENAME = re.compile(r"<(/?)(b|i|h1|h5|h6|strike|del|div)(?=[\s>/])", re.IGNORECASE)
_ALIGN = re.compile(r' style="text-align:\s*(center|right)[^"]*"')
_EMPTY = re.compile(r"<(p|h2|h3|h4|strong|em|u|s|sub|sup|li)(?: [^>]*)?>(?:\s|&nbsp;|\u00a0|<br>)*</\1>")
_BLOCKS = frozenset({"p", "h2", "h3", "h4", "li", "tr", "blockquote", "caption", "table", "ul", "ol", "hr"})
_INLINE_ALIGN = re.compile(r"""(<[a-z0-9]+\b[^>]*?)\salign\s*=\s*["']?(center|right)["']?""", re.IGNORECASE)


@dataclass(frozen=True)
class Clean:
    """`html` to keep, `text` as it is read and searched, `told`: what was left out, in words."""

    html: str
    text: str
    told: tuple[str, ...] = ()


def clean(source: str) -> Clean:
    """What is kept of `source`. Raises ValidationError with the sentence for the page when it is too much."""
    if len(source) > LARGEST_PASTE:
        raise ValidationError(
            {"body": _("粘贴的内容太大，没有保存。请把图片和附表作为附件上传，正文只粘贴文字。")}
        )
    rows = len(re.findall(r"<tr[\s>]", source, re.IGNORECASE))
    if rows > MOST_ROWS:
        raise ValidationError(
            {
                "body": _(
                    "正文中的表格有%(rows)d行，超过%(most)d行，没有保存；请把大表作为附件（Excel）上传。"
                )
                % {"rows": rows, "most": MOST_ROWS}
            }
        )
    pictures = len(re.findall(r"<(?:img|v:imagedata|picture|svg)[\s>]", source, re.IGNORECASE))
    kept = _tidied(source)
    if len(kept) > LARGEST:
        raise ValidationError(
            {"body": _("正文超过%(most)d字，没有保存；请分成正文和附件。") % {"most": LARGEST}}
        )
    told = (_("去掉了%(n)d张图片：正文不带图片，请作为附件上传。") % {"n": pictures},) if pictures else ()
    return Clean(kept, plain(kept), told)


def _tidied(source: str) -> str:
    source = _INLINE_ALIGN.sub(r'\1 style="text-align:\2"', source)
    source = _RENAME.sub(lambda found: f"<{found[1]}{_RENAMED[found[2].lower()]}", source)
    kept = _sanitised(source, {"style"}).replace(' class=""', "")
    # the classes are written into sanitised HTML by hand: let the sanitiser have the last word
    kept = _sanitised(_ALIGN.sub(r' class="t-\1"', kept), set())
    kept = kept.replace(' class=""', "").replace("\r", "").replace("&nbsp;", " ").replace("\u00a0", " ")
    for _pass in range(4):  # emptiness nests: a paragraph that held only empty emphasis
        kept, emptied = _EMPTY.subn("", kept)
        if not emptied:
            break
    return re.sub(r"\n{2,}", "\n", kept).strip()


def _sanitised(source: str, aligned: set[str]) -> str:
    return nh3.clean(
        source,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes={
            tag: _ATTRIBUTES.get(tag, set()) | (aligned if tag in _ALIGNED else set()) for tag in _TAGS
        },
        allowed_classes=dict.fromkeys(_ALIGNED, _CLASSES),
        filter_style_properties={"text-align"} if aligned else None,
        strip_comments=True,
        link_rel="noopener nofollow",
        url_schemes={"http", "https", "mailto", "tel"},
    )


def from_text(text: str) -> str:
    """Paragraphs as typed without a script: a line is a paragraph, ``# `` begins a heading, ``- `` an item."""
    found: list[str] = []
    items: list[str] = []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        words = html_words.escape(line.strip(), quote=False)
        if words.startswith("- "):
            items.append(f"<li>{words[2:]}</li>")
            continue
        if items:
            found.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if words.startswith("# "):
            found.append(f"<h2>{words[2:]}</h2>")
        elif words:
            found.append(f"<p>{words}</p>")
    return "\n".join(found)


def plain(kept: str) -> str:
    """The text of kept HTML: a line a block, cells parted by tabs."""
    reader = _Plain()
    reader.feed(kept)
    reader.close()
    lines = [re.sub(r"[ \n]+", " ", line).strip(" ") for line in "".join(reader.pieces).split("\x1e")]
    return "\n".join(line.rstrip("\t") for line in lines if line.strip())


def seal(title: str, body: str, rich: str) -> str:
    """What tells one wording from another."""
    return hashlib.sha256("\x1f".join((title, body, rich)).encode()).hexdigest()[:16]


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or tag == "br":
            self.pieces.append("\x1e")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.pieces.append("\t")
        elif tag in _BLOCKS:
            self.pieces.append("\x1e")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
