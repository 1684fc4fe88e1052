"""The runs of all athletes as Parquet, one folder for each athlete and month, brought up to date piece by piece.

    runs/athlete_id=7/month=2026-11/part-0.parquet    replaced whole where something in it has changed
    tombstones/gone=2026-11-29/part-0.parquet         runs that are no longer there, and athletes who have left
    manifest.json                                     what each part holds, and the number of this layout

A part is written beside the old one and renamed over it, so a query sees one or the other. What the API told expires
here as it does in the database: with the next export. Each part is read from one athlete's rows and from nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from paceport.errors import MissingExtra, UsageError
from paceport.logbook.exporting.destination import translate_write_errors
from paceport.storage.postgres.athlete_rows import AthleteRows, StoredResult
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members
from paceport.storage.private_files import make_private_folder, read_private, remove_private, replace_private

# Raise it when a column changes its name, type or meaning: everything is then written anew.
LAYOUT_NUMBER = 1
_TOMBSTONES_FOR = timedelta(days=30)
# Column → its type in Arrow, and where it stands in a result's JSON; None for what the row itself has.
_COLUMNS: Mapping[str, tuple[str, tuple[str, ...] | None]] = {
    "run_id": ("int64", None),
    "start_utc": ("moment", None),
    "sport": ("string", ("sport",)),
    "name": ("string", ("name",)),
    "timezone": ("string", ("timezone",)),
    "distance_m": ("float64", ("distance_m",)),
    "moving_time_s": ("float64", ("moving_time_s",)),
    "elapsed_time_s": ("float64", ("elapsed_time_s",)),
    "elevation_gain_m": ("float64", ("elevation_gain_m",)),
    "average_heartrate_bpm": ("float64", ("average_heartrate_bpm",)),
    "max_heartrate_bpm": ("float64", ("max_heartrate_bpm",)),
    "cadence_spm": ("float64", ("figures", "cadence_spm")),
    "speed_mps": ("float64", ("figures", "speed_mps")),
    "adjusted_speed_mps": ("float64", ("figures", "adjusted_speed_mps")),
    "efficiency_factor": ("float64", ("figures", "efficiency_factor")),
    "decoupling_percent": ("float64", ("figures", "decoupling_percent")),
    "source": ("string", None),
    "expires_at": ("moment", None),
    "results_version": ("int64", None),
    "schema_number": ("int64", None),
}
_TOMBSTONE_COLUMNS = {"athlete_id": "int64", "run_id": "int64", "month": "string", "gone_at": "moment"}

Part = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetReport:
    """What an export did: parts written, parts that stayed as they were, parts removed, and runs that are gone."""

    written: int
    unchanged: int
    removed: int
    gone: int


@dataclass(slots=True)
class _Manifest:
    """Part → its fingerprint and the ids of its runs."""

    parts: dict[Part, tuple[str, tuple[int, ...]]] = field(default_factory=dict)

    def to_json(self) -> bytes:
        shown = {
            f"{athlete_id}/{month}": {"fingerprint": fingerprint, "runs": list(runs)}
            for (athlete_id, month), (fingerprint, runs) in sorted(self.parts.items())
        }
        return json.dumps({"schema_number": LAYOUT_NUMBER, "parts": shown}, indent=1).encode()


def export_runs(database: Database, folder: Path, *, now: datetime) -> ParquetReport:
    """Bring the folder up to date with the database. Raises MissingExtra, UsageError, StoreErrors.

    May be stopped anywhere: the manifest is written last, and what is not in it is written again.
    """
    arrow = _arrow()
    with translate_write_errors(folder):
        make_private_folder(folder)
        before, after = _read_manifest(folder), _Manifest()
        written = 0
        for athlete_id in Members(database).ids_with_results():
            for month, results in _by_month(AthleteRows(database, athlete_id).results(now=now)).items():
                part, fingerprint = (athlete_id, month), _fingerprint(results)
                after.parts[part] = (fingerprint, tuple(result.activity_id for result in results))
                if before.parts.get(part, ("", ()))[0] != fingerprint:
                    _write(arrow, _part_path(folder, part), _table(arrow, results))
                    written += 1
        gone = list(_gone(before, after))
        _write_tombstones(arrow, folder, gone, now)
        removed = _remove(folder, before.parts.keys() - after.parts.keys())
        _remove_old_tombstones(folder, now)
        replace_private(folder / "manifest.json", after.to_json())
    return ParquetReport(written=written, unchanged=len(after.parts) - written, removed=removed, gone=len(gone))


def _by_month(results: Sequence[StoredResult]) -> dict[str, list[StoredResult]]:
    found: dict[str, list[StoredResult]] = {}
    for result in results:
        found.setdefault(f"{result.started_at.astimezone(UTC):%Y-%m}", []).append(result)
    return found


def _fingerprint(results: Sequence[StoredResult]) -> str:
    """Another one where any run of the part is another, expires at another time, or the layout has changed."""
    values = [(one.activity_id, one.metrics, one.schema_number, str(one.expires_at)) for one in results]
    return hashlib.sha256(json.dumps([LAYOUT_NUMBER, values]).encode()).hexdigest()[:32]


def _gone(before: _Manifest, after: _Manifest) -> Iterator[tuple[int, int, str]]:
    """Athlete, run and month of what was there and is not: in its month, or anywhere."""
    there = {(athlete_id, run) for (athlete_id, _), (_, runs) in after.parts.items() for run in runs}
    for (athlete_id, month), (_, runs) in sorted(before.parts.items()):
        yield from ((athlete_id, run, month) for run in runs if (athlete_id, run) not in there)


def _part_path(folder: Path, part: Part) -> Path:
    return folder / "runs" / f"athlete_id={part[0]}" / f"month={part[1]}" / "part-0.parquet"


def _table(arrow: ModuleType, results: Sequence[StoredResult]) -> Any:  # noqa: ANN401  # pyarrow has no types
    rows = [_row(result) for result in results]
    schema = arrow.schema(
        [(name, _type(arrow, kind)) for name, (kind, _) in _COLUMNS.items()],
        metadata={"paceport_schema_number": str(LAYOUT_NUMBER)},
    )
    arrays = [arrow.array([row[name] for row in rows], schema.field(name).type) for name in _COLUMNS]
    return arrow.Table.from_arrays(arrays, schema=schema)


def _row(result: StoredResult) -> dict[str, object]:
    metrics = json.loads(result.metrics)
    of_row: dict[str, object] = {
        "run_id": result.activity_id,
        "start_utc": result.started_at,
        "source": "file" if result.own_file else "api",
        "expires_at": result.expires_at,
        "results_version": result.schema_number,
        "schema_number": LAYOUT_NUMBER,
    }
    return {
        name: of_row[name] if path is None else _typed(_find(metrics, path), kind)
        for name, (kind, path) in _COLUMNS.items()
    }


def _find(metrics: Any, path: Sequence[str]) -> object:  # noqa: ANN401  # JSON
    for name in path:
        metrics = metrics.get(name) if isinstance(metrics, dict) else None
    found: object = metrics
    return found


def _typed(value: object, kind: str) -> object:
    if kind == "float64":
        return float(value) if isinstance(value, int | float) else None
    return value if isinstance(value, str) else None


def _write_tombstones(arrow: ModuleType, folder: Path, gone: Sequence[tuple[int, int, str]], now: datetime) -> None:
    """Add to the day's tombstones; once each, however often the export is stopped and begun again."""
    if not gone:
        return
    path = folder / "tombstones" / f"gone={now.astimezone(UTC):%Y-%m-%d}" / "part-0.parquet"
    rows: dict[tuple[int, int, str], object] = {}
    if path.exists():
        for row in arrow.parquet.read_table(path, partitioning=None).to_pylist():
            rows[(row["athlete_id"], row["run_id"], row["month"])] = row["gone_at"]
    for one in gone:
        rows.setdefault(one, now)
    schema = arrow.schema([(name, _type(arrow, kind)) for name, kind in _TOMBSTONE_COLUMNS.items()])
    columns = [[key[place] for key in rows] for place in range(3)]
    arrays = [
        arrow.array(values, kind.type) for values, kind in zip((*columns, list(rows.values())), schema, strict=True)
    ]
    _write(arrow, path, arrow.Table.from_arrays(arrays, schema=schema))


