"""A person's word on whether the efforts of a run count as records, kept as an amendment and undone like one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.record_views import IMPOSSIBLE, LATER, REJECTED
from paceport.logbook.database.schema_to_ask import schema_to_ask
from paceport.sports import RUN_SPORTS

# What reads verdicts must not load what makes them: that is imported where it is used.
if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVerdict:
    """Whether a run was confirmed for records or rejected, and when (UTC, as text)."""

    run_id: int
    is_confirmed: bool
    made_at: str


def can_be_confirmed(doubt: str) -> bool:
    """Whether a person's word can make an effort count that does not for this reason."""
    return doubt not in (REJECTED, LATER, *IMPOSSIBLE)


def decide_records(store: Store, activity_id: int, *, is_confirmed: bool) -> int:
    """Confirm or reject a run for records, in place of what was said of it before. The id of the run that counts.

    Raises UsageError for a run that is only in the cache and for an activity that is no run, StoreUnwritable.
    """
    from paceport.logbook.amending.amendment import Change
    from paceport.logbook.database.migrations import transaction
    from paceport.logbook.database.part_recordings import recordings_of_same_run, run_that_counts

    run_id = run_that_counts(store, activity_id)
    _check_is_run(store, run_id)
    if not store.connection.execute("SELECT 1 FROM main.shown_activity WHERE id = ?", (run_id,)).fetchone():
        raise UsageError(
            what=f"Run {run_id} cannot be confirmed or rejected",
            why="it is not in your own data; data from the API expires within seven days, and your word with it",
            fix="import your export or the recording first: paceport import",
        )
    with transaction(store.connection):
        words = _words(store, run_id)
        if not words or words[0].is_confirmed != is_confirmed:
            recordings = {run_id, *recordings_of_same_run(store, run_id)}
            store.amended.undo([one.amendment_id for one in words if one.activity_id in recordings])
            store.amended.add(run_id, [Change(kind="record", value={"is_confirmed": is_confirmed})])
    return run_id


def undo_decision(store: Store, activity_id: int) -> bool:
    """Take back what was said of a run; False where nothing was."""
    from paceport.logbook.database.part_recordings import run_that_counts

    words = _words(store, run_that_counts(store, activity_id))
    store.amended.undo([one.amendment_id for one in words])
    return bool(words)


def record_verdicts(store: Store) -> tuple[RecordVerdict, ...]:
    """What a person said, the newest first, each by the run that it holds for."""
    schema = schema_to_ask(store.connection)
    query = f"""
SELECT v.activity_id, v.is_confirmed, a.made_at
FROM {schema}.record_verdict AS v JOIN main.amendment AS a ON a.id = v.amendment_id
WHERE v.is_confirmed IN (0, 1) AND (EXISTS (SELECT 1 FROM main.shown_activity AS o WHERE o.id = v.activity_id)
    OR EXISTS (SELECT 1 FROM cache.activity AS c WHERE c.id = v.activity_id))
ORDER BY a.made_at DESC, a.id DESC, v.activity_id"""  # noqa: S608  # names of ours; no value goes in
    return tuple(
        RecordVerdict(run_id=run_id, is_confirmed=bool(is_confirmed), made_at=made_at)
        for run_id, is_confirmed, made_at in store.connection.execute(query)
    )


class _Word(NamedTuple):
    """A word that holds for a run, and the activity that it was said of."""

    amendment_id: int
    activity_id: int
    is_confirmed: bool


def _words(store: Store, run_id: int) -> list[_Word]:
    """What was said of a run, the newest first."""
    query = f"""
SELECT w.amendment_id, a.activity_id, w.is_confirmed
FROM {schema_to_ask(store.connection)}.record_word AS w JOIN main.amendment AS a ON a.id = w.amendment_id
WHERE w.activity_id = ? ORDER BY w.amendment_id DESC"""  # noqa: S608  # names of ours; no value goes in
    rows = store.connection.execute(query, (run_id,))
    return [_Word(number, activity_id, bool(is_confirmed)) for number, activity_id, is_confirmed in rows]


def _check_is_run(store: Store, run_id: int) -> None:
    row = store.run_rows.recording(run_id, own_only=False)
    if row is not None and row["sport"] not in RUN_SPORTS:
        raise UsageError(
            what=f"Activity {run_id} is no run",
            why=f"its sport is {row['sport']}, and records are kept of runs alone",
            fix=f"if it was one: paceport amend {run_id} --sport Run",
        )
