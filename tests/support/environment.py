"""Loaded before Django: every test process gets a home of its own, made as a test home."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis

_folder = tempfile.mkdtemp(prefix="gongkai-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["GONGKAI_HOME"] = _folder
os.environ["GONGKAI_ENV"] = "test"
os.environ.pop("GONGKAI_TODAY", None)
if os.environ.get("GONGKAI_TEST_DATABASE_URL"):
    os.environ["GONGKAI_DATABASE_URL"] = os.environ["GONGKAI_TEST_DATABASE_URL"]
else:
    os.environ.pop("GONGKAI_DATABASE_URL", None)

from gongkai.home import Home  # noqa: E402

Home(Path(_folder)).make("test")

# A busy machine is no failure: speed is measured by `make bench`, not by deadlines of single examples.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
