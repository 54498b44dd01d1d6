"""Where an installation keeps its state, and what kind of installation it is.

Everything that outlives a process lies in one folder, the home: database (when SQLite), files, keys, static files.
No Django here, so that every command can find its home before anything is configured.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

DEMO, TEST, PRODUCTION = "demo", "test", "production"
ENVIRONMENTS = (DEMO, TEST, PRODUCTION)
DEMO_DATE = "2023-01-16"


class HomeError(Exception):
    """The home is missing, unreadable or used in a way it was not made for; the text is meant for the operator."""


@dataclass(frozen=True)
class Home:
    """One installation's folder. Creating the object touches nothing on disk."""

    path: Path

    @property
    def marker(self) -> Path:
        return self.path / "home.json"

    @property
    def keys_file(self) -> Path:
        return self.path / "keys.json"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def search(self) -> Path:
        """The search index: derived from the database, never backed up."""
        return self.path / "search"

    @property
    def static(self) -> Path:
        return self.path / "static"

    @property
    def exists(self) -> bool:
        return self.marker.is_file()

    @cached_property
    def made_as(self) -> str | None:
        """``demo``, ``test`` or ``production`` as the home was made, or None when it was never made. Raises HomeError."""
        if not self.exists:
            return None
        try:
            made_as = str(json.loads(self.marker.read_text("utf-8"))["made_as"])
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise HomeError(f"数据目录标记 {self.marker} 无法读取或已损坏，请从备份恢复。") from error
        if made_as not in ENVIRONMENTS:
            raise HomeError(f"数据目录标记 {self.marker} 的内容无法识别：{made_as}。")
        return made_as

    def make(self, made_as: str) -> None:
        """Create folder, marker and keys. An existing home of the same kind is left as it is.

        Raises HomeError when the folder already holds a home of another kind, or cannot be written.
        """
        if self.exists:
            if self.made_as != made_as:
                raise HomeError(
                    f"{self.path} 已是{self.made_as}环境的数据目录，不能改作{made_as}；请另设 GONGKAI_HOME。"
                )
            return
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o750)
            self.files.mkdir(exist_ok=True, mode=0o750)
            if not self.keys_file.exists():
                self._write_keys()
            self.marker.write_text(json.dumps({"made_as": made_as}), "utf-8")
        except OSError as error:
            raise HomeError(f"不能建立数据目录 {self.path}：{error.strerror}。") from error
        self.__dict__.pop("made_as", None)  # the cached answer of a home that did not exist yet

    def _write_keys(self) -> None:
        self._keep_keys(
            {
                "secret": secrets.token_urlsafe(50),
                "encryption": [_new_key()],
                "index": secrets.token_urlsafe(48),
            }
        )

    def add_encryption_key(self) -> None:
        """Put a new key first; the old ones still open what they closed. Processes see it when they start anew."""
        self._keep_encryption((_new_key(), *self.keys.encryption))

    def drop_old_encryption_keys(self) -> None:
        """Keep the newest key only. What was closed with another can then never be opened again."""
        self._keep_encryption(self.keys.encryption[:1])

    def _keep_encryption(self, encryption: tuple[str, ...]) -> None:
        self._keep_keys({**asdict(self.keys), "encryption": list(encryption)})
        self.__dict__.pop("keys", None)

    def _keep_keys(self, keys: dict[str, object]) -> None:
        """Write the file anew, readable by its owner alone; at no moment is there half a file."""
        partial = self.keys_file.with_suffix(".part")
        partial.unlink(missing_ok=True)
        with os.fdopen(
            os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as handle:
            json.dump(keys, handle, indent=1)
            handle.flush()
            os.fsync(handle.fileno())
        partial.rename(self.keys_file)

    @cached_property
    def keys(self) -> Keys:
        """The keys of this home. Raises HomeError when the file is missing."""
        try:
            raw = json.loads(self.keys_file.read_text("utf-8"))
            return Keys(raw["secret"], tuple(raw["encryption"]), raw["index"])
        except FileNotFoundError as error:
            raise HomeError(
                f"找不到密钥文件 {self.keys_file}；先运行 gongkai init，或从备份恢复。"
            ) from error
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise HomeError(f"密钥文件 {self.keys_file} 无法读取或已损坏，请从备份恢复。") from error


def _new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@dataclass(frozen=True)
class Keys:
    """``secret`` signs sessions; ``encryption`` are Fernet keys, newest first; ``index`` keys the blind index."""

    secret: str
    encryption: tuple[str, ...]
    index: str


def current() -> Home:
    """The home named by ``GONGKAI_HOME``, else ``var`` in the project folder."""
    return Home(Path(os.environ.get("GONGKAI_HOME") or project_folder() / "var").resolve())


def project_folder() -> Path:
    """The checkout when running from one (an editable install), else the working folder."""
    checkout = Path(__file__).resolve().parents[2]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


# What a home may be opened as, by what it was made as. A demo can be tested; real data is only ever real.
_OPENS_AS = {DEMO: (DEMO, TEST), TEST: (TEST,), PRODUCTION: (PRODUCTION,)}


def asked_environment() -> str | None:
    """``GONGKAI_ENV``, or None when it is not set. Raises HomeError for an unknown value."""
    asked = os.environ.get("GONGKAI_ENV") or None
    if asked is not None and asked not in ENVIRONMENTS:
        raise HomeError(f"GONGKAI_ENV={asked} 无法识别；可用的值是 demo、test、production。")
    return asked


def environment(home: Home) -> str:
    """``GONGKAI_ENV`` when set, else what the home was made as; a home never made counts as production.

    Raises HomeError for an unknown value, and for a demo home opened as production or the reverse.
    """
    asked = asked_environment()
    if asked is None:
        return home.made_as or PRODUCTION
    if home.made_as is not None and asked not in _OPENS_AS[home.made_as]:
        raise HomeError(
            f"{home.path} 是{home.made_as}环境的数据目录，不能按 GONGKAI_ENV={asked} 打开；请另设 GONGKAI_HOME。"
        )
    return asked
