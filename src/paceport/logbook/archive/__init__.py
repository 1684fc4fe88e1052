"""The athlete's bulk export: a ZIP or folder → rows and track files, in any language, within its bounds."""

from paceport.logbook.archive.columns import ColumnsUnknown
from paceport.logbook.archive.dates import DateOrder, DateOrderUnknown
from paceport.logbook.archive.rows import ActivityRow, Export, read_export
from paceport.logbook.archive.tree import find_root, open_tree

__all__ = [
    "ActivityRow",
    "ColumnsUnknown",
    "DateOrder",
    "DateOrderUnknown",
    "Export",
    "find_root",
    "open_tree",
    "read_export",
]
