"""The columns of the exported runs, and how they are written and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from paceport.errors import MissingExtra
from paceport.jobs.run_parquet.counted_runs import CountedRun
from paceport.storage.private_files import make_private_folder, replace_private

# Raise it when a column changes its name, type or meaning: everything is then written anew.
# 2: each run has one row, with `recordings`; other sports than running are left out.
LAYOUT_NUMBER = 2
_FINGERPRINT = b"paceport_fingerprint"
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
    "recordings": ("int64", None),
    "expires_at": ("moment", None),
    "results_version": ("int64", None),
    "schema_number": ("int64", None),
}


def runs_table(arrow: ModuleType, runs: Sequence[CountedRun], *, fingerprint: str) -> Any:  # noqa: ANN401  # pyarrow has no types
    """The rows of one part. Its file tells the fingerprint of what is in it."""
    rows = [_row(run) for run in runs]
    schema = arrow.schema(
        [(name, arrow_type(arrow, kind)) for name, (kind, _) in _COLUMNS.items()],
        metadata={"paceport_schema_number": str(LAYOUT_NUMBER), _FINGERPRINT: fingerprint},
    )
    arrays = [arrow.array([row[name] for row in rows], schema.field(name).type) for name in _COLUMNS]
    return arrow.Table.from_arrays(arrays, schema=schema)


def read_part(arrow: ModuleType, path: Path) -> tuple[str, tuple[int, ...]]:
    """What a part's file holds: its fingerprint, and the numbers of its runs. Nothing where it cannot be read."""
    try:
        found = arrow.parquet.read_table(path, columns=["run_id"], partitioning=None)
    except (OSError, arrow.ArrowException):
        return "", ()
    fingerprint = (found.schema.metadata or {}).get(_FINGERPRINT, b"").decode("ascii", "replace")
    return fingerprint, tuple(found["run_id"].to_pylist())


def write_table(arrow: ModuleType, path: Path, table: Any) -> None:  # noqa: ANN401  # pyarrow has no types
    """Put a file in place of the one that is there; a reader sees the one or the other, whole."""
    for parent in (path.parent.parent.parent, path.parent.parent, path.parent):
        make_private_folder(parent)
    sink = arrow.BufferOutputStream()
    arrow.parquet.write_table(table, sink, compression="zstd")
    # Its name begins with a dot until it is whole: no reader takes it for a part.
    replace_private(path, sink.getvalue().to_pybytes(), draft=path.with_name(f".{path.name}.new"))


def arrow_type(arrow: ModuleType, kind: str) -> object:
    """The type of that name; a moment is one in UTC, to the microsecond."""
    return arrow.timestamp("us", tz="UTC") if kind == "moment" else getattr(arrow, kind)()


def load_arrow() -> ModuleType:
    """pyarrow, which is an extra. Raises MissingExtra."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        raise MissingExtra(extra="parquet", needed_for="Writing Parquet") from error


def _row(run: CountedRun) -> dict[str, object]:
    result = run.result
    of_row: dict[str, object] = {
        "run_id": result.activity_id,
        "start_utc": result.started_at,
        "source": "file" if result.own_file else "api",
        "recordings": run.recordings,
        "expires_at": result.expires_at,
        "results_version": result.schema_number,
        "schema_number": LAYOUT_NUMBER,
    }
    return {
        name: of_row[name] if path is None else _typed(_find(run.metrics, path), kind)
        for name, (kind, path) in _COLUMNS.items()
    }


def _find(metrics: object, path: Sequence[str]) -> object:
    for name in path:
        metrics = metrics.get(name) if isinstance(metrics, Mapping) else None
    return metrics


def _typed(value: object, kind: str) -> object:
    if kind == "float64":
        return float(value) if isinstance(value, int | float) else None
    return value if isinstance(value, str) else None
