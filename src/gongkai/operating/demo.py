"""`gongkai demo`: load the demo into a home of its own and serve it on its fixed day."""

from __future__ import annotations

import argparse
import contextlib

from gongkai import home
from gongkai.operating import migrate, serve
from gongkai.operating.console import UsageError, setup_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `serve`, and whether to serve at all."""
    serve.add_arguments(parser)
    parser.add_argument("--no-serve", action="store_true", help="只载入，不启动服务")
    parser.add_argument(
        "--full", action="store_true", help="把按月统计的信息逐件载入（约 42 万件，需十几分钟和 0.8 GB 磁盘）"
    )


def run(args: argparse.Namespace) -> None:
    """Make the home, migrate, load (a second time changes nothing), print the accounts, serve.

    Raises HomeError on a home made for real work.
    """
    place = home.current()
    if home.asked_environment() not in (None, home.DEMO, home.TEST):
        raise UsageError("GONGKAI_ENV=production 时不能载入演示数据。")
    place.make(home.DEMO)
    setup_django()
    migrate.apply()
    from gongkai.demo import full, load, people

    print(f"数据目录：{place.path}")
    load.load(say=lambda line: print(line, flush=True))
    if args.full:
        full.expand(say=lambda line: print(line, flush=True))
    _index()
    print(f"登录账号（密码都是 {people.PASSWORD}）：")
    for account in people.ACCOUNTS:
        print(f"  {account.username:<24}{account.organ}　{account.role}：{account.tries}")
    if not args.no_serve:
        serve.serve(args.host, args.port, args.workers, work=not args.no_work)


def _index() -> None:
    """Search works from the first page on. An index that another process keeps is left to it."""
    from gongkai.search import indexer
    from gongkai.search.engine import Busy

    with contextlib.suppress(Busy):
        indexer.once()
    print("检索索引已建立。", flush=True)
