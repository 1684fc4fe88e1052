import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from makers.export_writer import activities, gpx, renamed, write_zip
from makers.gpx_writer import write_gpx
from makers.track_point import TrackPoint
from paceport.clock import ManualClock
from paceport.errors import StoreUnwritable, UsageError
from paceport.formats.tracks.read_file import read_tracks
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import ExportReport, exported_runs, new_file
from paceport.logbook.exporting.document import export_file, export_stream
from paceport.logbook.exporting.gpx import export_gpx
from paceport.logbook.exporting.parquet import export_parquet
from paceport.logbook.importing.import_paths import import_paths
from paceport.maps.place import HiddenCircle
from paceport.training.compute import compute_results

WRITTEN = [renamed(each, start=each.start.replace(year=2022 + at), track=b"") for at, each in enumerate(activities(4))]


def export_csv(store: Store, place: Path, *, include_cached: bool = False) -> ExportReport:
    return export_file(store, "csv", place, include_cached=include_cached)


def export_geojson(store: Store, place: Path) -> ExportReport:
    return export_file(store, "geojson", place)


@pytest.fixture
def filled(tmp_path: Path, store: Store, clock: ManualClock) -> Store:
    """Runs of three years, the last of 2025 by hand, and a cached run with a cached name on an own one."""
    written = [renamed(each, track=gpx(each.start, latitude=48.2)) for each in WRITTEN[:3]]
    written.append(renamed(WRITTEN[3], name='=HYPERLINK("x")', filename=""))
    import_paths([write_zip(tmp_path / "e.zip", written)], store=store, clock=clock)
    until = clock.now() + timedelta(days=5)
    store.cached.save(from_api(WRITTEN[0].id, "From the API"), expires_at=until + timedelta(days=1))
    store.cached.save(from_api(5, "Only there"), expires_at=until)
    return store


def from_api(activity_id: int, name: str) -> ActivityRecord:
    return ActivityRecord(
        id=activity_id, source="api", sport="Run", start=WRITTEN[0].start, content="x", name=name, distance_m=1.0
    )


SPOILT = ["distance_m = 'far'", "start_utc = 'once'", "moving_time_s = 1e308", "name = x'ff00'", "samples = 'many'"]


@pytest.mark.parametrize("kind", ["parquet", "csv", "geojson", "gpx"])
@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_row_that_cannot_be_read_costs_no_other_run(tmp_path: Path, filled: Store, kind: str, spoilt: str) -> None:
    with closing(sqlite3.connect(filled.own_path)) as connection, connection:
        connection.execute(f"UPDATE activity SET {spoilt} WHERE id = ?", (WRITTEN[1].id,))  # ours
    place = tmp_path / f"out.{kind}"

    match kind:
        case "parquet":
            written = export_parquet(filled, tmp_path / "out", samples=True)
        case "gpx":
            written = export_gpx(filled, place)
        case _:
            written = export_file(filled, kind, place)

    assert written.runs == (3 if kind in ("parquet", "csv") else 2)


def test_parquet_is_read_by_duckdb_and_polars(tmp_path: Path, filled: Store) -> None:
    written = export_parquet(filled, tmp_path / "out", samples=True)

    pattern = str(tmp_path / "out" / "run" / "**" / "*.parquet")
    query = f"SELECT year, id, name, distance_m, local_date FROM read_parquet('{pattern}') ORDER BY id"
    rows = duckdb.execute(query).fetchall()
    assert [row[:4] for row in rows[:3]] == [(2022 + n, w.id, w.name, w.distance_m) for n, w in enumerate(WRITTEN[:3])]
    assert isinstance(rows[0][4], date)
    frame = pl.scan_parquet(pattern, hive_partitioning=True).sort("id").collect()
    assert frame["moving_time_s"].to_list() == [each.moving_time_s for each in WRITTEN]
    assert frame.schema["start_utc"] == pl.Datetime("ms", "UTC")
    assert frame.schema["has_track"] == pl.Boolean
    assert frame["has_track"].to_list() == [True, True, True, False]
    assert (written.runs, written.cached, written.cached_until) == (4, 0, None)


def test_samples_in_parquet_are_those_of_the_store(tmp_path: Path, filled: Store) -> None:
    export_parquet(filled, tmp_path / "out", samples=True)

    frame = pl.read_parquet(tmp_path / "out" / "sample" / "**" / "*.parquet")
    mine = frame.filter(pl.col("run_id") == WRITTEN[1].id)
    streams = filled.streams(WRITTEN[1].id)
    assert streams is not None
    assert streams.latitude_deg is not None
    assert mine["time_s"].to_list() == streams.time_s.tolist()
    assert mine["latitude_deg"].to_list() == streams.latitude_deg.tolist()
    assert mine["power_w"].null_count() == len(mine)


