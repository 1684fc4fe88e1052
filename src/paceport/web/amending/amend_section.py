"""What the page of a run shows of its corrections: those that were made, and the forms for others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.logbook.amending.amendment import describe
from paceport.logbook.amending.make_amendments import shown_activities, state_of
from paceport.logbook.database.part_recordings import recordings_of_same_run
from paceport.report.html_text import name_text
from paceport.report.pages.run_rows import weekday_text
from paceport.sports import RUN_SPORTS, SPORT_TYPES
from paceport.units import Units, duration_text
from paceport.web.sport_choice import find_activity

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.report.pages.snapshot import Snapshot
    from paceport.training.history.run import Run

_MERGED_WITHIN = timedelta(days=1)
_MOST_NEIGHBOURS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentLine:
    """One correction that was made. `in_effect` is "yes", "undone" or "no longer fits"; `note` says why."""

    number: int
    run_id: int
    text: str
    made: str
    in_effect: str
    note: str

    @property
    def can_be_undone(self) -> bool:
        """Whether it still counts, or would if it fitted."""
        return self.in_effect != "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """A run as the logbook shows it, in words."""

    id: int
    name: str
    start: str
    distance: str
    elapsed: str
    sport: str
    is_race: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendSection:
    """Corrections of one run. `neighbours` are (id, words) of runs that it may be merged with."""

    run: ShownRun
    lines: tuple[AmendmentLine, ...]
    neighbours: tuple[tuple[int, str], ...]
    has_other_recordings: bool
    sports: tuple[str, ...] = SPORT_TYPES

    @property
    def has_records(self) -> bool:
        """Whether its times may be records: those of runs alone are kept."""
        return self.run.sport in RUN_SPORTS


def amend_section(snapshot: Snapshot, store: Store, activity_id: int) -> AmendSection | None:
    """The corrections of an activity; None where it is not of the own data, or not shown now."""
    shown = {run.id: run for run in shown_runs(store, activity_id, snapshot.units)}
    if activity_id not in shown:
        return None
    return AmendSection(
        run=shown[activity_id],
        lines=amendment_lines(store, activity_id),
        neighbours=tuple(_neighbours(snapshot, activity_id)),
        has_other_recordings=bool(recordings_of_same_run(store, activity_id)),
    )


def amendment_lines(store: Store, activity_id: int) -> tuple[AmendmentLine, ...]:
    """The corrections of an activity and of those tied to it, undone ones too, the newest first."""
    return tuple(
        AmendmentLine(
            number=one.amendment.id,
            run_id=one.amendment.activity_id,
            text=describe(one.amendment.change),
            made=one.amendment.made_at[:10],
            in_effect=state_of(one),
            note=one.left_out_because,
        )
        for one in reversed(store.amended.of_activity(activity_id))
    )


def shown_runs(store: Store, activity_id: int, units: Units) -> list[ShownRun]:
    """What an own activity, and those tied to it, are shown as now."""
    return [in_words(row, units) for row in shown_activities(store, activity_id)]


def in_words(row: Mapping[str, object], units: Units) -> ShownRun:
    """A row of `shown_activities`."""
    distance_m, elapsed_s = row["distance_m"], row["elapsed_time_s"]
    return ShownRun(
        id=int(str(row["id"])),
        name=name_text(str(row["name"])),
        start=str(row["local_start"])[:16].replace("T", " "),
        distance=f"{units.distance(distance_m if isinstance(distance_m, int | float) else None)} {units.name}",
        elapsed=duration_text(elapsed_s if isinstance(elapsed_s, int | float) else None),
        sport=str(row["sport"]),
        is_race=bool(row["is_race"]),
    )


def _neighbours(snapshot: Snapshot, activity_id: int) -> list[tuple[int, str]]:
    """The runs of the same day or so, the nearest first."""
    this = find_activity(snapshot, str(activity_id))
    if this is None:
        return []
    near = [
        run for run in snapshot.history.activities if run is not this and abs(run.start - this.start) < _MERGED_WITHIN
    ]
    near.sort(key=lambda run: abs(run.start - this.start))
    return [(run.id, _words(run, snapshot.units)) for run in near[:_MOST_NEIGHBOURS]]


def _words(run: Run, units: Units) -> str:
    when = f"{weekday_text(run.day)}, {run.local_start:%H:%M}"
    return f"{name_text(run.name)}: {when}, {units.distance(run.distance_m)} {units.name}"
