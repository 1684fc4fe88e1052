"""The export that an athlete brought, put together again from own files: its newest table, and what the table names."""

from __future__ import annotations

import io
from collections.abc import Sequence

from paceport.errors import FileError
from paceport.formats.strava_export.activity_rows import ActivityRow
from paceport.formats.strava_export.export_files import TABLE_NAME, RefusedEntry
from paceport.formats.strava_export.zip_entry import FileContent
from paceport.lazy_dataclass import dataclass
from paceport.logbook.importing.export_dates import read_export_by_tracks
from paceport.storage.postgres.athlete_rows import AthleteRows


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnExport:
    """The rows of the newest table. `row_of` gives a file's row by the file's sha256, `alone` are those without one.

    `table_sha256` is the table itself.
    """

    table_sha256: str
    row_of: dict[str, ActivityRow]
    alone: tuple[ActivityRow, ...]


def own_export(rows: AthleteRows) -> OwnExport | None:
    """What the athlete's newest table says; None where there is none. Raises FileErrors and UsageErrors of its text."""
    tree = _StoredTree(rows)
    if tree.table_sha256 is None:
        return None
    export = read_export_by_tracks(tree, "")
    row_of: dict[str, ActivityRow] = {}
    alone = []
    for row in export.rows():
        if not isinstance(row, ActivityRow):
            continue
        sha256 = tree.sha256_of(export.stored_name(row)) if row.filename else None
        if sha256 is None:
            alone.append(row)
        else:
            row_of.setdefault(sha256, row)
    return OwnExport(table_sha256=tree.table_sha256, row_of=row_of, alone=tuple(alone))


class _StoredTree:
    """Own files as the files of an export. What has the name of a newer one is not seen."""

    refused: tuple[RefusedEntry, ...] = ()

    def __init__(self, rows: AthleteRows) -> None:
        self._rows = rows
        self._sha256s = {name: sha256 for sha256, name in rows.own_file_names().items()}

    @property
    def table_sha256(self) -> str | None:
        return self._sha256s.get(TABLE_NAME)

    def sha256_of(self, name: str) -> str | None:
        return self._sha256s.get(name)

    def names(self) -> Sequence[str]:
        return list(self._sha256s)

    def read(self, name: str) -> bytes:
        sha256 = self._sha256s.get(name)
        file = None if sha256 is None else self._rows.own_file(sha256)
        if file is None:
            raise FileError(path=name, why="it is not stored", fix="upload the export again")
        return file.content

    def read_packed(self, name: str) -> FileContent:
        return FileContent(content=self.read(name))

    def open(self, name: str) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(self.read(name)))

    def size(self, name: str) -> int:
        return len(self.read(name)) if name.casefold() == TABLE_NAME else 0
