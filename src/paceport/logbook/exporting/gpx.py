"""Tracks as GPX: a file for each run."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import (
    ExportReport,
    Row,
    check_new_destination,
    exported_runs,
    record_export,
    translate_write_errors,
)
from paceport.logbook.exporting.positions import known_positions, runs_with_positions, value_at
from paceport.streams import Streams
from paceport.text import clean

_GPX_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="Paceport" xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">\n'
)


def export_gpx(store: Store, place: Path, *, include_cached: bool = False) -> ExportReport:
    """A folder with one GPX 1.1 file for each run that has positions, named by local day and id.

    Points carry time, elevation, heart rate and cadence (of one foot, as the format has it); samples without a
    position cannot be held. Raises UsageError if `place` exists.
    """
    rows = exported_runs(store, include_cached=include_cached)
    check_new_destination(place)
    files: list[Path] = []
    held: list[Row] = []
    with translate_write_errors(place):
        place.mkdir(parents=True, exist_ok=True)
        for row, streams in runs_with_positions(store, rows):
            path = place / f"{row['local_date']}-{row['id']}.gpx"
            with path.open("x", encoding="utf-8") as stream:
                stream.writelines(_gpx(row, streams))
            files.append(path)
            held.append(row)
    return record_export(store, place, files, held, left_out=len(rows) - len(held))


def _gpx(row: Row, streams: Streams) -> Iterator[str]:
    start = datetime.fromisoformat(str(row["start_utc"]))
    yield _GPX_HEAD
    yield f"<trk><name>{_text(row['name'])}</name><type>{_text(row['sport'])}</type><trkseg>\n"
    for at in known_positions(streams):
        yield _point(streams, at, start)
    yield "</trkseg></trk>\n</gpx>\n"


def _point(streams: Streams, at: int, start: datetime) -> str:
    assert streams.latitude_deg is not None
    assert streams.longitude_deg is not None
    moment = start + timedelta(seconds=float(streams.time_s[at]))
    altitude = "" if (value := value_at(streams.altitude_m, at)) is None else f"<ele>{value:.2f}</ele>"
    heart = "" if (value := value_at(streams.heartrate_bpm, at)) is None else f"<gpxtpx:hr>{value:.0f}</gpxtpx:hr>"
    steps = "" if (value := value_at(streams.cadence_spm, at)) is None else f"<gpxtpx:cad>{value / 2:.0f}</gpxtpx:cad>"
    more = f"<gpxtpx:TrackPointExtension>{heart}{steps}</gpxtpx:TrackPointExtension>" if heart or steps else ""
    return (
        f'<trkpt lat="{streams.latitude_deg[at]:.7f}" lon="{streams.longitude_deg[at]:.7f}">{altitude}'
        f"<time>{moment.isoformat(timespec='milliseconds').replace('+00:00', 'Z')}</time>"
        f"{f'<extensions>{more}</extensions>' if more else ''}</trkpt>\n"
    )


def _text(value: object) -> str:
    # Control characters may not stand in XML at all.
    return escape(clean(str(value)))
