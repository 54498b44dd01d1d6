"""The engine inside our own processes: tantivy, in a folder of the home. See :mod:`.folder` for what lies there."""

from gongkai.search.embedded.folder import Condition, Folder
from gongkai.search.embedded.reader import EmbeddedReader
from gongkai.search.embedded.writer import EmbeddedWriter, Lock

__all__ = ["Condition", "EmbeddedReader", "EmbeddedWriter", "Folder", "Lock"]
