"""API → the cached part of the logbook: what is newer, what changed, what is gone, what details add; stops anywhere."""

from paceport.logbook.syncing.plan import Cost, Schedule, cost_of
from paceport.logbook.syncing.sync import Talk, last_complete, sync
from paceport.logbook.syncing.sync_report import SyncAccount
from paceport.logbook.syncing.write_activity import settle

__all__ = ["Cost", "Schedule", "SyncAccount", "Talk", "cost_of", "last_complete", "settle", "sync"]
