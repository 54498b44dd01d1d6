"""The published reports that tests read: the demo's own copies, the only ones in the repository."""

from __future__ import annotations

from pathlib import Path

import gongkai

_DATA = Path(gongkai.__file__).parent / "demo" / "data"
REPORTS = _DATA / "library"  # five seed texts, a PDF and a web page, as they were published
SEED_TABLES = _DATA / "seed-tables"
# What is said of the PDF and the web page beside them.
EXPECTED = Path(__file__).parents[1] / "data" / "corpus"
