"""API → the cached part of the logbook: what is newer, what changed, what is gone, what details add; stops anywhere."""

from paceport.logbook.sync.account import SyncAccount
from paceport.logbook.sync.drawn import settle
from paceport.logbook.sync.plan import Cost, Schedule, cost_of
from paceport.logbook.sync.run import Talk, last_complete, sync

__all__ = ["Cost", "Schedule", "SyncAccount", "Talk", "cost_of", "last_complete", "settle", "sync"]
