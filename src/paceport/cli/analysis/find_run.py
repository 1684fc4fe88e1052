"""Which run a person means: by its id, `last` for the newest, or by its day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.text import clean

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

_NEWEST = frozenset({"latest", "newest", "-1", "0", "1", "today"})


class _Findable(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def strava_id(self) -> int | None: ...
    @property
    def local_start(self) -> datetime: ...
    @property
    def day(self) -> date: ...
    @property
    def name(self) -> str: ...


Found = TypeVar("Found", bound=_Findable)


def is_meant(text: str, run: _Findable) -> bool:
    """Whether a text is the id or the day of a run."""
    return text in (str(run.id), str(run.strava_id)) or text == run.day.isoformat()


def find_run(runs: Sequence[Found], text: str, *, command: str, is_own_only: bool = False) -> Found:
    """The run that `text` names, of at least one, oldest first. `command` is the one that asks, for what to do.

    Raises UsageError where there is none or more than one.
    """
    if text == "last":
        return runs[-1]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return _find_by_day(runs, text, command)
    is_number = re.fullmatch(r"-?[0-9]{1,19}", text) is not None
    found = next((run for run in runs if is_number and int(text) in (run.id, run.strava_id)), None)
    if found is not None:
        return found
    if text in _NEWEST or not is_number:
        last = f"paceport {command} last"
        raise UsageError(
            what=f"{text[:40]!r} is not the id of a run",
            why="ids are whole numbers; a day is written as 2026-01-31",
            fix=last if text in _NEWEST else f"paceport runs lists them; or: {last}",
        )
    raise UsageError(
        what=f"There is no run {text[:40]} in the logbook",
        why="--own-only leaves out cached runs" if is_own_only else "no run has that id",
        fix="paceport runs lists them",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _RunRow:
    id: int
    strava_id: int | None
    local_start: datetime
    name: str

    @property
    def day(self) -> date:
        return self.local_start.date()


def find_stored_run(store: Store, text: str, *, command: str) -> int:
    """The activity that a person means, to change what is kept of it: any own one by its id, else as `find_run`."""
    if re.fullmatch(r"-?\d{1,18}", text):
        is_own = store.own.stored_activity(int(text)) or store.amended.of_activity(int(text))
        if is_own:
            return int(text)
    runs = [
        _RunRow(
            id=row.id,
            strava_id=row.strava_id,
            local_start=datetime.fromisoformat(row.local_text),
            name=clean(row.name),
        )
        for row in store.run_rows.run_names(own_only=False)
    ]
    if not runs:
        raise UsageError(
            what="The logbook has no runs", why=f"paceport {command} needs one", fix="paceport import export.zip"
        )
    return find_run(runs, text, command=command).id


def _find_by_day(runs: Sequence[Found], text: str, command: str) -> Found:
    found = [run for run in runs if run.day.isoformat() == text]
    if len(found) == 1:
        return found[0]
    if found:
        ids = " or ".join(f"{run.id} ({run.local_start:%H:%M}, {run.name[:30]})" for run in found)
        raise UsageError(
            what=f"There are {len(found)} runs on {text}",
            why=f"their ids: {ids}",
            fix=f"paceport {command} {found[0].id}",
        )
    before = [run.day.isoformat() for run in runs if run.day.isoformat() < text]
    raise UsageError(
        what=f"There is no run on {text}",
        why=f"the last one before it was on {before[-1]}" if before else "there is none before it either",
        fix=f"paceport {command} {before[-1]}" if before else "paceport runs lists them",
    )