def test_own_data_alone_has_no_value_of_the_api(tmp_path: Path, filled: Store) -> None:
    export_csv(filled, tmp_path / "own.csv")
    export_parquet(filled, tmp_path / "out")
    export_geojson(filled, tmp_path / "own.json")

    for path in (tmp_path / "own.csv", tmp_path / "own.json"):
        assert "From the API" not in path.read_text()
        assert "Only there" not in path.read_text()
    names = pl.read_parquet(tmp_path / "out" / "run" / "**" / "*.parquet")["name"].to_list()
    assert "From the API" not in names
    assert list(filled.summary().written) == []


def test_with_cached_data_each_row_has_its_date_and_the_file_is_remembered(tmp_path: Path, filled: Store) -> None:
    written = export_csv(filled, tmp_path / "all.csv", include_cached=True)

    rows = {row["name"]: row for row in csv.DictReader((tmp_path / "all.csv").open(encoding="utf-8"))}
    assert rows["From the API"]["cached_until"] == "2026-11-28T08:00:00Z"
    assert rows["Only there"]["expires_at"] == "2026-11-27T08:00:00Z"
    assert (written.runs, written.cached, written.cached_until) == (5, 2, "2026-11-27T08:00:00Z")
    assert list(filled.summary().written) == [
        (str(tmp_path / "all.csv"), "2026-11-22T08:00:00Z", "2026-11-27T08:00:00Z")
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "plain", "a=b", 'Ünïcode, "q"'])
def test_a_csv_cell_is_never_a_formula(tmp_path: Path, store: Store, clock: ManualClock, name: str) -> None:
    import_paths(
        [write_zip(tmp_path / "e.zip", [renamed(WRITTEN[3], name=name, filename="")])], store=store, clock=clock
    )

    export_csv(store, tmp_path / "out.csv")

    row = next(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8", newline="")))
    assert not row["name"].startswith(("=", "+", "-", "@", "\t"))
    assert row["name"].removeprefix("'") == name.strip()
    assert float(row["distance_m"]) == WRITTEN[3].distance_m


def test_gpx_reads_back_as_the_same_track(tmp_path: Path, filled: Store) -> None:
    written = export_gpx(filled, tmp_path / "out")

    assert (written.runs, written.left_out) == (3, 1)
    path = tmp_path / "out" / f"2023-01-06-{WRITTEN[1].id}.gpx"
    track = read_tracks(path.read_bytes(), path.name)[0]
    stored = filled.streams(WRITTEN[1].id)
    assert stored is not None
    assert (track.start, track.name, track.sport) == (WRITTEN[1].start, WRITTEN[1].name, "Run")
    for channel in ("time_s", "latitude_deg", "longitude_deg", "altitude_m"):
        assert getattr(track.streams, channel).tolist() == pytest.approx(getattr(stored, channel).tolist(), abs=1e-7)


def test_gpx_has_the_cadence_of_one_foot(tmp_path: Path, store: Store, clock: ManualClock) -> None:
    start = WRITTEN[0].start
    points = [
        TrackPoint(time=start + timedelta(seconds=at), position=(f"{48 + at / 1e4}", "16.3"), strides_per_minute=85)
        for at in range(30)
    ]
    import_paths(
        [write_zip(tmp_path / "e.zip", [renamed(WRITTEN[0], track=write_gpx(points))])], store=store, clock=clock
    )

    path = export_gpx(store, tmp_path / "out").files[0]

    assert "<gpxtpx:cad>85</gpxtpx:cad>" in path.read_text(encoding="utf-8")


def test_geojson_is_one_line_for_each_run_with_positions(tmp_path: Path, filled: Store) -> None:
    written = export_geojson(filled, tmp_path / "out.json")

    collection = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (written.runs, written.left_out) == (3, 1)
    assert [feature["id"] for feature in collection["features"]] == [each.id for each in WRITTEN[:3]]
    first = collection["features"][0]
    assert first["geometry"]["coordinates"][0] == [16.3, 48.2, 200.0]
    assert first["properties"]["distance_m"] == WRITTEN[0].distance_m


def test_hostile_names_make_whole_xml(tmp_path: Path, store: Store, clock: ManualClock) -> None:
    run = renamed(WRITTEN[0], name="</name><x>&\x0b]]>", track=gpx(WRITTEN[0].start))
    import_paths([write_zip(tmp_path / "e.zip", [run])], store=store, clock=clock)

    path = export_gpx(store, tmp_path / "out").files[0]

    assert read_tracks(path.read_bytes(), path.name)[0].name == "</name><x>&]]>"


@pytest.mark.parametrize("export", [export_csv, export_geojson, export_gpx, export_parquet])
def test_nothing_is_overwritten(tmp_path: Path, filled: Store, export: object) -> None:
    assert callable(export)
    (tmp_path / "there").write_text("mine")

    with pytest.raises(UsageError, match="exists already"):
        export(filled, tmp_path / "there")

    assert (tmp_path / "there").read_text() == "mine"


def test_one_parquet_file_holds_every_run_with_its_year(tmp_path: Path, filled: Store) -> None:
    written = export_file(filled, "parquet", tmp_path / "runs.parquet")

    path = str(tmp_path / "runs.parquet")
    rows = duckdb.execute(f"SELECT year, id, is_manual FROM '{path}' ORDER BY id").fetchall()
    assert [row[:2] for row in rows] == [(2022 + at, each.id) for at, each in enumerate(WRITTEN)]
    assert pl.read_parquet(path).schema["local_date"] == pl.Date
    assert (written.runs, written.files) == (4, (tmp_path / "runs.parquet",))


def test_one_gpx_file_holds_a_track_for_each_run(tmp_path: Path, filled: Store) -> None:
    written = export_file(filled, "gpx", tmp_path / "runs.gpx")

    tracks = [each for each in read_tracks((tmp_path / "runs.gpx").read_bytes(), "runs.gpx") if len(each.streams)]
    assert [track.name for track in tracks] == [each.name for each in WRITTEN[:3]]
    assert (written.runs, written.left_out) == (3, 1)


@pytest.mark.parametrize("kind", ["csv", "geojson", "gpx", "parquet"])
def test_a_stream_gets_byte_for_byte_what_a_file_holds(tmp_path: Path, filled: Store, kind: str) -> None:
    pieces: list[bytes] = []

    told = export_stream(filled, kind, pieces.append, include_cached=True)
    written = export_file(filled, kind, tmp_path / "there", include_cached=True)

    assert b"".join(pieces) == (tmp_path / "there").read_bytes()
    assert (told.runs, told.cached, told.left_out) == (written.runs, written.cached, written.left_out)
    assert [place for place, _, _ in list(filled.summary().written)] == [str(tmp_path / "there")]


def test_a_file_that_could_not_be_written_whole_does_not_stay(tmp_path: Path, filled: Store) -> None:
    def too_much(*_: object, **__: object) -> Iterator[bytes]:
        yield b"a piece"
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreUnwritable, match="No space left"), new_file(tmp_path / "runs.csv") as stream:
        stream.writelines(too_much())

    assert not (tmp_path / "runs.csv").exists()


