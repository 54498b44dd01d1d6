"""The console command as an operator meets it: what it prints, what it refuses, in which words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai import cli
from tests.operating.conftest import Installation
from tests.support.published import SEED_TABLES

pytestmark = pytest.mark.server
Nowhere = Callable[[str], Installation]


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--help"])
    assert stopped.value.code == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in cli.COMMANDS)


@pytest.mark.parametrize(
    "words", [[], ["fly"], ["serve", "--port", "0"], ["law", "fee"], ["law", "due"], ["serve", "--nonsense"]]
)
def test_bad_input_ends_with_status_2_and_one_chinese_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(words)
    assert stopped.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert printed.err.strip().endswith("。")


def test_the_law_answers_without_django_or_a_home(tmp_path: Path) -> None:
    code = (
        "import sys; from gongkai.cli import main; status = main(sys.argv[1:]);"
        "assert 'django' not in sys.modules; sys.exit(status)"
    )
    words = ["law", "fee", "--items", "23", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert json.loads(done.stdout)["amount_yuan"] == 1300
    assert not list(tmp_path.iterdir())


def test_the_law_takes_today_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["law", "due", "--received", "2026-03-02", "--json"]
    monkeypatch.setenv("GONGKAI_TODAY", "2026-03-04")
    assert cli.main(words) == 0
    assert json.loads(capsys.readouterr().out)["days_used"] == 2
    monkeypatch.setenv("GONGKAI_TODAY", "soon")
    assert cli.main(words) == 2
    assert "GONGKAI_TODAY=soon" in capsys.readouterr().err


def test_init_says_what_it_made_and_changes_nothing_the_second_time(nowhere: Nowhere) -> None:
    place = nowhere("new")
    printed = place.do("init", "--organ", "乙市人民政府")
    assert "乙市人民政府（代码 root）" in printed
    assert "运维账号：operator　密码：" in printed
    keys = (place.home / "keys.json").read_bytes()
    again = place.do("init", "--organ", "丙市人民政府")
    assert "乙市人民政府（已有）" in again
    assert "已有，密码未改" in again
    assert (place.home / "keys.json").read_bytes() == keys
    assert "全部完整" in place.do("verify")


def test_init_takes_a_password_from_standard_input_and_checks_it(nowhere: Nowhere) -> None:
    weak = nowhere("weak").run("init", "--password-stdin", typed="12345678\n")
    assert weak.returncode == 2
    assert "密码" in weak.stderr
    place = nowhere("good")
    done = place.run("init", "--password-stdin", typed="correct horse battery\n")
    assert done.returncode == 0, done.stderr
    assert "correct horse" not in done.stdout
    checked = place.python(
        "from gongkai.organs.models import Person;"
        "print(Person.objects.get(username='operator').check_password('correct horse battery'))"
    )
    assert checked.strip() == "True"


def test_the_first_operator_may_manage_everything_below_the_root(installation: Installation) -> None:
    printed = installation.python(
        "from gongkai.base import clock; from gongkai.organs import scope; from gongkai.organs.models import *;"
        "who = scope.viewer(Person.objects.get(username='operator'), clock.today());"
        "print(scope.allows(who, scope.MANAGE, 'people', Organ.objects.get(code='city').path))"
    )
    assert printed.strip() == "True"


def test_demo_and_production_keep_out_of_each_others_homes(
    installation: Installation, nowhere: Nowhere
) -> None:
    assert "已是production环境" in installation.refusal("demo", "--no-serve")
    assert "不能载入演示数据" in nowhere("new").refusal("demo", "--no-serve", GONGKAI_ENV="production")
    assert "请用 gongkai demo" in nowhere("new").refusal("init", GONGKAI_ENV="demo")
    assert "不能按 GONGKAI_ENV=demo 打开" in installation.refusal("health", GONGKAI_ENV="demo")
    assert "demo、test、production" in installation.refusal("health", GONGKAI_ENV="staging")
    assert not nowhere("new").home.exists()


def test_production_refuses_another_day(installation: Installation) -> None:
    assert "生产环境不接受 GONGKAI_TODAY" in installation.refusal("serve", GONGKAI_TODAY="2022-12-30")
    assert "生产环境不接受 GONGKAI_TODAY" in installation.refusal(
        "work", "--once", GONGKAI_TODAY="2022-12-30"
    )


@pytest.mark.parametrize("words", [["serve"], ["work", "--once"], ["verify"], ["backup", "b.tar"]])
def test_without_a_home_nothing_starts_and_nothing_is_made(nowhere: Nowhere, words: list[str]) -> None:
    place = nowhere("none")
    done = place.run(*words)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert not place.home.exists()


def test_a_database_out_of_reach_is_said_in_a_sentence(installation: Installation) -> None:
    wrong = "postgres://nobody:wrong@127.0.0.1:1/none"
    assert "数据库无法使用" in installation.refusal("migrate", GONGKAI_DATABASE_URL=wrong)
    assert "写法不对" in installation.refusal("migrate", GONGKAI_DATABASE_URL="no-such-thing")


def test_an_old_database_is_not_served(installation: Installation) -> None:
    installation.do("manage", "migrate", "sessions", "zero")
    assert "先备份，再运行 gongkai migrate" in installation.refusal("serve")
    sick = installation.run("health")
    assert sick.returncode == 1
    assert "［异常］数据库结构" in sick.stdout
    assert "已升级（1 项）" in installation.do("migrate")
    assert "已是最新" in installation.do("migrate")
    assert "［异常］" not in installation.do("health")


def test_a_taken_port_is_refused(installation: Installation, free_port: int) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        assert f"不能监听 127.0.0.1:{free_port}" in installation.refusal("serve", "--port", str(free_port))


def test_health_names_what_is_wrong(installation: Installation) -> None:
    assert installation.run("health").returncode == 0
    (installation.home / "keys.json").chmod(0o644)
    assert "［注意］密钥" in installation.do("health")
    (installation.home / "files").rename(installation.home / "elsewhere")
    sick = installation.run("health")
    assert (sick.returncode, "［异常］文件目录" in sick.stdout) == (1, True)


def test_health_counts_what_waits(installation: Installation) -> None:
    installation.python(
        "import datetime as dt; from gongkai.base import clock; from gongkai.base.models import OutboxMessage;"
        "then = clock.machine_now() - dt.timedelta(days=2);"
        "OutboxMessage.objects.create(topic='x', payload={}, created_at=then, due_at=then, attempts=3)"
    )
    sick = installation.run("health")
    assert sick.returncode == 1
    assert "［异常］后台任务：待执行 1 项，最多已重试 3 次" in sick.stdout


def test_work_once_seals_the_audit_log(installation: Installation) -> None:
    assert "待封存" in installation.do("health")
    assert "封存审计记录" in installation.do("work", "--once")
    assert "全部已封存" in installation.do("health")


def test_verify_finds_a_tampered_log_and_says_where(installation: Installation) -> None:
    installation.do("work", "--once")
    installation.python(
        "from gongkai.base.models import AuditEntry; AuditEntry._base_manager.update(actor='staff:99')"
    )
    done = installation.run("verify")
    assert done.returncode == 1
    assert "审计封存第1批的记录被改动" in done.stdout


def test_a_real_office_starts_from_sheets(installation: Installation, tmp_path: Path) -> None:
    sheet = tmp_path / "机关.xlsx"
    assert "带 * 的列必填" in installation.do("import", "organs", str(sheet), "--template")
    assert "机关：0 行已导入" in installation.do("import", "organs", str(sheet))
    assert "已存在" in installation.refusal("import", "organs", str(sheet), "--template")
    organs, people = tmp_path / "机关.csv", tmp_path / "人员.csv"
    organs.write_text(
        "机关代码,名称,上级代码,类型,层级,成立日期\nedu,甲市教育局,city,政府部门,市级,1949-10-01\n",
        "utf-8-sig",
    )
    people.write_text("账号,姓名,机关代码,岗位,自\nzhangsan,张三,edu,承办人,2022-01-01\n", "utf-8-sig")
    assert "机关：1 行已导入" in installation.do("import", "organs", str(organs))
    assert "人员和岗位：1 行已导入" in installation.do("import", "people", str(people))
    assert "全部完整" in installation.do("verify")


def test_a_whole_report_is_imported_as_it_came(installation: Installation, tmp_path: Path) -> None:
    content = json.loads(next(SEED_TABLES.glob("000_*.json")).read_text("utf-8"))
    report = tmp_path / "2019.json"
    report.write_text(json.dumps(content | {"organ": "甲市人民政府"}), "utf-8")
    assert "检查通过，未写入" in installation.do("import", "reports", str(report), "--dry-run")
    assert "2019 年度报告：已导入" in installation.do("import", "reports", str(report))
    report.write_text("{}")
    assert "不是年度报告的 JSON" in installation.refusal("import", "reports", str(report))


def test_import_tries_first_and_names_rows(installation: Installation, tmp_path: Path) -> None:
    book = tmp_path / "在办.csv"
    header = "机关代码,编号,渠道,申请人类别,到达日期,申请人,所需信息\n"
    book.write_text(header + "city,旧1,互联网渠道,自然人,2026-01-05,张三,某文件\n", "utf-8-sig")
    assert "检查通过，未写入" in installation.do("import", "cases", str(book), "--dry-run")
    assert "在办申请：1 行已导入" in installation.do("import", "cases", str(book))
    wrong = installation.run("import", "cases", str(book))
    assert wrong.returncode == 2
    assert "第2行“编号”列" in wrong.stderr
    assert "没有导入任何内容" in wrong.stderr
    assert "找不到文件" in installation.refusal("import", "cases", str(tmp_path / "none.csv"))
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    assert ".xlsx 或 .csv" in installation.refusal("import", "cases", str(tmp_path / "a.pdf"))
