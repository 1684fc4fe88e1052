"""The athlete's bulk export: a ZIP or folder → rows and track files, in any language, within its bounds."""

from paceport.formats.strava_export.dates import DateOrder, DateOrderUnknown
from paceport.formats.strava_export.export_files import find_root, open_file_tree
from paceport.formats.strava_export.find_columns import ColumnsUnknown
from paceport.formats.strava_export.rows import ActivityRow, StravaExport, read_export

__all__ = [
    "ActivityRow",
    "ColumnsUnknown",
    "DateOrder",
    "DateOrderUnknown",
    "StravaExport",
    "find_root",
    "open_file_tree",
    "read_export",
]
