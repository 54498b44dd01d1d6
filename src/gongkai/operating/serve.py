"""`gongkai serve`: the web server with its worker. Stops gracefully on SIGTERM or Ctrl-C.

Nothing is lost by SIGKILL: what a page acknowledged was committed before the page was sent, and side effects wait in
the outbox for the next start.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import socket
from collections.abc import Callable
from typing import Any

from gongkai.operating import migrate
from gongkai.operating.console import UsageError
from gongkai.operating.processes import end_with_parent

# Requests worked on at once in one process. Each holds a database connection; more wait in the listening queue.
THREADS = 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how many processes."""
    parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="监听地址（默认 127.0.0.1）")
    parser.add_argument(
        "--port", type=_number("端口", 65535), default=8000, metavar="端口", help="监听端口（默认 8000）"
    )
    parser.add_argument(
        "--workers",
        type=_number("进程数", 64),
        default=min(4, os.cpu_count() or 1),
        metavar="数",
        help="进程数（默认为 CPU 数，最多 4）",
    )
    parser.add_argument(
        "--no-work", action="store_true", help="不启动后台任务进程（另行运行 gongkai work 时）"
    )


def _number(what: str, most: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{what}应是 1 至 {most} 的整数。")
        return int(text)

    return convert


def run(args: argparse.Namespace) -> None:
    """Check, collect static files, serve until stopped. Raises UsageError when it cannot start."""
    from django.conf import settings

    if not settings.HOME.exists:
        raise UsageError(
            f"{settings.HOME.path} 还不是数据目录；先运行 gongkai init，或 gongkai demo 看演示。"
        )
    if waiting := migrate.unapplied():
        raise UsageError(f"数据库结构有 {len(waiting)} 项待升级；先备份，再运行 gongkai migrate。")
    serve(args.host, args.port, args.workers, work=not args.no_work)


def serve(host: str, port: int, workers: int, *, work: bool = True) -> None:
    """Serve until stopped. Raises UsageError when the port is taken or out of range."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from gongkai.annualreport.rendering import fonts
    from gongkai.base import clock

    _claim(host, port)
    clock.fixed_day()  # a setting that cannot be served with is refused here, not on every page
    call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()  # the processes are forked: none may inherit an open connection
    server = Server(
        "gongkai.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=max(1, workers),
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        log_level=LogLevels.error,
    )
    children: list[Any] = []
    if work:
        server.on_startup(lambda: children.append(_start_worker()))
        server.on_shutdown(lambda: _stop(children))
    if reason := fonts.problem(settings.FONTS):
        print(f"注意：{reason}其他功能不受影响。")
    if settings.HTTPS:
        print("正式环境只接受经 HTTPS 反向代理转来的访问，配置见 docs/operating.md。")
    print(f"服务地址：http://{_shown(host)}:{port}/　（Ctrl-C 停止）", flush=True)
    server.serve()


def _claim(host: str, port: int) -> None:
    """Refuse a taken port here: the server itself would share it with whoever has it (SO_REUSEPORT)."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise UsageError(f"不能监听 {host}:{port}（{error}）；请换一个端口，如 --port 8001。") from error


def _shown(host: str) -> str:
    """The host as a browser wants it typed."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 — shown, not bound
    return f"[{shown}]" if ":" in shown else shown


def _start_worker() -> Any:
    child = multiprocessing.get_context("spawn").Process(target=_work, name="gongkai-work")
    child.start()
    return child


def _work() -> None:
    """The worker child: a fresh interpreter, ended by SIGTERM or by the end of the server."""
    from gongkai.operating import work
    from gongkai.operating.console import setup_django

    end_with_parent()
    setup_django()
    work.run(argparse.Namespace(once=False))


def _stop(children: list[Any]) -> None:
    for child in children:
        child.terminate()
        child.join(timeout=30)
