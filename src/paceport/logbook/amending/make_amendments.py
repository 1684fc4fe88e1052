"""Corrections as a person gives them, for the command and for the pages: read, tried out, kept, listed, undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.amending.amendment import Change, describe
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.part_recordings import part_recordings, run_that_counts, undo_amendments
from paceport.logbook.database.schema_to_ask import schema_to_ask
from paceport.parse_quantities import parse_distance_m, parse_place

if TYPE_CHECKING:
    from paceport.logbook.database.amended_rows import ListedAmendment
    from paceport.logbook.database.store import Store

SHOWN = ("id", "name", "sport", "local_start", "distance_m", "elapsed_time_s", "is_race", "has_track")


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What a person wants of a run, in their words; None where nothing is said.

    `crop_start`, `crop_end` and `split` are places such as "5:00" or "0.8km", `distance` a length such as "10.2km",
    `merge` the id of the other run.
    """

    crop_start: str | None = None
    crop_end: str | None = None
    distance: str | None = None
    sport: str | None = None
    race: bool | None = None
    merge: int | None = None
    split: str | None = None

    def changes(self) -> list[Change]:
        """The corrections in the order in which they are applied. Raises UsageError for what cannot be read."""
        found: list[Change] = []
        if self.crop_start is not None:
            found.append(Change(kind="crop_start", value=_place(self.crop_start)))
        if self.crop_end is not None:
            found.append(Change(kind="crop_end", value=_place(self.crop_end)))
        if self.distance is not None:
            found.append(Change(kind="distance", value={"distance_m": parse_distance_m(self.distance)}))
        if self.sport is not None:
            found.append(Change(kind="sport", value={"sport": self.sport}))
        if self.race is not None:
            found.append(Change(kind="race", value={"is_race": self.race}))
        if self.merge is not None:
            found.append(Change(kind="merge", value={"other_id": self.merge}))
        if self.split is not None:
            found.append(Change(kind="split", value=_place(self.split)))
        return found


def amend(store: Store, activity_id: int, changes: Sequence[Change]) -> list[str]:
    """Keep corrections, all of them or none; gives each in words. Raises what `AmendedRows.add` does, and UsageError
    for a recording that another one stands for: what was amended in it would not be seen.
    """
    run_id = run_that_counts(store, activity_id)
    if run_id != activity_id:
        raise UsageError(
            what=f"{activity_id} is another recording of run {run_id}",
            why="the run shows what was amended in the recording that counts",
            fix=f"paceport amend {run_id}, or count them apart: paceport amend {activity_id} --part",
        )
    return [f"{activity_id}: {describe(one.change)}" for one in store.amended.add(activity_id, changes)]


def try_out(
    store: Store, activity_id: int, act: Callable[[Store], list[str]]
) -> tuple[list[str], list[dict[str, object]]]:
    """What `act` says, and what the run and those tied to it would be shown as; nothing is kept.

    Raises what `act` does.
    """
    said: list[str] = []
    found: list[dict[str, object]] = []
    try:
        with transaction(store.connection):
            said += act(store)
            found += shown_activities(store, activity_id)
            raise _OnlyTried
    except _OnlyTried:
        return said, found


def part(store: Store, activity_id: int) -> list[str]:
    """Part the runs, or the recordings, that were made one; gives in words what was done. Raises UsageError."""
    merges = [
        one
        for one in store.amended.of_activity(activity_id)
        if one.amendment.change.kind == "merge" and not one.amendment.is_undone
        if activity_id in one.amendment.activity_ids
    ]
    if merges:
        return _undo(store, merges)
    return [f"{activity_id}: {describe(one.change)}" for one in part_recordings(store, activity_id)]


def undo(store: Store, activity_id: int, which: str) -> list[str]:
    """Undo an amendment by its number, the `newest`, or `all`; gives in words what was undone. Raises UsageError."""
    standing = [one for one in reversed(store.amended.of_activity(activity_id)) if not one.amendment.is_undone]
    if which == "newest":
        found = standing[:1]
    elif which == "all":
        found = standing
    elif re.fullmatch(r"\d{1,9}", which):
        found = [one for one in standing if one.amendment.id == int(which)]
    else:
        raise UsageError(
            what=f"{which[:30]!r} is not the number of an amendment",
            why="--undo takes a number, `all`, or nothing for the newest",
            fix=f"paceport amend {activity_id} --list",
        )
    if not found:
        raise UsageError(
            what="There is nothing to undo",
            why=f"{activity_id} has no amendment{f' {which}' if which.isdigit() else ''} in effect",
            fix=f"paceport amend {activity_id} --list",
        )
    return _undo(store, found)


def shown_activities(store: Store, activity_id: int) -> list[dict[str, object]]:
    """What the activity, and those tied to it by amendments, are shown as now: the columns `SHOWN` of each."""
    # On the connection that writes: what is only tried is seen nowhere else.
    query = f"SELECT {', '.join(SHOWN)} FROM {schema_to_ask(store.connection)}.any_activity WHERE id = ?"  # noqa: S608
    rows = [store.connection.execute(query, (one,)).fetchone() for one in store.amended.shown_as(activity_id)]
    return [dict(zip(SHOWN, row, strict=True)) for row in rows if row is not None]


def state_of(listed: ListedAmendment) -> str:
    """Whether an amendment is in effect, in words."""
    return "undone" if listed.amendment.is_undone else "no longer fits" if listed.left_out_because else "yes"


class _OnlyTried(Exception):  # no error: it undoes what was tried
    pass


def _undo(store: Store, found: Sequence[ListedAmendment]) -> list[str]:
    undo_amendments(store, [one.amendment for one in found])
    return [f"undone: {one.amendment.activity_id}: {describe(one.amendment.change)}" for one in found]


def _place(text: str) -> dict[str, object]:
    time_s, distance_m = parse_place(text)
    return {"distance_m": distance_m} if time_s is None else {"time_s": time_s}
