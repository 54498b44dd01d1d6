"""From the finished draft to the one action that takes an application in."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile

from gongkai.organs.actors import APPLICANT
from gongkai.organs.models import Organ
from gongkai.portal.draft import Draft
from gongkai.requests import actions
from gongkai.requests.actions.intake import Receipt
from gongkai.requests.actions.steps import Upload
from gongkai.requests.models import CaseFile


def send(organ: Organ, draft: Draft, files: Iterable[UploadedFile]) -> Receipt:
    """Submit the draft with its papers. Raises ValidationError (by field) and Refused, as `submit` does."""
    answers = draft.merged()
    return actions.submit(
        organ=organ,
        channel="internet",
        kind=answers.get("kind", ""),
        form=answers,
        token=draft.token,
        by=APPLICANT,
        raw=json.dumps(draft.answers, ensure_ascii=False, sort_keys=True).encode(),
        files=uploads(files, CaseFile.Purpose.IDENTITY),
    )


def uploads(files: Iterable[UploadedFile], purpose: str) -> list[Upload]:
    """Posted files as the actions take them."""
    return [Upload(str(file.name), file.read(), purpose) for file in files]
