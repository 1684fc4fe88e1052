"""A sync as a task of the server: what it shows while it runs, and what came of it, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from paceport.profile.sync_logbook import SyncTalk, held_back_text, schedule_text, sync_logbook
from paceport.web.account.with_profile import OpenProfile
from paceport.web.tasks import Task, TaskControl, TaskResult, Tasks

if TYPE_CHECKING:
    from paceport.logbook.syncing.plan import Schedule
    from paceport.logbook.syncing.sync_report import SyncReport
    from paceport.web.reader import LogbookReader

TASK_NAME = "Sync"
_WHEN_STOPPED = "What was read is in the logbook; the next sync goes on from there."


class Syncing:
    """Starts syncs of one server's profile, and remembers what its page must ask after the last one."""

    def __init__(self, open_profile: OpenProfile, *, reader: LogbookReader, tasks: Tasks) -> None:
        self.open_profile, self.reader, self.tasks = open_profile, reader, tasks
        self.withheld = 0

    def start(self, *, accept_deletions: bool = False) -> Task:
        """Begin a sync; whether data of the API may be kept is the caller's to ask. Raises AnotherTaskRuns."""

        def work(control: TaskControl) -> TaskResult:
            talk = SyncProgress(control).talk()
            # The waits of this clock end when somebody asks the task to stop.
            with self.open_profile(clock=control.clock()) as profile, profile.logbook() as store:
                report = sync_logbook(profile, store, talk, accept_deletions=accept_deletions)
            self.withheld = report.withheld
            self.reader.look_again()
            return sync_result(report)

        return self.tasks.start(TASK_NAME, work, when_stopped=_WHEN_STOPPED)


class SyncProgress:
    """What a sync says of itself, as the task shows it. For the task's thread."""

    def __init__(self, control: TaskControl) -> None:
        self._control = control
        self._words = ""
        self._done: int = 0
        self._total: int | None = None
        # When the limits will have allowed all of it; None where one window is enough, so that the pace can tell.
        self._ends_at: datetime | None = None

    def talk(self) -> SyncTalk:
        """What the sync calls."""
        return SyncTalk(plan=self._plan, step=self._step, wait=self._wait, before_request=self._control.stop_if_asked)

    def _plan(self, what: str, planned: Schedule, held_back: int) -> None:
        parts = [f"{what[:1].upper()}{what[1:]}: {schedule_text(planned, now=self._control.clock().now())}"]
        if held_back:
            parts.append(held_back_text(held_back))
        self._words, self._done, self._total = ". ".join(parts), 0, None
        self._ends_at = planned.done_at if planned.windows > 1 else None
        self._show(self._words)

    def _step(self, done: int, total: int) -> None:
        self._done, self._total = done, total
        self._show(self._words)

    def _wait(self, text: str) -> None:
        self._show(text)

    def _show(self, words: str) -> None:
        left_s = None
        if self._ends_at is not None:
            left_s = max(0.0, (self._ends_at - self._control.clock().now()).total_seconds())
        self._control.show(words, done=self._done, total=self._total, left_s=left_s)


def sync_result(report: SyncReport) -> TaskResult:
    """What came of a sync, in words."""
    changes = [
        f"{count:,} {word}"
        for count, word in ((report.new, "new"), (report.changed, "changed"), (report.deleted, "deleted"))
        if count
    ]
    said = f"{', '.join(changes)}." if changes else "There was nothing new."
    summary = f"{said} Strava lists {report.activities:,} activities."
    if report.left:
        summary += f" The rest comes with the next sync: {report.stopped}." if report.stopped else ""
    else:
        summary += " The logbook is up to date."
    facts = [("details", f"{report.details:,}"), ("recordings", f"{report.streams:,}")]
    if report.left:
        facts.append(("requests left", f"{report.left:,}"))
    facts.append(("requests made", f"{report.requests:,}"))
    return TaskResult(
        summary=summary,
        facts=tuple(facts),
        notes=tuple(_notes(report)),
        next_pages=(("/", "See your runs"), ("/sync", "Sync")),
    )


def _notes(report: SyncReport) -> Iterator[str]:
    if report.withheld:
        yield (
            f"{report.withheld:,} of {report.activities:,} activities disappeared at once, so none was deleted here. "
            "If you deleted them at Strava, say so on the page Sync."
        )
    if report.quarantined:
        yield f"{report.quarantined:,} were refused; the next sync tries them again."
    if report.held_back:
        yield held_back_text(report.held_back)[:1].upper() + held_back_text(report.held_back)[1:] + "."
    if report.new and report.without_samples:
        yield (
            f"{report.without_samples:,} activities of other sports have no heart rate zones, because a sync reads the "
            "recordings of runs alone. Your archive from Strava has them."
        )
    yield from report.notes