@contextmanager
def removed_once_runs_are_read(store: Store, activity_id: int) -> Iterator[None]:
    """Another process takes an activity out after the export has read which runs there are."""
    with Store(data_dir=store.own_path.parent, cache_dir=store.cache_path.parent, clock=store.cached.clock) as other:
        has_read = is_removed = False

        def watch(statement: str) -> None:
            nonlocal has_read, is_removed
            if has_read and not is_removed:
                is_removed = True
                other.remove(activity_id)
            has_read = has_read or statement.startswith(("SELECT * FROM main.run", "SELECT * FROM main.any_sport"))

        store.connection.set_trace_callback(watch)
        yield
        store.connection.set_trace_callback(None)
        assert is_removed


@pytest.mark.parametrize("kind", ["parquet", "gpx", "geojson"])
def test_an_export_is_of_one_moment(tmp_path: Path, filled: Store, kind: str) -> None:
    place = tmp_path / "out"
    compute_results(filled)

    with removed_once_runs_are_read(filled, WRITTEN[1].id):
        match kind:
            case "parquet":
                export_parquet(filled, place, samples=True)
            case "gpx":
                export_gpx(filled, place)
            case _:
                export_file(filled, kind, place)

    if kind == "parquet":
        runs, samples = (pl.read_parquet(place / name / "**" / "*.parquet") for name in ("run", "sample"))
        assert WRITTEN[1].id in runs["id"]
        assert WRITTEN[1].id in samples["run_id"]
    elif kind == "gpx":
        assert len(list(place.iterdir())) == 3
    else:
        assert len(json.loads(place.read_text())["features"]) == 3


def test_what_is_hidden_is_found_for_the_very_runs_that_are_written(filled: Store) -> None:
    """A run that is imported in between would be written without a circle about its ends."""
    data, cache = filled.own_path.parent, filled.cache_path.parent

    def find_circles() -> tuple[HiddenCircle, ...]:
        with Store(data_dir=data, cache_dir=cache, clock=filled.cached.clock) as other:
            other.own.save(from_api(9, "New"), ImportSource(), EncodedTrack())
            assert len(other.run_rows.runs(own_only=False)) == 6
        runs = filled.run_rows.runs(own_only=False)
        return tuple(HiddenCircle(latitude_deg=0.0, longitude_deg=float(run["id"]), radius_m=1.0) for run in runs)

    found = exported_runs(filled, include_cached=True, circles=find_circles)

    assert sorted(circle.longitude_deg for circle in found.circles) == sorted(
        float(str(row["id"])) for row in found.rows
    )
