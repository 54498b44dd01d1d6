"""What was given on the desk and waits to be read by the worker."""

from __future__ import annotations

import datetime as dt

from gongkai.base.stash import Stash

stash = Stash("library", dt.timedelta(days=7))
