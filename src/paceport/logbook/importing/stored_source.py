"""What is kept of an own activity, as the values it was once drawn from."""

import json
from dataclasses import replace
from datetime import datetime

from paceport.formats.strava_export.activity_rows import ActivityRow, read_stored_row
from paceport.logbook.database.activity_record import ImportSource
from paceport.logbook.database.moments import parse_moment
from paceport.logbook.database.own_rows import StoredActivity
from paceport.logbook.database.store import Store


def stored_row(known: StoredActivity, store: Store) -> ActivityRow | None:
    """The export's row, read again from its cells; None for what came from a file alone.

    A sport that was mapped or learnt stays what it is.
    """
    cells, header = known.row["cells"], known.row["header"]
    if not isinstance(cells, str) or not isinstance(header, str):
        return None
    names, fields, date_order = store.own.header(header)
    order = date_order if date_order in {"dmy", "mdy", "ymd"} else None
    row = read_stored_row(names, fields, order, json.loads(cells))  # type: ignore[arg-type]  # one of DateOrder's words
    if not isinstance(row, ActivityRow):
        return None
    return replace(row, sport=str(known.row["sport"])) if row.sport is None else row


def start_of_stored_row(known: StoredActivity, row: ActivityRow) -> datetime:
    """When it began: what stands in the logbook, for the row's own date may have been unreadable."""
    return parse_moment(str(known.row["start_utc"])) if row.start is None else row.start


def stored_source(known: StoredActivity, *, sha256: str | None, part: int) -> ImportSource:
    """Where it came from, with the file that is its own now."""
    cells, header = known.row["cells"], known.row["header"]
    return ImportSource(
        sha256=sha256,
        part=part,
        filename=str(known.row["filename"]),
        header=header if isinstance(header, str) else None,
        cells=tuple(json.loads(cells)) if isinstance(cells, str) else None,
    )
