"""Whether a logbook holds all that is computed from its runs: the look before every answer, which imports little."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from paceport.training.metrics.athlete import AthleteFacts
from paceport.training.metrics.results_version import RESULTS_VERSION

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

# One more whenever what is stored beside the analysis' own results changes; RESULTS_VERSION counts the analysis'.
_STORED_VERSION = 5
STORED_RESULTS_VERSION = 1000 * _STORED_VERSION + RESULTS_VERSION
# One more whenever what is computed of all activities together changes (loads, thresholds): it is made again, and the
# results of each run stay.
_SERIES_VERSION = 1
# Under this key the cache keeps what the stored loads of own data were computed with; it may be lost at any time.
OWN_LOADS = "loads of own data"


def check_mark(version: int, given: AthleteFacts | None, not_records: Collection[int]) -> str:
    """What a check of all rows ends with: they are computed by this version, with these facts of the settings."""
    return f"{version} {_SERIES_VERSION} {given} {sorted(not_records)}"


def is_up_to_date(store: Store, *, given: AthleteFacts | None, not_records: Collection[int]) -> bool:
    """Whether `compute_results` would surely find nothing to do.

    Nothing own has changed since it last found all in order, its loads are known, and nothing is cached that may have.
    """
    if not store.is_checked(check_mark(STORED_RESULTS_VERSION, given, not_records)):
        return False
    if store.pending_results(STORED_RESULTS_VERSION, with_own=False) or store.cached.state(OWN_LOADS) is None:
        return False
    _, first_expiry = store.load_rows.cache_state()
    return first_expiry is None
