"""The athlete's bulk export: a ZIP or folder → rows and track files, in any language, within its bounds."""

from paceport.logbook.archive.columns import ColumnsUnknown
from paceport.logbook.archive.dates import DateOrder
from paceport.logbook.archive.rows import TRACK_SUFFIXES, ActivityRow, DateOrderUnknown, Export, read_export
from paceport.logbook.archive.tree import Tree, find_root, open_tree, read_plain

__all__ = [
    "TRACK_SUFFIXES",
    "ActivityRow",
    "ColumnsUnknown",
    "DateOrder",
    "DateOrderUnknown",
    "Export",
    "Tree",
    "find_root",
    "open_tree",
    "read_export",
    "read_plain",
]
