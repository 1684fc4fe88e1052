"""The logbook, open: `with Store(own=…, cache=…, clock=…) as store`."""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from paceport.clock import Clock
from paceport.logbook.database.cached_rows import CachedRows, PurgeResult
from paceport.logbook.database.checked_rows import begin_check, check_token, end_check, is_checked
from paceport.logbook.database.connection import connect
from paceport.logbook.database.migrations import one_moment
from paceport.logbook.database.result_rows import PendingActivity, pending_results, save_results
from paceport.logbook.database.run_rows import RunRows
from paceport.logbook.database.schema_to_ask import schema_to_ask
from paceport.logbook.database.stream_rows import shown_blocks, shown_channels

# What reads a computed logbook must not load what fills one: each of these is imported where it is used.
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from paceport.logbook.database.activity_record import ResultRecord, TrackFacts
    from paceport.logbook.database.amended_rows import AmendedRows
    from paceport.logbook.database.assessment_rows import AssessmentRows
    from paceport.logbook.database.athlete_rows import AthleteRows
    from paceport.logbook.database.export_rows import ExportRows
    from paceport.logbook.database.freshness import Freshness
    from paceport.logbook.database.load_rows import LoadRows
    from paceport.logbook.database.logbook_summary import LogbookSummary, QuarantineEntry
    from paceport.logbook.database.measure_rows import MeasureRows
    from paceport.logbook.database.own_rows import OwnRows
    from paceport.logbook.database.plot_rows import PlotRows
    from paceport.logbook.database.read_only_sql import OpenQuery, QueryResult
    from paceport.logbook.database.recording_rows import RecordingRows
    from paceport.logbook.database.remove_activity import RemovedActivity
    from paceport.logbook.database.sync_rows import SyncedRows
    from paceport.logbook.database.threshold_rows import ThresholdRows
    from paceport.streams import Streams

_RunView = Literal["run", "run_day", "run_week", "best_effort", "lap", "gear", "any_sport", "sport_week"]
_MeasureView = Literal["run_measure", "best_by_duration", "run_grade", "run_speed"]
ViewName = _RunView | _MeasureView | Literal["threshold_day", "run_pace_zone", "run_intensity", "month_intensity"]


