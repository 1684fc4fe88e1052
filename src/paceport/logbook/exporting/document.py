"""All runs as one document: to a new file, or to a stream such as stdout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from paceport.logbook.database.store import Store
from paceport.logbook.exporting.csv import csv_pieces
from paceport.logbook.exporting.destination import (
    Circles,
    ExportedRuns,
    ExportReport,
    Row,
    exported_runs,
    new_file,
    record_export,
)
from paceport.logbook.exporting.geojson import geojson_pieces
from paceport.logbook.exporting.gpx import gpx_pieces
from paceport.logbook.exporting.parquet import parquet_pieces
from paceport.sports import RUN_SPORTS

# A format: gives the document piece by piece, and adds each run that it holds to the list.
Pieces = Callable[[Store, ExportedRuns, list[Row]], Iterator[bytes]]


DOCUMENTS: dict[str, Pieces] = {
    "parquet": parquet_pieces,
    "csv": csv_pieces,
    "gpx": gpx_pieces,
    "geojson": geojson_pieces,
}


def export_file(
    store: Store,
    kind: str,
    place: Path,
    *,
    include_cached: bool = False,
    sports: tuple[str, ...] | None = RUN_SPORTS,
    circles: Circles = (),
) -> ExportReport:
    """Write the runs into one new file. Raises UsageError if `place` exists, MissingExtra, StoreUnwritable."""
    held: list[Row] = []
    with store.one_moment():
        runs = exported_runs(store, include_cached=include_cached, sports=sports, circles=circles)
        with new_file(place) as stream:
            stream.writelines(DOCUMENTS[kind](store, runs, held))
    return record_export(store, place, [place], held, left_out=len(runs.rows) - len(held))


def export_stream(
    store: Store,
    kind: str,
    write: Callable[[bytes], object],
    *,
    include_cached: bool = False,
    sports: tuple[str, ...] | None = RUN_SPORTS,
    circles: Circles = (),
) -> ExportReport:
    """Give the same document to `write`, piece by piece. Raises MissingExtra and what `write` raises."""
    runs = exported_runs(store, include_cached=include_cached, sports=sports, circles=circles)
    held: list[Row] = []
    for piece in DOCUMENTS[kind](store, runs, held):
        write(piece)
    return record_export(store, Path("-"), [], held, left_out=len(runs.rows) - len(held))
