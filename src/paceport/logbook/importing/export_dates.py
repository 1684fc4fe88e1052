"""The tables of an export whose dates can be read both ways: its tracks tell which."""

from collections.abc import Mapping

from paceport.errors import FileError
from paceport.formats.strava_export.activity_rows import ActivityRow
from paceport.formats.strava_export.dates import DATE_ORDERS, DateOrder, DateOrderUnknown
from paceport.formats.strava_export.export_files import FileTree
from paceport.formats.strava_export.read_export import StravaExport, TellLines, read_export
from paceport.logbook.importing.read_recording import read_recording

_TRACKS_TO_CHECK_DATES = 20
_SAME_DAY_S = 12 * 3600


def read_export_by_tracks(
    tree: FileTree,
    root: str,
    *,
    mapping: Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    tell: TellLines | None = None,
) -> StravaExport:
    """The tables of an export, as `read_export` gives them; where days could be months, its tracks decide.

    Raises what that raises, DateOrderUnknown where no track tells.
    """
    try:
        return read_export(tree, root, mapping=mapping, date_order=date_order, tell=tell)
    except DateOrderUnknown as error:
        candidates = [read_export(tree, root, mapping=mapping, date_order=order) for order in DATE_ORDERS]
        fitting = [export for export in candidates if _dates_fit(tree, export)]
        if len(fitting) != 1:
            raise error from None
        return fitting[0]


def _dates_fit(tree: FileTree, export: StravaExport) -> bool:
    """Whether the first tracks of an export began on the days that its rows say."""
    checked = 0
    for row in export.rows():
        if checked >= _TRACKS_TO_CHECK_DATES:
            break
        if not isinstance(row, ActivityRow) or not row.filename or row.start is None:
            continue
        try:
            name = export.stored_name(row)
            starts = [track.start for track in read_recording(tree.read(name), row.filename)]
        except FileError:
            continue
        known = [start for start in starts if start]
        if known and min(abs((start - row.start).total_seconds()) for start in known) > _SAME_DAY_S:
            return False
        checked += bool(known)
    return checked > 0
