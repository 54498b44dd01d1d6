"""Model fields of the house: encrypted text and JSON, and the organ path that sorts byte by byte everywhere."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from gongkai.base import crypto


class Sealed(models.BinaryField):
    """Ciphertext in the column, plain value in Python. It cannot be filtered on: use a blind index beside it."""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted; look it up through its blind index")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self._load(crypto.unseal(bytes(value)))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = None if value is None else crypto.seal(self._dump(value))
        return super().get_db_prep_value(sealed, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted and is never serialised")

    def _load(self, raw: bytes) -> Any:
        raise NotImplementedError

    def _dump(self, value: Any) -> bytes:
        raise NotImplementedError


class EncryptedTextField(Sealed):
    def _load(self, raw: bytes) -> str:
        return raw.decode()

    def _dump(self, value: Any) -> bytes:
        return str(value).encode()


class EncryptedBytesField(Sealed):
    def _load(self, raw: bytes) -> bytes:
        return raw

    def _dump(self, value: Any) -> bytes:
        return bytes(value)


class EncryptedJSONField(Sealed):
    def _load(self, raw: bytes) -> Any:
        return json.loads(raw)

    def _dump(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder).encode()


class PathField(models.CharField):
    """A materialised path. Collated "C", so that a prefix is one index range on both databases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 120)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def within(field: str, prefix: str) -> models.Q:
    """Rows whose path starts with `prefix`, as an index range. Segments end in ``.`` and ``/`` follows ``.``."""
    return models.Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix[:-1] + "/"})


def prefixes(path: str) -> list[str]:
    """The paths of an organ and of all above it, from the top."""
    return [path[: at + 1] for at, letter in enumerate(path) if letter == "."]
