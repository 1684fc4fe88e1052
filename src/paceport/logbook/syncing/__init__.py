"""API → the cached part of the logbook: what is newer, what changed, what is gone, what details add; stops anywhere."""

from paceport.logbook.syncing.plan import Schedule, SyncCost, sync_cost
from paceport.logbook.syncing.sync import SyncCallbacks, last_complete, sync
from paceport.logbook.syncing.sync_report import SyncReport
from paceport.logbook.syncing.write_activity import match_own_data

__all__ = [
    "Schedule",
    "SyncCallbacks",
    "SyncCost",
    "SyncReport",
    "last_complete",
    "match_own_data",
    "sync",
    "sync_cost",
]
