"""The import of files that a browser sent, as a task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paceport.logbook.importing.import_report import ImportReport, Progress
from paceport.logbook.importing.import_text import figures, joined_text, odd_things, unknown_zone_text
from paceport.profile.own_import import OwnImport, import_into
from paceport.web.tasks import LeftOut, Task, TaskControl, TaskResult, Tasks

if TYPE_CHECKING:
    from paceport.profile.profile import Profile
    from paceport.profile.reading_options import ReadingOptions
    from paceport.web.importing.uploads import Batch

TASK_NAME = "Import"
_WHEN_STOPPED = "What was read until then is in the logbook. Import the same files again to continue."
_MOST_SHOWN = 200


def start_import(
    tasks: Tasks,
    batch: Batch,
    *,
    options: ReadingOptions | None = None,
    passed_over: str = "",
    open_profile: Callable[[], Profile],
    changed: Callable[[], None],
) -> Task:
    """Import the files of a batch; they are removed at the end, whatever that is, and `changed` is called.

    `passed_over` says which files of a folder were not sent, "" for none. Raises AnotherTaskRuns, and then the files
    stay.
    """

    def work(control: TaskControl) -> TaskResult:
        def tell(step: Progress) -> None:
            # The command's own measure counts what is passed over in no time; the task measures the part at hand.
            control.show(step.name, done=step.done, total=step.total)

        try:
            control.show("looking into the files")
            with open_profile() as profile:
                done = import_into(profile, batch.to_import(), options=options, progress=tell)
                return import_result(done, batch.refused, passed_over=passed_over, command=profile.command)
        finally:
            batch.remove()
            changed()

    return tasks.start(TASK_NAME, work, when_stopped=_WHEN_STOPPED)


def import_result(
    done: OwnImport, refused: Sequence[LeftOut], *, passed_over: str = "", command: Callable[[str], str]
) -> TaskResult:
    """What the command says at its end. `refused` are files that were not even taken; `passed_over` is a note."""
    report = done.report
    left_out = [*refused, *(LeftOut(place=one.place, why=one.why, fix=one.fix) for one in report.quarantined)]
    notes = [*odd_things(report), joined_text(done.joined), unknown_zone_text(report), passed_over]
    if len(left_out) > _MOST_SHOWN:
        notes.append(f"{len(left_out) - _MOST_SHOWN:,} more were left out: {command('logbook --json')} lists them")
    return TaskResult(
        summary=_summary(report),
        facts=tuple(figures(report)),
        notes=tuple(note for note in notes if note),
        left_out=tuple(left_out[:_MOST_SHOWN]),
        next_pages=(("/", "Overview"), ("/runs", "Runs"), ("/import", "Import more")),
    )


def _summary(report: ImportReport) -> str:
    if not report.read:
        return "Nothing was imported."
    if not report.new and not report.changed:
        return "Everything that could be read is in the logbook already."
    parts = [f"{report.new:,} new" if report.new else "", f"{len(report.changed):,} changed" if report.changed else ""]
    activities = "activity" if report.new + len(report.changed) == 1 else "activities"
    return f"{' and '.join(part for part in parts if part)} {activities}."
