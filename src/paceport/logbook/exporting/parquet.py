"""Runs as Parquet: for DuckDB, Polars, ClickHouse and Spark."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Literal

from paceport.errors import MissingExtra
from paceport.logbook.database.store import Store
from paceport.logbook.exporting.destination import (
    ExportedRuns,
    ExportReport,
    Row,
    check_new_destination,
    exported_runs,
    record_export,
    translate_write_errors,
)
from paceport.sports import RUN_SPORTS

_WHOLE = frozenset({"other_recordings", "id", "strava_id", "run_id", "year", "number", "place", "place_in_year"})
_BOOLEANS = frozenset({"is_manual", "is_indoor", "is_commute", "is_private", "is_race", "has_track", "is_confirmed"})
_MOMENTS = frozenset({"start_utc", "deleted_at_strava", "expires_at", "cached_until"})
_DAYS = frozenset({"local_date", "week"})
_CHANNELS = (
    *("time_s", "distance_m", "latitude_deg", "longitude_deg", "altitude_m", "speed_mps", "heartrate_bpm"),
    *("cadence_spm", "power_w", "temperature_c"),
)


def export_parquet(
    store: Store,
    place: Path,
    *,
    include_cached: bool = False,
    samples: bool = False,
    sports: tuple[str, ...] | None = RUN_SPORTS,
) -> ExportReport:
    """A folder with `run`, `lap`, `best_effort` and perhaps `sample`, each in parts `year=2026/part-0.parquet`.

    Typed: moments in UTC, local starts without a zone, days as dates, truths as booleans. `sample` has a row for each
    sample of each run. Raises UsageError if `place` exists, MissingExtra without pyarrow.
    """
    arrow = _arrow()
    files: list[Path] = []
    with store.one_moment():
        rows = exported_runs(store, include_cached=include_cached, sports=sports).rows
        check_new_destination(place)
        years: dict[object, object] = {row["id"]: row["year"] for row in rows}
        with translate_write_errors(place):
            for name in _TABLES:
                view = "any_sport" if name == "run" else name
                answer = store.view(view, include_cached=include_cached)
                every = (dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
                table = [row for row in every if row.get("run_id", row.get("id")) in years]
                files += _write_parts(arrow, place / name, answer.columns, table, years)
            if samples:
                files += _write_samples(arrow, store, place / "sample", rows)
    return record_export(store, place, files, rows)


def parquet_pieces(_store: Store, runs: ExportedRuns, held: list[Row]) -> Iterator[bytes]:
    """One Parquet file of the runs, with the types of `export_parquet` and the year as a column of its own.

    Raises MissingExtra without pyarrow.
    """
    arrow = _arrow()
    held += runs.rows
    written = io.BytesIO()  # a Parquet file ends with its index, and a pipe cannot be sought in
    arrow.parquet.write_table(_table(arrow, runs.columns, runs.rows), written, compression="zstd")
    yield written.getvalue()


_TABLES: tuple[Literal["run", "lap", "best_effort"], ...] = ("run", "lap", "best_effort")


def _arrow() -> ModuleType:
    """pyarrow, which is an extra and has no types of its own."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        raise MissingExtra(extra="parquet", needed_for="Writing Parquet") from error


def _write_parts(
    arrow: ModuleType, folder: Path, columns: Sequence[str], rows: Sequence[Row], years: dict[object, object]
) -> Iterator[Path]:
    # The folder's name holds the year; a second one inside the file would clash with it.
    kept = [name for name in columns if name != "year"]
    parts: dict[object, list[Row]] = {}
    for row in rows:
        parts.setdefault(years[row.get("run_id", row.get("id"))], []).append(row)
    for year, part in sorted(parts.items(), key=str):
        path = folder / f"year={year}" / "part-0.parquet"
        path.parent.mkdir(parents=True)
        arrow.parquet.write_table(_table(arrow, kept, part), path, compression="zstd")
        yield path


def _table(arrow: ModuleType, columns: Sequence[str], rows: Sequence[Row]) -> object:
    schema = arrow.schema([(name, _type(arrow, name)) for name in columns])
    arrays = [arrow.array([_typed(name, row[name]) for row in rows], schema.field(name).type) for name in columns]
    return arrow.Table.from_arrays(arrays, schema=schema)


def _write_samples(arrow: ModuleType, store: Store, folder: Path, rows: Sequence[Row]) -> Iterator[Path]:
    """One run at a time, so that a whole history needs the memory of one run."""
    schema = arrow.schema([("run_id", arrow.int64()), *((name, arrow.float64()) for name in _CHANNELS)])
    by_year: dict[object, list[int]] = {}
    for row in rows:
        if row["has_track"]:
            by_year.setdefault(row["year"], []).append(int(str(row["id"])))
    for year, ids in sorted(by_year.items(), key=str):
        path = folder / f"year={year}" / "part-0.parquet"
        path.parent.mkdir(parents=True)
        with arrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            for run_id in ids:
                streams = store.streams(run_id)
                if streams is None or not len(streams):
                    continue
                channels = streams.channels()
                nothing = arrow.nulls(len(streams), arrow.float64())
                arrays = [arrow.array([run_id] * len(streams), arrow.int64())]
                arrays += [
                    arrow.array(channels[name], arrow.float64(), from_pandas=True) if name in channels else nothing
                    for name in _CHANNELS
                ]
                writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
        yield path


def _type(arrow: ModuleType, name: str) -> object:
    if name in _WHOLE:
        return arrow.int64()
    if name in _BOOLEANS:
        return arrow.bool_()
    if name in _MOMENTS:
        return arrow.timestamp("s", tz="UTC")
    if name in _DAYS:
        return arrow.date32()
    if name == "local_start":
        return arrow.timestamp("s")
    number = name.endswith(("_m", "_s", "_mps", "_bpm", "_spm", "_w", "_c", "_kcal", "_deg", "_per_km"))
    is_number = number or name in {"relative_effort", "perceived_exertion", "training_load", "steps"}
    return arrow.float64() if is_number else arrow.string()


def _typed(name: str, value: object) -> object:
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(str(value))
    if name in _DAYS:
        return date.fromisoformat(str(value))
    if name == "local_start":
        return datetime.fromisoformat(str(value))
    return bool(value) if name in _BOOLEANS else value
