"""Turns the files that an athlete brought into results. They are the athlete's, and so nothing of this expires."""

from __future__ import annotations

from paceport.clock import Clock
from paceport.errors import FileError
from paceport.jobs.fetching import AthleteStore
from paceport.jobs.results import SCHEMA_NUMBER, file_results

_AT_A_TIME = 5


def read_own_files(store: AthleteStore, clock: Clock) -> int:
    """Compute the results of a few files that have none of this version; how many there were."""
    files = store.rows.unread_files(schema_number=SCHEMA_NUMBER, most=_AT_A_TIME)
    for file in files:
        why = ""
        try:
            results = file_results(file, now=clock.now())
        except FileError as error:
            results, why = [], error.why
        except Exception as error:  # noqa: BLE001  # a file that breaks its reader must not come again each minute
            results, why = [], f"it broke its reader ({type(error).__name__})"
        store.rows.save_own_results(file.sha256, results, schema_number=SCHEMA_NUMBER, why=why.replace("\x00", ""))
    return len(files)
