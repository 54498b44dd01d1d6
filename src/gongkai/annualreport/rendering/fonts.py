"""Chinese typefaces for the PDF. Typst takes any font it finds when the wanted one is missing, without a word; so look first."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import typst

# What an official document is set in, then what is free and common. The first one found is used; names as the files give them.
SERIF = (
    "FangSong_GB2312",
    "仿宋_GB2312",
    "FangSong",
    "仿宋",
    "STFangsong",
    "FZFangSong-Z02",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "SimSun",
    "STSong",
    "AR PL UMing CN",
)
TITLE = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体")
SANS = (
    "SimHei",
    "黑体",
    "STHeiti",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
)
KAI = ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "AR PL UKai CN")
LATIN = ("Times New Roman", "Liberation Serif", "Tinos")


class NoFont(RuntimeError):
    """No Chinese serif font is installed. The message is the sentence for the page."""

    def __init__(self) -> None:
        super().__init__(
            "没有找到中文宋体或仿宋字体，不能生成 PDF：请安装 fonts-noto-cjk，或把字体文件放进 GONGKAI_FONTS 指定的文件夹。"
        )


def installed(folder: str = "", system: bool = True) -> typst.Fonts:
    """The fonts of the system and of `folder`."""
    return _searched(folder, system)


def usable(folder: str = "", system: bool = True) -> tuple[typst.Fonts, dict[str, list[str]]]:
    """The fonts with the typefaces to use. Raises :class:`NoFont`; then the next call searches anew, so that what is
    installed meanwhile is found without a restart."""
    found = installed(folder, system)
    try:
        return found, stacks(found)
    except NoFont:
        _searched.cache_clear()
        raise


@lru_cache(maxsize=4)
def _searched(folder: str, system: bool) -> typst.Fonts:
    paths = [folder] if folder and Path(folder).is_dir() else []
    return typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=paths)


def stacks(found: typst.Fonts) -> dict[str, list[str]]:
    """The typefaces to use, for text, title, headings and sub-headings. Raises :class:`NoFont`."""
    families = set(found.families())
    serif = [name for name in SERIF if name in families][:1]
    if not serif:
        raise NoFont
    return {
        "serif": serif,
        "title": [name for name in TITLE if name in families][:1] + serif,
        "sans": [name for name in SANS if name in families][:1] + serif,
        "kai": [name for name in KAI if name in families][:1] + serif,
        "latin": [name for name in LATIN if name in families][:1],
    }


def problem(folder: str = "") -> str:
    """Why no PDF can be made here, or ""."""
    try:
        usable(folder)
    except NoFont as missing:
        return str(missing)
    return ""
