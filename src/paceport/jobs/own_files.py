"""Turns the files that an athlete brought into results. They are the athlete's, and so nothing of this expires.

The table of an export gives its recordings their names, gear and corrected distances, and has runs without a recording.
"""

from __future__ import annotations

from paceport.clock import Clock
from paceport.errors import FileError, StoreError, UsageError
from paceport.formats.strava_export.export_files import TABLE_NAME
from paceport.jobs.fetching import AthleteStore
from paceport.jobs.own_export import OwnExport, own_export
from paceport.jobs.results import SCHEMA_NUMBER, file_results, row_results
from paceport.storage.postgres.athlete_rows import OwnFile, StoredResult

_AT_A_TIME = 5


def read_own_files(store: AthleteStore, clock: Clock) -> int:
    """Compute the results of a few files that have none of this version; how many there were."""
    files = store.rows.unread_files(schema_number=SCHEMA_NUMBER, most=_AT_A_TIME)
    if not files:
        return 0
    export, why_not = _export(store)
    for file in files:
        why = why_not if file.name == TABLE_NAME else ""
        try:
            results = _results(file, export, store, clock)
        except FileError as error:
            results, why = [], error.why
        except StoreError:  # the database is away, and the file may be whole
            raise
        except Exception as error:  # noqa: BLE001  # a file that breaks its reader must not come again each minute
            results, why = [], f"it broke its reader ({type(error).__name__})"
        store.rows.save_own_results(file.sha256, results, schema_number=SCHEMA_NUMBER, why=why.replace("\x00", ""))
    return len(files)


def _export(store: AthleteStore) -> tuple[OwnExport | None, str]:
    """The export, or why its table cannot be used: then its recordings stand for themselves."""
    try:
        return own_export(store.rows), ""
    except (FileError, UsageError) as error:
        return None, f"{error.what}: {error.why}"


def _results(file: OwnFile, export: OwnExport | None, store: AthleteStore, clock: Clock) -> list[StoredResult]:
    if not file.name.endswith(".csv"):
        return file_results(file, now=clock.now(), row=None if export is None else export.row_of.get(file.sha256))
    if export is None or file.sha256 != export.table_sha256:
        return []
    # Recordings that were read before the table came are read again, with their rows.
    store.rows.read_again(list(export.row_of))
    return row_results(export.alone, now=clock.now(), own_file=file.sha256)
