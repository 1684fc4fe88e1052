"""Exports and files → the athlete's own part of the logbook: once, whole, resumable, nothing lost."""

from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.importing.import_report import ActivityChange, ImportReport, Progress, QuarantinedItem
from paceport.logbook.importing.rebuild import rebuild

__all__ = ["ActivityChange", "ImportReport", "Progress", "QuarantinedItem", "import_paths", "rebuild"]
