"""The map of the report: each track once, packed for the script, and a picture of all of them without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from paceport.lazy_dataclass import dataclass
from paceport.maps.place import HiddenCircle
from paceport.report.packing import pack
from paceport.report.pages.map_page import MapPage, map_page, map_rows
from paceport.report.pages.places import place_in_file
from paceport.report.pages.run_rows import run_link
from paceport.report.pages.snapshot import Snapshot
from paceport.training.history.run import Run

_PLAIN_SIDE = 500.0  # on paper as wide as the page, this is a third of a millimetre


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSection:
    """The map as `serve` shows it, and its tracks, packed: those of the list of runs first.

    A row is that of `map_rows`, or 0 for a run without a track that may be shown.
    """

    page: MapPage
    packs: tuple[str, ...]


def map_section(snapshot: Snapshot, runs: Sequence[Run]) -> MapSection | None:
    """The map of a snapshot; the tracks of the `runs` come in their order. None where nothing may be shown."""

    def circles(_ends: object) -> Sequence[HiddenCircle]:
        return snapshot.circles

    found = {str(row[0]): row for row in map_rows(snapshot, circles, is_whole=False)}
    if not found:
        return None
    rows: list[Any] = []
    for run in runs:
        row = found.pop(run_link(run.id), None)
        rows.append([place_in_file(row[0]), *row[1:]] if row else 0)
    # What is no run of the list has no view in the file.
    rows += [["", *row[1:]] for row in found.values()]
    return MapSection(
        page=replace(map_page(snapshot, circles, is_plain=True, long_side=_PLAIN_SIDE), data=""),
        packs=pack(rows),
    )
