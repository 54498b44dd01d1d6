"""Accounts of the public. Apart from staff in every way: another table, another cookie, no posts and no desk.

Not scoped: no page of the desk shows them, and only :mod:`gongkai.accounts` reads them.
"""

from __future__ import annotations

from typing import ClassVar, cast

from django.db import models
from django.db.models import Q

from gongkai.base.fields import EncryptedJSONField, EncryptedTextField
from gongkai.requests.models import Submission


class Account(models.Model):
    """Somebody of the public. Name, login and contact details are encrypted; the indexes are keyed digests.

    An account has a password of its own, or belongs to an identity at the 统一身份认证 provider (`provider_index`).
    """

    login = EncryptedTextField()
    login_index = models.CharField(max_length=32, unique=True)
    password = models.CharField(max_length=128, blank=True)
    provider_index = models.CharField(max_length=32, blank=True)
    profile = EncryptedJSONField(
        null=True, help_text="what the application form asks about a person, by its keys"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider_index"], condition=~Q(provider_index=""), name="provider_identity_once"
            )
        ]

    @property
    def details(self) -> dict[str, str]:
        """The profile; empty without one."""
        return cast("dict[str, str]", self.profile or {})


class VisitorSession(models.Model):
    """One browser somebody is signed in with. The cookie holds the token, the table only its digest."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    token = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)


class OwnSubmission(models.Model):
    """An application that was sent while signed in, or taken into the account with its query number and secret."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="submissions")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