class Store:
    """Both databases, joined. `own` writes the athlete's own part, `cached` the part that expires.

    Opening creates and migrates the files, and erases what has expired (`purge_result` says what that did). Where the
    files may only be read, `read_only_because` says why: everything can be read then, and writing raises
    StoreUnwritable. The two parts never write into each other.
    """

    def __init__(self, *, data_dir: Path, cache_dir: Path, clock: Clock) -> None:
        self.own_path = data_dir / "own.db"
        self.cache_path = cache_dir / "cache.db"
        self.originals_dir = data_dir / "originals"
        self._clock = clock
        self.read_only_because = ""
        self.purge_result = PurgeResult(rows=0, is_clean=True)
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Store:
        opened = connect(self.own_path, self.cache_path, self._clock)
        self._connection, self.read_only_because = opened.connection, opened.read_only_because
        try:
            if not self.read_only_because:
                self.purge_result = self.cached.purge()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; twice is once."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection, for the other files of this package. RuntimeError outside the `with` block."""
        if self._connection is None:
            raise RuntimeError("the store is not open")
        return self._connection

    @property
    def own(self) -> OwnRows:
        """The athlete's own part."""
        from paceport.logbook.database.own_rows import OwnRows

        return OwnRows(connection=self.connection, originals_dir=self.originals_dir, clock=self._clock)

    @property
    def amended(self) -> AmendedRows:
        """The amendments to own activities, and the activities as amended."""
        from paceport.logbook.database.amended_rows import AmendedRows

        return AmendedRows(connection=self.connection, clock=self._clock)

    @property
    def cached(self) -> CachedRows:
        """The part that expires."""
        return CachedRows(connection=self.connection, path=self.cache_path, clock=self._clock)

    @property
    def recording_rows(self) -> RecordingRows:
        """Which activities are one run."""
        from paceport.logbook.database.recording_rows import RecordingRows

        return RecordingRows(connection=self.connection)

    @property
    def export_rows(self) -> ExportRows:
        """What the exports as a whole told."""
        from paceport.logbook.database.export_rows import ExportRows

        return ExportRows(connection=self.connection, clock=self._clock)

    def shoes(self, *, own_only: bool = False) -> list[tuple[str, int, float, str | None]]:
        """Every pair of shoes as (name, runs, metres, local day of the last run), the one used last first."""
        from paceport.logbook.database.shoe_rows import read_shoes

        return read_shoes(self.connection, own_only=own_only)

    def former_shoe_names(self) -> dict[str, str]:
        """The names that shoes had before they were renamed at Strava, with the names that they have now."""
        from paceport.logbook.database.shoe_rows import read_former_names

        return read_former_names(self.connection)

    def freshness(self, now: datetime) -> Freshness:
        """The newest run, the last import and the last sync."""
        from paceport.logbook.database.freshness import read_freshness

        return read_freshness(self.connection, now)

    @property
    def run_rows(self) -> RunRows:
        """The runs as the analysis reads them."""
        return RunRows(connection=self.connection)

    @property
    def assessment_rows(self) -> AssessmentRows:
        """What comparing runs with each other showed."""
        from paceport.logbook.database.assessment_rows import AssessmentRows

        return AssessmentRows(connection=self.connection)

    @property
    def measure_rows(self) -> MeasureRows:
        """What each run adds to questions about many."""
        from paceport.logbook.database.measure_rows import MeasureRows

        return MeasureRows(connection=self.connection)

    @property
    def plot_rows(self) -> PlotRows:
        """What plots of one activity show."""
        from paceport.logbook.database.plot_rows import PlotRows

        return PlotRows(connection=self.connection)

    @property
    def load_rows(self) -> LoadRows:
        """The loads of all activities."""
        from paceport.logbook.database.load_rows import LoadRows

        return LoadRows(connection=self.connection)

    @property
    def threshold_rows(self) -> ThresholdRows:
        """The thresholds of speed of each day."""
        from paceport.logbook.database.threshold_rows import ThresholdRows

        return ThresholdRows(connection=self.connection)

    @property
    def athlete_rows(self) -> AthleteRows:
        """What all runs together say of the athlete."""
        from paceport.logbook.database.athlete_rows import AthleteRows

        return AthleteRows(connection=self.connection)

    @property
    def synced(self) -> SyncedRows:
        """What sync knows of the API's activities."""
        from paceport.logbook.database.sync_rows import SyncedRows

        return SyncedRows(connection=self.connection, cached=self.cached, clock=self._clock)

    def one_moment(self) -> AbstractContextManager[None]:
        """All that is read inside is of one moment, whoever writes meanwhile; nothing may be written inside."""
        return one_moment(self.connection)

    def change_counts(self) -> tuple[int, ...]:
        """Numbers of which one differs from an earlier call's once another connection has written.

        So does one where another file lies where one of these lay: what is written there is not seen from here.
        """
        own = self.connection.execute("PRAGMA main.data_version").fetchone()[0]
        cache = self.connection.execute("PRAGMA cache.data_version").fetchone()[0]
        return int(own), int(cache), _file_number(self.own_path), _file_number(self.cache_path)

    def recorded_streams(self, activity_id: int, *, own_only: bool = False) -> Streams | None:
        """The samples of an activity alone: own ones, as amended, else (unless `own_only`) cached ones, else None."""
        from paceport.formats.stream_codec import decode_streams  # the logbook extra: numpy and zstandard

        blocks = shown_blocks(self.connection, activity_id, own_only=own_only)
        return decode_streams(blocks) if blocks else None

    def imported_streams(self, activity_id: int) -> Streams | None:
        """The samples of an activity alone, without its amendments: what recordings are compared by."""
        from paceport.formats.stream_codec import decode_streams  # the logbook extra: numpy and zstandard

        blocks = self.own.blocks(activity_id) or self.cached.blocks(activity_id)
        return decode_streams(blocks) if blocks else None

    def streams(self, activity_id: int, *, own_only: bool = False) -> Streams | None:
        """The samples of an activity, with the channels that its run takes from other recordings of it.

        Own samples take channels of own ones alone: what is computed from them stays when the cache expires.
        """
        first = self.recorded_streams(activity_id, own_only=own_only)
        if first is None:
            return None
        others = [
            (track, later_s, channels)
            for other, later_s, channels in self._giving(activity_id, own_only=own_only)
            if (track := self.recorded_streams(other, own_only=own_only)) is not None
        ]
        if not others:
            return first
        from paceport.logbook.recordings.best_channels import union

        return union(first, others)

    def channels(self, activity_id: int, *, own_only: bool = False) -> tuple[str, ...]:
        """The names of the channels that `streams` gives, without decoding them."""
        found = shown_channels(self.connection, activity_id, own_only=own_only)
        given = [name for _, _, names in self._giving(activity_id, own_only=own_only) for name in names]
        return tuple(dict.fromkeys([*found, *given])) if found else ()

    def _giving(self, activity_id: int, *, own_only: bool) -> list[tuple[int, float, tuple[str, ...]]]:
        """The recordings that give channels to an activity, how many seconds later they began, and which."""
        is_own = own_only or bool(shown_channels(self.connection, activity_id, own_only=True))
        return self.recording_rows.giving(activity_id, database="main" if is_own else "cache")

    def track_facts(self, activity_id: int) -> TrackFacts | None:
        """Pauses, the device's own totals and how the distance is known: of the samples that `streams` gives."""
        from paceport.logbook.database.activity_record import parse_track_facts

        row = self.connection.execute(
            "SELECT track, samples FROM main.shown_activity WHERE id = ?", (activity_id,)
        ).fetchone()
        own = parse_track_facts(row[0]) if row else None
        return own if row and row[1] else self.cached.track_facts(activity_id) or own

    def pending_results(self, version: int, *, with_own: bool = True) -> list[PendingActivity]:
        """The activities with a track that the analysis of `version` has not seen as they are now, newest first."""
        return pending_results(self.connection, version, with_own=with_own)

    def check_token(self, *, is_ended: bool = True) -> str | None:
        """What names the check since which no own activity and no own result has changed, or the one under way."""
        return check_token(self.connection, is_ended=is_ended)

    def shows_own_data_alone(self) -> bool:
        """Whether nothing is cached that runs and efforts show something of."""
        return schema_to_ask(self.connection) == "main"

    def is_checked(self, mark: str) -> bool:
        """Whether no own activity and no own result has changed since a check that ended with this mark."""
        return is_checked(self.connection, mark)

    def begin_check(self) -> str:
        """A token to end a check of every own row with."""
        return begin_check(self.connection)

    def end_check(self, token: str, mark: str) -> None:
        """Say that every own row is readable and computed; of no effect where something changed meanwhile."""
        end_check(self.connection, token, mark)

    def save_results(self, results: Iterable[ResultRecord]) -> None:
        """Keep what the analysis found, all of it or nothing: with own data for ever, with cached data until that
        expires.
        """
        save_results(self.connection, results)

    def remove(self, activity_id: int) -> RemovedActivity:
        """Take an activity out; own data goes to the folder `removed`. Raises UsageError, StoreUnwritable."""
        from paceport.logbook.database.remove_activity import remove_activity

        return remove_activity(self.connection, activity_id, originals=self.originals_dir, clock=self._clock)

    def view(self, name: ViewName, *, include_cached: bool) -> QueryResult:
        """All rows of a documented view; without cached data not one value of it comes from the API."""
        from paceport.logbook.database.read_only_sql import QueryResult

        schema = "temp" if include_cached else "main"
        cursor = self.connection.execute(f"SELECT * FROM {schema}.{name}")  # noqa: S608  # names of ours
        columns = tuple(column[0] for column in cursor.description)
        return QueryResult(columns=columns, rows=cursor.fetchall(), is_cut=False)

    def quarantined(self) -> tuple[QuarantineEntry, ...]:
        """What is left out, why, and how or when it is tried again."""
        from paceport.logbook.database.logbook_summary import quarantine_entries

        return quarantine_entries(self.connection)

    def summary(self) -> LogbookSummary:
        """What is in the logbook, in numbers."""
        from paceport.logbook.database.logbook_summary import summarize

        with self.one_moment():
            return summarize(self.connection, own=self.own_path, originals=self.originals_dir, cache=self.cache_path)

    def query(self, query: str, *, limit_s: float = 30.0, most_rows: int | None = None) -> QueryResult:
        """One read-only question over the documented views; see `read_only_sql.run_query`."""
        from paceport.logbook.database.read_only_sql import run_query

        return run_query(self.own_path, self.cache_path, query, clock=self._clock, limit_s=limit_s, most_rows=most_rows)

    def open_query(self, query: str, *, limit_s: float = 30.0) -> AbstractContextManager[OpenQuery]:
        """The same for an answer of any length: its rows are read as they are taken."""
        from paceport.logbook.database.read_only_sql import open_query

        return open_query(self.own_path, self.cache_path, query, clock=self._clock, limit_s=limit_s)


def _file_number(path: Path) -> int:
    """What tells the file that lies there from every other one; 0 where none does."""
    try:
        return os.stat(path).st_ino  # noqa: PTH116  # asked at every page
    except OSError:
        return 0
