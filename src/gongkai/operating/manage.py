"""`gongkai manage …`: Django's own management commands, for those who know them."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after the word goes to Django as it is."""
    parser.add_argument(
        "words", nargs=argparse.REMAINDER, metavar="命令", help="如 shell、showmigrations、dbshell"
    )


def run(args: argparse.Namespace) -> None:
    """Hand over to Django."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["gongkai manage", *(args.words or ["help"])])
