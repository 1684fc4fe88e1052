"""A person's word on whether the efforts of a run count as records, kept as an amendment and undone like one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass

# What reads verdicts must not load what makes them: that is imported where it is used.
if TYPE_CHECKING:
    from paceport.logbook.amending.amendment import Amendment
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVerdict:
    """Whether a run was confirmed for records or rejected, and when (UTC, as text)."""

    run_id: int
    is_confirmed: bool
    made_at: str


def decide_records(store: Store, activity_id: int, *, is_confirmed: bool) -> int:
    """Confirm or reject a run for records, in place of what was said of it before. The id of the run that counts.

    Raises UsageError for a run that is only in the cache, StoreUnwritable.
    """
    from paceport.logbook.amending.amendment import Change
    from paceport.logbook.database.migrations import transaction
    from paceport.logbook.database.part_recordings import run_that_counts

    run_id = run_that_counts(store, activity_id)
    with transaction(store.connection):
        standing = _standing(store, run_id)
        if [bool(one.change.value.get("is_confirmed")) for one in standing] != [is_confirmed]:
            store.amended.undo([one.id for one in standing])
            store.amended.add(run_id, [Change(kind="record", value={"is_confirmed": is_confirmed})])
    return run_id


def undo_decision(store: Store, activity_id: int) -> bool:
    """Take back what was said of a run; False where nothing was."""
    from paceport.logbook.database.part_recordings import run_that_counts

    standing = _standing(store, run_that_counts(store, activity_id))
    store.amended.undo([one.id for one in standing])
    return bool(standing)


def record_verdicts(store: Store) -> tuple[RecordVerdict, ...]:
    """What a person said, the newest first."""
    query = """
SELECT v.activity_id, v.is_confirmed, a.made_at
FROM main.record_verdict AS v JOIN main.amendment AS a ON a.id = v.amendment_id
WHERE v.is_confirmed IN (0, 1) ORDER BY a.made_at DESC, a.id DESC"""
    return tuple(
        RecordVerdict(run_id=run_id, is_confirmed=bool(is_confirmed), made_at=made_at)
        for run_id, is_confirmed, made_at in store.connection.execute(query)
    )


def _standing(store: Store, run_id: int) -> list[Amendment]:
    return [
        listed.amendment
        for listed in store.amended.of_activity(run_id)
        if listed.amendment.change.kind == "record" and not listed.amendment.is_undone
        if listed.amendment.activity_id == run_id
    ]
