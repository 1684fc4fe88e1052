"""What is known of uploaded files, by the hash of their bytes: lines in a file, the last one of a hash counts."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from paceport.errors import StoreUnwritable
from paceport.storage.shared_folder import make_owner_only_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadEntry:
    """A file's state: begun; with `upload_id` received; with `outcome` ended."""

    name: str
    upload_id: int | None = None
    outcome: str = ""
    activity_id: int | None = None
    why: str = ""


class UploadLog:
    """Remembers uploads in a file (None: in memory). Raises StoreUnwritable.

    A torn or foreign line is passed over: only its file is sent again, and Strava knows it as a duplicate.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._entries: dict[str, UploadEntry | None] | None = None

    def find(self, sha256: str) -> UploadEntry | None:
        """What is known of the file with that hash."""
        return self._known().get(sha256)

    def note(self, sha256: str, entry: UploadEntry) -> None:
        """Remember it, on disk before this returns."""
        self._known()[sha256] = entry
        self._append({"sha256": sha256, **asdict(entry)})

    def forget(self, sha256: str) -> None:
        """Know nothing of that file any more."""
        self._known().pop(sha256, None)
        self._append({"sha256": sha256, "forgotten": True})

    def _known(self) -> dict[str, UploadEntry | None]:
        if self._entries is None:
            self._entries = {}
            for line in self._lines():
                try:
                    value: Any = json.loads(line)
                    sha256 = value.pop("sha256")
                    self._entries[str(sha256)] = None if "forgotten" in value else UploadEntry(**value)
                except (ValueError, KeyError, TypeError, AttributeError):
                    continue
        return self._entries

    def _lines(self) -> list[str]:
        try:
            return self._path.read_text(encoding="utf-8", errors="replace").splitlines() if self._path else []
        except OSError:
            return []

    def _append(self, value: dict[str, object]) -> None:
        if self._path is None:
            return
        # A line begins with a line end: what a crash tore stays on its own line.
        line = "\n" + json.dumps(value) + "\n"
        try:
            make_owner_only_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreUnwritable(path=str(self._path), why=error.strerror or str(error)) from error
