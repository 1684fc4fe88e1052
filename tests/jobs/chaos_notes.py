"""What really happened in a chaos run: each job's begin and end, and each detail that was kept or erased.

Jobs are noted in a file that all worker processes append to, what is kept by a trigger in the database. So order is
seen where it happens, and not concluded from what is there at the end.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psycopg

from paceport.jobs.service_work import ServiceWork
from paceport.jobs.turns import Turn

# Event times have whole seconds: one from up to two seconds before a fetch may tell what the fetch did not see.
SLACK = timedelta(seconds=2)
_SCHEMA = """
CREATE SCHEMA chaos;
CREATE TABLE chaos.detail (
    number bigserial PRIMARY KEY, transaction_id bigint NOT NULL DEFAULT txid_current(), athlete_id bigint NOT NULL,
    object_id bigint NOT NULL, is_kept boolean NOT NULL, fetched_at timestamptz NOT NULL
);
CREATE FUNCTION chaos.note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one paceport.reply;
BEGIN
    one := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    IF one.endpoint = 'detail' THEN
        INSERT INTO chaos.detail (athlete_id, object_id, is_kept, fetched_at)
            VALUES (one.athlete_id, one.object_id, TG_OP <> 'DELETE', one.fetched_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON paceport.reply FOR EACH ROW EXECUTE FUNCTION chaos.note();
CREATE TABLE chaos.event (object_id bigint NOT NULL, event_at timestamptz NOT NULL);
CREATE FUNCTION chaos.note_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.object_type = 'activity' THEN
        INSERT INTO chaos.event VALUES (NEW.object_id, NEW.event_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT ON paceport.inbox FOR EACH ROW EXECUTE FUNCTION chaos.note_event();
"""


@dataclass(frozen=True, slots=True)
class JobNotes:
    """Work whose every job is noted in a file before it begins and after it has ended."""

    work: ServiceWork
    path: Path

    def look_after(self, athlete_id: int, turn: Turn) -> None:
        """As the work does it."""
        job = f"{os.getpid()}/{threading.get_ident()} {athlete_id}"
        append(self.path, f"begin {job}")
        try:
            self.work.look_after(athlete_id, turn)
        finally:
            append(self.path, f"end {job}")

    def round(self) -> None:
        """As the work does it."""
        self.work.round()


def append(path: Path, line: str) -> None:
    """Add a line to a file that several processes write to; the lines come in the order in which they were written."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, f"{line}\n".encode())
    finally:
        os.close(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrder:
    """What the notes of jobs show: how many there were, how many died, and those of one athlete at one time."""

    jobs: int
    died: int
    side_by_side: tuple[str, ...]


def job_order(path: Path) -> JobOrder:
    """Read the notes. A worker's jobs end with it: `killed PID` is written when it is surely dead."""
    running: dict[str, str] = {}
    jobs, died, together = 0, 0, list[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        what, who, *rest = line.split()
        if what == "killed":
            lost = [athlete for athlete, worker in running.items() if worker.partition("/")[0] == who]
            died += len(lost)
            for athlete in lost:
                del running[athlete]
        elif what == "begin":
            jobs += 1
            if rest[0] in running:
                together.append(line)
            running[rest[0]] = who
        elif running.get(rest[0]) == who:
            del running[rest[0]]
    return JobOrder(jobs=jobs, died=died, side_by_side=tuple(together))


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailNote:
    """One change of what is kept: a detail as it was at `fetched_at`, or its end."""

    athlete_id: int
    object_id: int
    is_kept: bool
    fetched_at: datetime


class KeptNotes:
    """The changes of what is kept, and the events that told of them."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url

    def begin(self) -> None:
        """Note from now on."""
        with psycopg.connect(self._database_url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS chaos CASCADE")
            connection.execute(_SCHEMA.encode())

    def end(self) -> None:
        """Leave the database as it was."""
        with psycopg.connect(self._database_url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS chaos CASCADE")

    def by_activity(self) -> dict[int, list[DetailNote]]:
        """The changes of each activity in their order; one that replaces another is no end of it."""
        statement = """
SELECT athlete_id, object_id, is_kept, fetched_at FROM chaos.detail AS one WHERE is_kept OR NOT EXISTS (
    SELECT 1 FROM chaos.detail AS other WHERE other.transaction_id = one.transaction_id
        AND other.object_id = one.object_id AND other.is_kept)
ORDER BY number
"""
        found: dict[int, list[DetailNote]] = defaultdict(list)
        names = ("athlete_id", "object_id", "is_kept", "fetched_at")
        for row in self._rows(statement):
            note = DetailNote(**dict(zip(names, row, strict=True)))
            found[note.object_id].append(note)
        return found

    def event_times(self) -> dict[int, list[datetime]]:
        """When the events of each activity happened that have come, in order; of athletes who have left, too."""
        found: dict[int, list[datetime]] = defaultdict(list)
        for object_id, event_at in self._rows("SELECT object_id, event_at FROM chaos.event ORDER BY event_at"):
            found[object_id].append(event_at)
        return found

    def events_left(self) -> int:
        """How many events nobody has worked on."""
        ((count,),) = self._rows("SELECT count(*) FROM paceport.inbox WHERE done_at IS NULL")
        return int(count)

    def _rows(self, statement: str) -> list[tuple]:  # type: ignore[type-arg]  # of any columns
        with psycopg.connect(self._database_url) as connection:
            return connection.execute(statement.encode()).fetchall()


def out_of_order(notes: dict[int, list[DetailNote]]) -> list[DetailNote]:
    """What was kept after something newer: an older state, or anything of what had been erased."""
    return [
        after
        for ones in notes.values()
        for before, after in pairwise(ones)
        if after.is_kept and (not before.is_kept or after.fetched_at < before.fetched_at)
    ]


def needless(notes: dict[int, list[DetailNote]], events: dict[int, list[datetime]], *, until: datetime) -> int:
    """How many details were fetched and kept again by `until` though no event told anything new since the last time."""
    return sum(
        not any(before.fetched_at - SLACK < at <= after.fetched_at for at in events.get(object_id, ()))
        for object_id, ones in notes.items()
        for before, after in pairwise(one for one in ones if one.is_kept and one.fetched_at <= until)
        if before.fetched_at < after.fetched_at
    )


def not_followed(notes: dict[int, list[DetailNote]], events: dict[int, list[datetime]]) -> Iterator[int]:
    """The activities that are kept in a state from before their last event."""
    for object_id, ones in notes.items():
        last = ones[-1]
        if last.is_kept and any(at - SLACK > last.fetched_at for at in events.get(object_id, ())):
            yield object_id
