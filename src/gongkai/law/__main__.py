"""``python -m gongkai.law due ...``: the law's commands alone. The only place in this room that reads the clock."""

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from .cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(ZoneInfo("Asia/Shanghai")).date()))
