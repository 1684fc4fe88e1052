"""What is known of uploaded files, by the hash of their bytes: lines in a file, the last one of a hash counts."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from paceport.lazy_dataclass import dataclass
from paceport.storage.private_files import append_private, make_owner_folder, read_private

# Some 300 bytes a file: more than a hundred thousand uploads.
_LARGEST_LOG = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadEntry:
    """A file's state: begun; with `upload_id` received; with `outcome` ended."""

    name: str
    upload_id: int | None = None
    outcome: str = ""
    activity_id: int | None = None
    why: str = ""


class UploadLog:
    """Remembers uploads in a file (None: in memory). Raises StoreUnreadable, StoreUnsafe, StoreUnwritable.

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
        content = read_private(self._path, most=_LARGEST_LOG) if self._path else None
        return content.decode(errors="replace").splitlines() if content else []

    def _append(self, value: dict[str, object]) -> None:
        if self._path is None:
            return
        # A line begins with a line end: what a crash tore stays on its own line.
        line = "\n" + json.dumps(value) + "\n"
        make_owner_folder(self._path.parent)
        append_private(self._path, line.encode())
