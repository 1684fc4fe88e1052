"""Which activities are one run: what was compared, and which activity another one stands for, in both databases."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Literal

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.migrations import transaction

_COLUMNS = "id, source, sport, strftime('%s', start_utc), coalesce(elapsed_time_s, moving_time_s), distance_m"
_MORE_COLUMNS = "track, samples, CASE WHEN json_valid(notes) THEN notes ELSE '[]' END, content"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparableRow:
    """An activity of either database, as far as recordings are compared.

    `is_sport_open`: nobody said its sport, its file neither.
    """

    id: int
    source: str
    sport: str
    start_s: float
    duration_s: float
    distances_m: tuple[float, ...]
    samples: int
    notes: tuple[str, ...]
    is_sport_open: bool
    content: str
    expires_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRecording:
    """An activity that `run_id` stands for; `place` counts from 1, `channels` are those that the run takes from it.

    `expires_at` is None where both are own data.
    """

    activity_id: int
    run_id: int
    place: int
    channels: tuple[str, ...]
    expires_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRows:
    """Reads and writes the tables `compared` and `other_recording` of an open store."""

    connection: sqlite3.Connection

    def comparable(self) -> list[ComparableRow]:
        """All own activities, and the living cached ones whose id no own one has."""
        own = f"SELECT {_COLUMNS}, {_MORE_COLUMNS}, NULL FROM main.activity"  # noqa: S608  # names of ours
        cached = (
            f"SELECT {_COLUMNS}, {_MORE_COLUMNS}, expires_at FROM cache.activity WHERE expires_at > now_utc() "  # noqa: S608  # names of ours
            "AND id NOT IN (SELECT id FROM main.activity) "
            "AND id NOT IN (SELECT activity_id FROM cache.same WHERE expires_at > now_utc())"
        )
        rows = [*self.connection.execute(own), *self.connection.execute(cached)]
        return [found for row in rows if (found := _comparable(row)) is not None]

    def compared(self) -> dict[tuple[int, int], tuple[str, bool, bool]]:
        """What is known of pairs, as contents, whether they are one run, and whether a person said so."""
        found: dict[tuple[int, int], tuple[str, bool, bool]] = {}
        rows = self.connection.execute(
            "SELECT first_id, second_id, contents, is_one, 0 FROM cache.compared WHERE expires_at > now_utc() "
            "UNION ALL SELECT first_id, second_id, contents, is_one, decided_by = 'person' FROM main.compared"
        )
        for first, second, contents, is_one, by_person in rows:
            found[first, second] = (contents, bool(is_one), bool(by_person))
        return found

    def save_compared(self, first: ComparableRow, second: ComparableRow, contents: str, *, is_one: bool) -> None:
        """Keep what a comparison gave; of two own activities with own data, else until the first of them expires."""
        expiries = [one.expires_at for one in (first, second) if one.expires_at is not None]
        values = (*sorted((first.id, second.id)), contents, is_one)
        if expiries:
            self.connection.execute(
                "INSERT OR REPLACE INTO cache.compared VALUES (?, ?, ?, ?, ?)", (*values, min(expiries))
            )
        else:
            self.connection.execute(
                "INSERT OR REPLACE INTO main.compared (first_id, second_id, contents, is_one) VALUES (?, ?, ?, ?)",
                values,
            )

    def others(self) -> dict[int, OtherRecording]:
        """The activities that others stand for, by their id; living ones alone."""
        rows = self.connection.execute(
            "SELECT activity_id, run_id, place, channels, expires_at FROM cache.other_recording "
            "WHERE expires_at > now_utc() "
            "UNION ALL SELECT activity_id, run_id, place, channels, NULL FROM main.other_recording"
        )
        return {
            activity_id: OtherRecording(
                activity_id=activity_id,
                run_id=run_id,
                place=place,
                channels=tuple(map(str, json.loads(channels))),
                expires_at=expires_at,
            )
            for activity_id, run_id, place, channels, expires_at in rows
        }

    def replace_others(self, others: Mapping[int, OtherRecording], *, changed_runs: Iterable[int]) -> None:
        """Write anew which activity stands for which. What was computed of `changed_runs` is computed again."""
        changed = self._with_parts(changed_runs)
        with transaction(self.connection):
            for database in ("main", "cache"):
                self.connection.execute(f"DELETE FROM {database}.other_recording")  # noqa: S608  # names of ours
                for table in ("result", "effort"):
                    # Names of ours; no value goes in.
                    query = f"DELETE FROM {database}.{table} WHERE activity_id = ?"  # noqa: S608
                    self.connection.executemany(query, [(run_id,) for run_id in changed])
            for one in others.values():
                values = (one.activity_id, one.run_id, one.place, json.dumps(one.channels))
                if one.expires_at is None:
                    self.connection.execute("INSERT INTO main.other_recording VALUES (?, ?, ?, ?)", values)
                else:
                    self.connection.execute(
                        "INSERT INTO cache.other_recording VALUES (?, ?, ?, ?, ?)", (*values, one.expires_at)
                    )

    def giving(self, run_id: int, *, database: Literal["main", "cache"]) -> list[tuple[int, float, tuple[str, ...]]]:
        """The others of one database that give channels to a run of it: id, seconds that they began later, channels.

        The second part of a split takes them from the recordings of the run that was split.
        """
        living = "AND r.expires_at > now_utc() AND a.expires_at > now_utc()" if database == "cache" else ""
        # Names of ours; no value goes in.
        query = f"""
