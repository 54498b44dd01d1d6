"""`gongkai init`: a home for real work, its database, the organ at the root and the first operator. Safe to repeat."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import secrets
import sys
from typing import TYPE_CHECKING

from gongkai import home
from gongkai.operating import migrate
from gongkai.operating.console import UsageError, setup_django

if TYPE_CHECKING:
    from gongkai.organs.models import Organ

TIERS = ("city", "county", "township")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The root organ and the operator; asked for when somebody sits at the terminal."""
    parser.add_argument("--organ", metavar="名称", help="本级机关名称，如 某某市人民政府")
    parser.add_argument(
        "--organ-code",
        default="root",
        metavar="代码",
        help="本级机关代码（默认 root；导入下级机关时作上级代码）",
    )
    parser.add_argument("--tier", choices=TIERS, default="city", help="本级机关层级（默认 city）")
    parser.add_argument("--username", default="operator", metavar="账号", help="运维账号（默认 operator）")
    parser.add_argument("--name", default="系统管理员", metavar="姓名", help="运维人员姓名")
    parser.add_argument(
        "--password-stdin", action="store_true", help="从标准输入读取密码；不给时提示输入或自动生成"
    )


def run(args: argparse.Namespace) -> None:
    """Make what is missing and say what was made. Raises HomeError on a home made for the demo."""
    place, asked = home.current(), home.asked_environment()
    if asked == home.DEMO:
        raise UsageError("gongkai init 建立正式环境；GONGKAI_ENV=demo 时请用 gongkai demo。")
    place.make(asked or home.PRODUCTION)
    setup_django()
    migrate.apply()
    print(f"数据目录：{place.path}")
    print(f"密钥文件：{place.keys_file}（请另行妥善保管一份，没有它数据无法打开）")
    from django.db import transaction

    with transaction.atomic():
        root = _root(args)
        password = _operator(args, root)
    if password is not None:
        print(
            f"运维账号：{args.username}　密码：{password}（首次登录时须修改）"
            if password
            else f"运维账号：{args.username}"
        )
    print("下一步：gongkai import organs 机关.xlsx --dry-run，然后 gongkai serve。")


def _root(args: argparse.Namespace) -> Organ:
    """The organ at the root, made when there is none."""
    from gongkai.organs import actions
    from gongkai.organs.actors import system
    from gongkai.organs.models import Organ

    existing = Organ.objects.filter(parent=None).order_by("path").first()
    if existing is not None:
        print(f"本级机关：{existing.name}（已有）")
        return existing
    name = args.organ or _ask("本级机关名称（如 某某市人民政府）：") or "本级人民政府"
    organ = actions.create_organ(
        by=system("init"),
        code=args.organ_code,
        name=name,
        kind=Organ.Kind.GOVERNMENT,
        tier=args.tier,
        parent=None,
        valid_from=dt.date(1949, 10, 1),
    )
    print(f"本级机关：{organ.name}（代码 {organ.code}）")
    _review(organ)
    return organ


def _review(root: Organ) -> None:
    """先审查、后公开 from the first day, with a chain everybody can use until they set their own."""
    from gongkai.base import clock
    from gongkai.documents.reviewing import KIND
    from gongkai.organs.actors import system
    from gongkai.review import actions

    actions.adopt_chain(by=system("init"), organ=root, key="T-LY", whole_tree=True)
    actions.set_duty(
        by=system("init"),
        organ=root,
        valid_from=clock.today(),
        kinds=[KIND],
        note="《中华人民共和国保守国家秘密法实施条例》第四十二条：先审查、后公开",
    )
    print("文件公开：自今天起先审查、后公开（审签流程和起始日期在“设置”中修改）")


def _operator(args: argparse.Namespace, root: Organ) -> str | None:
    """Open the operator's account. Returns a password to print, "" when the operator chose it, None when it existed."""
    from django.contrib.auth.password_validation import validate_password

    from gongkai.base import clock
    from gongkai.organs import actions
    from gongkai.organs.actors import system
    from gongkai.organs.models import Person, Role

    if Person.objects.filter(username=args.username).exists():
        print(f"运维账号：{args.username}（已有，密码未改）")
        return None
    chosen = (
        sys.stdin.readline().strip() if args.password_stdin else _ask("密码（留空则自动生成）：", secret=True)
    )
    if chosen:
        validate_password(chosen)
    password = chosen or secrets.token_urlsafe(12)
    person = actions.add_person(by=system("init"), username=args.username, name=args.name, password=password)
    actions.appoint(
        by=system("init"), person=person, organ=root, role=Role.OPERATOR, valid_from=clock.today()
    )
    if chosen:
        return ""
    person.must_change_password = True  # it was printed on a screen
    person.save(update_fields=["must_change_password"])
    return password


def _ask(prompt: str, *, secret: bool = False) -> str:
    """What the person at the terminal types; "" when nobody sits there."""
    if not sys.stdin.isatty():
        return ""
    return (getpass.getpass(prompt) if secret else input(prompt)).strip()
