"""Looking at what is about to be made public: the text (pre-screen) and the files (hidden content, metadata, traps).

Pure: bytes and text in, findings in words out. Nothing is fetched, no entity resolved, nothing unpacked without bounds.
"""

from .cleaning import NotCleanable, clean
from .files import LARGEST, inspect
from .finding import Finding, Inspection, Kind, Weight
from .prescreen import prescreen

__all__ = [
    "LARGEST",
    "Finding",
    "Inspection",
    "Kind",
    "NotCleanable",
    "Weight",
    "clean",
    "inspect",
    "prescreen",
]
