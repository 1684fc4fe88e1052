"""Exports and files → the athlete's own part of the logbook: once, whole, resumable, nothing lost."""

from paceport.logbook.intake.account import Account, Change, Progress, Quarantined
from paceport.logbook.intake.rebuild import rebuild
from paceport.logbook.intake.run import import_paths

__all__ = ["Account", "Change", "Progress", "Quarantined", "import_paths", "rebuild"]
