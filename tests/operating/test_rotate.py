"""The encryption key is replaced while everything stays readable, and dropped only when nothing needs it."""

from __future__ import annotations

import json

import pytest

from tests.operating.conftest import Installation
from tests.operating.test_backup import STORE

pytestmark = pytest.mark.server
SUBMIT = (
    "from gongkai.organs.models import Organ; from gongkai.organs.actors import system; from gongkai.requests import actions;"
    "actions.submit(organ=Organ.objects.get(code='city'), channel='signed_mail', kind='natural_person', token='t',"
    " form={'applicant_name': '张三', 'info_description': '某文件'}, by=system('test'))"
)
READ = (
    "from gongkai.requests.models import Submission; from gongkai.base import files; from gongkai.base.models import *;"
    "print([s.form['applicant_name'] for s in Submission.objects.all()],"
    " [files.read(f)[:4] for f in StoredFile.objects.all()])"
)
WHOLE = "['张三'] [b'%PDF', b'%PDF', b'%PDF']"


def keys(installation: Installation) -> list[str]:
    found: list[str] = json.loads((installation.home / "keys.json").read_text())["encryption"]
    return found


def test_in_three_steps(installation: Installation) -> None:
    installation.python(STORE)
    installation.python(SUBMIT)
    assert "先运行 gongkai rotate-keys new" in installation.refusal("rotate-keys", "apply")
    (old,) = keys(installation)

    installation.do("rotate-keys", "new")
    assert keys(installation)[1] == old
    assert "尚未完成" in installation.refusal("rotate-keys", "new")
    assert "旧密钥已保留" in installation.refusal("rotate-keys", "drop")
    assert len(keys(installation)) == 2
    assert installation.python(READ).strip() == WHOLE

    assert "文件 3 个" in installation.do("rotate-keys", "apply")
    installation.do("rotate-keys", "drop")
    assert old not in keys(installation)
    assert len(keys(installation)) == 1
    assert installation.python(READ).strip() == WHOLE
    installation.do("work", "--once")
    assert "全部完整" in installation.do("verify")