def _write(arrow: ModuleType, path: Path, table: Any) -> None:  # noqa: ANN401  # pyarrow has no types
    for parent in (path.parent.parent.parent, path.parent.parent, path.parent):
        make_private_folder(parent)
    sink = arrow.BufferOutputStream()
    arrow.parquet.write_table(table, sink, compression="zstd")
    # Its name begins with a dot until it is whole: no reader takes it for a part.
    replace_private(path, sink.getvalue().to_pybytes(), draft=path.with_name(f".{path.name}.new"))


def _remove(folder: Path, parts: set[Part]) -> int:
    for part in parts:
        path = _part_path(folder, part)
        remove_private(path)
        for parent in (path.parent, path.parent.parent):
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
    return len(parts)


def _remove_old_tombstones(folder: Path, now: datetime) -> None:
    """Whoever reads them at least once a month has seen them; after that no id is kept of what is gone."""
    for one in (folder / "tombstones").glob("gone=*"):
        day = date.fromisoformat(one.name.removeprefix("gone="))
        if now.date() - day > _TOMBSTONES_FOR:
            remove_private(one / "part-0.parquet")
            one.rmdir()


def _read_manifest(folder: Path) -> _Manifest:
    raw = read_private(folder / "manifest.json", most=1 << 30)
    if raw is None:
        if any(folder.iterdir()):
            raise UsageError(
                what=f"{folder} is not an export of runs",
                why="it holds something else, and no manifest.json",
                fix="choose an empty folder",
            )
        return _Manifest()
    found = _Manifest()
    try:
        for name, part in json.loads(raw)["parts"].items():
            athlete_id, _, month = name.partition("/")
            found.parts[(int(athlete_id), month)] = (str(part["fingerprint"]), tuple(map(int, part["runs"])))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            what=f"{folder / 'manifest.json'} cannot be read",
            why="an export did not write it so",
            fix="export to an empty folder",
        ) from error
    return found


def _type(arrow: ModuleType, kind: str) -> object:
    return arrow.timestamp("us", tz="UTC") if kind == "moment" else getattr(arrow, kind)()


def _arrow() -> ModuleType:
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        raise MissingExtra(extra="parquet", needed_for="Writing Parquet") from error
