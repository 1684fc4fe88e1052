"""Tracks as GPX: a file for each run."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from paceport.logbook.database.activity_record import TrackFacts
from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import (
    Circles,
    ExportedRuns,
    ExportReport,
    Row,
    check_new_destination,
    exported_runs,
    record_export,
    translate_write_errors,
)
from paceport.logbook.exporting.positions import recorded_pieces, runs_with_positions, value_at
from paceport.maps.place import HiddenCircle
from paceport.sports import RUN_SPORTS
from paceport.streams import Streams
from paceport.text import clean

_GPX_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="Paceport" xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1" '
    'xmlns:gpxdata="http://www.cluetrust.com/XML/GPXDATA/1/0">\n'
)
_GPX_END = "</gpx>\n"


def export_gpx(
    store: Store,
    place: Path,
    *,
    include_cached: bool = False,
    sports: tuple[str, ...] | None = RUN_SPORTS,
    circles: Circles = (),
) -> ExportReport:
    """A folder with one GPX 1.1 file for each run that has positions, named by local day and id.

    Raises UsageError if `place` exists.
    """
    files: list[Path] = []
    held: list[Row] = []
    with store.one_moment():
        runs = exported_runs(store, include_cached=include_cached, sports=sports, circles=circles)
        check_new_destination(place)
        with translate_write_errors(place):
            place.mkdir(parents=True, exist_ok=True)
            for row, streams in runs_with_positions(store, runs.rows, runs.circles):
                path = place / f"{row['local_date']}-{row['id']}.gpx"
                with path.open("x", encoding="utf-8") as stream:
                    stream.write(_GPX_HEAD)
                    stream.writelines(_track(row, streams, store.track_facts(int(str(row["id"]))), runs.circles))
                    stream.write(_GPX_END)
                files.append(path)
                held.append(row)
    return record_export(store, place, files, held, left_out=len(runs.rows) - len(held))


def gpx_pieces(store: Store, runs: ExportedRuns, held: list[Row]) -> Iterator[bytes]:
    """One GPX 1.1 document with a track for each run that has positions.

    Points carry time, elevation, heart rate, cadence (of one foot, as the format has it), temperature and power, and
    the distance where the device counted it and no part is hidden; samples without a position cannot be held. Each
    pause and each gap ends a track segment, so that the file reads back with the same distance and moving time.
    """
    yield _GPX_HEAD.encode()
    for row, streams in runs_with_positions(store, runs.rows, runs.circles):
        for piece in _track(row, streams, store.track_facts(int(str(row["id"]))), runs.circles):
            yield piece.encode()
        held.append(row)
    yield _GPX_END.encode()


def _track(row: Row, streams: Streams, facts: TrackFacts | None, circles: Sequence[HiddenCircle]) -> Iterator[str]:
    start = datetime.fromisoformat(str(row["start_utc"]))
    yield f"<trk><name>{_text(row['name'])}</name><type>{_text(row['sport'])}</type>\n"
    if facts is not None and facts.distance_source in ("positions", "speed"):
        counted = replace(streams, distance_m=None)  # ours: a reader would take it for the device's
    else:
        counted = streams
    for piece in recorded_pieces(streams, facts.pauses if facts is not None else (), circles):
        yield "<trkseg>\n"
        yield from (_point(counted, at, start) for at in piece)
        yield "</trkseg>\n"
    yield "</trk>\n"


def _point(streams: Streams, at: int, start: datetime) -> str:
    assert streams.latitude_deg is not None
    assert streams.longitude_deg is not None
    moment = start + timedelta(seconds=float(streams.time_s[at]))
    altitude = "" if (value := value_at(streams.altitude_m, at)) is None else f"<ele>{value:.2f}</ele>"
    heart = "" if (value := value_at(streams.heartrate_bpm, at)) is None else f"<gpxtpx:hr>{value:.0f}</gpxtpx:hr>"
    steps = "" if (value := value_at(streams.cadence_spm, at)) is None else f"<gpxtpx:cad>{value / 2:.0f}</gpxtpx:cad>"
    warm = "" if (value := value_at(streams.temperature_c, at)) is None else f"<gpxtpx:atemp>{value:g}</gpxtpx:atemp>"
    measured = f"{warm}{heart}{steps}"  # in this order by the extension's schema
    more = f"<gpxtpx:TrackPointExtension>{measured}</gpxtpx:TrackPointExtension>" if measured else ""
    if (value := value_at(streams.power_w, at)) is not None:
        more += f"<power>{value:.0f}</power>"
    if (value := value_at(streams.distance_m, at)) is not None:
        more += f"<gpxdata:distance>{value:.2f}</gpxdata:distance>"
    return (
        f'<trkpt lat="{streams.latitude_deg[at]:.7f}" lon="{streams.longitude_deg[at]:.7f}">{altitude}'
        f"<time>{moment.isoformat(timespec='milliseconds').replace('+00:00', 'Z')}</time>"
        f"{f'<extensions>{more}</extensions>' if more else ''}</trkpt>\n"
    )


def _text(value: object) -> str:
    # Control characters may not stand in XML at all.
    return escape(clean(str(value)))