SELECT r.activity_id, strftime('%s', a.start_utc) - strftime('%s', f.start_utc), r.channels
FROM {database}.other_recording AS r JOIN {database}.activity AS a ON a.id = r.activity_id
    JOIN {database}.{"shown_" * (database == "main")}activity AS f ON f.id = :run
WHERE r.run_id = :whole AND r.channels <> '[]' {living} ORDER BY r.place"""  # noqa: S608
        whole = self._split_from(run_id) if run_id < 0 and database == "main" else run_id
        rows = self.connection.execute(query, {"run": run_id, "whole": whole})
        return [(other, float(later_s or 0), tuple(json.loads(channels))) for other, later_s, channels in rows]

    def _with_parts(self, run_ids: Iterable[int]) -> set[int]:
        """These runs, and the second parts of their splits."""
        query = (
            "SELECT activity_id, json_extract(value, '$.other_id') FROM main.amendment "
            "WHERE kind = 'split' AND undone_at IS NULL AND json_valid(value) ORDER BY id"
        )
        found = set(run_ids)
        for whole, part in self.connection.execute(query):  # a part is split after it was made
            if whole in found and isinstance(part, int):
                found.add(part)
        return found

    def _split_from(self, run_id: int) -> int:
        """The activity that was imported of which this is a part; itself where it was not split off."""
        query = (
            "SELECT activity_id FROM main.amendment WHERE kind = 'split' AND undone_at IS NULL AND json_valid(value) "
            "AND json_extract(value, '$.other_id') = ?"
        )
        whole, seen = run_id, set[int]()
        while whole not in seen and (row := self.connection.execute(query, (whole,)).fetchone()):
            seen.add(whole)
            whole = row[0]
        return int(whole)

    def of_run(self, run_id: int, *, own_only: bool) -> list[OtherRecording]:
        """The other recordings of a run, the best first."""
        found = [one for one in self.others().values() if one.run_id == run_id]
        return sorted((one for one in found if not own_only or one.expires_at is None), key=lambda one: one.place)


def _comparable(row: tuple[object, ...]) -> ComparableRow | None:
    from paceport.logbook.database.activity_record import parse_track_facts  # what fills a logbook; readers need it not

    identity, source, sport, start_s, duration_s, distance_m, track, samples, notes, content, expires_at = row
    if start_s is None or not isinstance(duration_s, int | float) or not isinstance(identity, int):
        return None
    facts = parse_track_facts(track)
    told = (distance_m, facts.distance_m if facts else None)
    return ComparableRow(
        id=identity,
        source=str(source),
        sport=str(sport),
        start_s=float(str(start_s)),
        duration_s=float(duration_s),
        distances_m=tuple(float(one) for one in told if isinstance(one, int | float)),
        samples=samples if isinstance(samples, int) else 0,
        notes=_texts(notes),
        is_sport_open=source == "file" and (sport == "Workout" or (facts is not None and facts.is_sport_guessed)),
        content=str(content),
        expires_at=None if expires_at is None else str(expires_at),
    )


def _texts(notes: object) -> tuple[str, ...]:
    found = json.loads(notes) if isinstance(notes, str) and notes != "[]" else []
    return tuple(map(str, found)) if isinstance(found, list) else ()
