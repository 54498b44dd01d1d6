"""The hash over what is frozen with a version. What it covers has grown: each version says how it was sealed, so that
those signed earlier stay as they are."""

from __future__ import annotations

import hashlib
import json

from . import queries
from .models import ReportVersion

# 1: identity, figures, words, lines and eliminations. 2: also the organ's name, the title and the day of signing.
CURRENT = 2


def fingerprint(version: ReportVersion) -> str:
    """The hash of what is frozen, as canonical JSON, in the way the version was sealed."""
    report = version.report
    content = {
        "organ": report.organ.code,
        "year": report.year,
        "scope": report.scope,
        "format": queries.form_of(version).key,
        "number": version.number,
        "origin": version.origin,
        "source": version.source,
        "correction_note": version.correction_note,
        "cells": version.cells,
        "sections": version.sections,
        "contributions": version.contributions,
        "eliminations": version.eliminations,
    }
    if version.sealed_as >= 2:
        content |= {
            "organ_name": version.organ_name,
            "title": version.title,
            "signed_on": version.signed_on.isoformat() if version.signed_on else None,
            "sealed_as": version.sealed_as,
        }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal(version: ReportVersion) -> None:
    """Put the hash of today's kind on a version that is complete."""
    version.sealed_as = CURRENT
    version.hash = fingerprint(version)
