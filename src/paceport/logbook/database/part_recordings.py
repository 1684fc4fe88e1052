"""A person's word that two recordings are not one run, kept as an amendment and undone like one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from paceport.errors import UsageError
from paceport.logbook.amending.amendment import Amendment, Change
from paceport.logbook.database.migrations import transaction

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


def recordings_of_same_run(store: Store, activity_id: int) -> tuple[int, ...]:
    """The other own activities that count as one run with this one."""
    others = {one.activity_id: one.run_id for one in store.recording_rows.others().values() if one.expires_at is None}
    run_id = others.get(activity_id, activity_id)
    members = {run_id, *(other for other, counts in others.items() if counts == run_id)}
    return tuple(sorted(members - {activity_id}))


def run_that_counts(store: Store, activity_id: int) -> int:
    """The activity that stands for this one; itself where it is a run of its own."""
    found = store.recording_rows.others().get(activity_id)
    return activity_id if found is None else found.run_id


def part_recordings(store: Store, activity_id: int) -> tuple[Amendment, ...]:
    """Count an own activity apart from every other recording of its run. Raises UsageError where there is none."""
    others = recordings_of_same_run(store, activity_id)
    if not others:
        raise UsageError(
            what=f"{activity_id} is not joined with another run",
            why="no --merge of it is in effect, and no other recording of yours counts as the same run",
            fix=f"paceport amend {activity_id} --list",
        )
    with transaction(store.connection):
        added = store.amended.add(activity_id, [Change(kind="part", value={"other_id": one}) for one in others])
        _link(store)
    return added


def undo_amendments(store: Store, amendments: Iterable[Amendment]) -> None:
    """Undo amendments, and find again which recordings are one run and which of them counts; all of them or none."""
    undone = tuple(amendments)
    with transaction(store.connection):
        store.amended.undo([one.id for one in undone])
        _link(store, set[int]().union(*(one.activity_ids for one in undone)))


def _link(store: Store, anew: Collection[int] = ()) -> None:
    from paceport.logbook.database.link_recordings import link_recordings  # compares samples: numpy

    link_recordings(store, anew=anew)
