"""Makes the page images of the demo's rules, once: ``python scripts/rule_images.py <typeface> [<number in the file>]``. They
are checked in, because the demo must load on machines that have no Chinese typeface."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from gongkai.demo import plan_documents, with_documents

PAGE = (620, 877)  # A4 at 75 dots to the inch
MARGIN, LINE, TOP = 60, 30, 170
INK = 150  # darker than this is black
UNDATED = time.gmtime(0)


def main(typeface: str, index: int = 0) -> None:
    """Write one file per rule of Luoyang."""
    folder = Path(with_documents.__file__).parent / "data" / "rule-images"
    folder.mkdir(parents=True, exist_ok=True)
    heading, text = (ImageFont.truetype(typeface, size, index) for size in (24, 16))
    for planned in plan_documents.documents():
        name = with_documents.image_name(planned)
        if name is None:
            continue
        page = Image.new("L", PAGE, 255)
        pen = ImageDraw.Draw(page)
        pen.text((PAGE[0] // 2, TOP - 60), planned.title, font=heading, fill=0, anchor="mm")
        for number, line in enumerate(planned.body.splitlines()):
            pen.text((MARGIN, TOP + number * LINE), line, font=text, fill=0)
        black = page.point([255 if value > INK else 0 for value in range(256)]).convert("1")
        made = io.BytesIO()  # without a name there is no title among the file's properties
        black.save(made, "PDF", resolution=75, creationDate=UNDATED, modDate=UNDATED)
        (folder / name).write_bytes(made.getvalue())


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
