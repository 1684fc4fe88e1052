"""The import of dropped files as a task: stopped in the middle, and what it says at its end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from makers.export_writer import activities, write_zip
from paceport.clock import ManualClock
from paceport.logbook.importing.import_report import ImportReport, QuarantinedItem
from paceport.profile.own_import import OwnImport
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.web.importing.import_task import import_result, start_import
from paceport.web.importing.uploads import Batch, Uploads
from paceport.web.tasks import LeftOut, Task, Tasks

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


class ImpatientClock(ManualClock):
    """Stops the task that runs when it has looked at the clock so many times: once for each activity."""

    tasks: Tasks | None = None
    looks = 6

    def monotonic_s(self) -> float:
        self.looks -= 1
        running = self.tasks.running() if self.tasks is not None and self.looks == 0 else None
        if running is not None and self.tasks is not None:
            self.tasks.ask_to_stop(running.id)
        return super().monotonic_s()


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "data" / "uploads", clock=ManualClock(NOW))


def sent(uploads: Uploads, content: bytes) -> Batch:
    batch = uploads.new_batch()
    upload = uploads.begin(batch.id, "export.zip", len(content))
    upload.write(content)
    upload.finish()
    return uploads.take(batch.id)


def imported(home: Path, batch: Batch, tasks: Tasks) -> Task:
    changed: list[str] = []
    settings = Settings.from_environment({"PACEPORT_HOME": str(home)})

    def open_profile(*, clock: object = None) -> Profile:
        del clock
        return Profile(settings=settings, clock=ManualClock(NOW))

    task = start_import(tasks, batch, open_profile=open_profile, changed=lambda: changed.append("changed"))
    tasks.wait()
    assert changed == ["changed"]
    assert not batch.folder.exists()
    found = tasks.find(task.id)
    assert found is not None
    return found


def test_an_import_that_is_stopped_keeps_what_was_read_and_the_next_one_continues(
    tmp_path: Path, uploads: Uploads
) -> None:
    content, clock = write_zip(tmp_path / "export.zip", activities(12)).read_bytes(), ImpatientClock(NOW)
    clock.tasks = tasks = Tasks(clock=clock)

    stopped = imported(tmp_path, sent(uploads, content), tasks)
    done = imported(tmp_path, sent(uploads, content), Tasks(clock=ManualClock(NOW)))

    assert stopped.state == "stopped"
    assert 0 < stopped.done < 12
    assert "Import the same files again to continue" in stopped.when_stopped
    assert done.result is not None
    counts = dict(done.result.facts)
    assert int(counts["unchanged"]) >= stopped.done
    assert int(counts["new"]) == 12 - int(counts["unchanged"])


def report(*, new: int = 0, unchanged: int = 0, quarantined: int = 0) -> ImportReport:
    return ImportReport(
        read=new + unchanged,
        new=new,
        changed=(),
        unchanged=unchanged,
        without_track=0,
        unknown_zone=2,
        quarantined=tuple(QuarantinedItem(place=f"{n}.fit", why="cut", fix="again") for n in range(quarantined)),
        notes=("one note",),
        took_s=3.0,
    )


@pytest.mark.parametrize(
    ("made", "summary"),
    [
        (report(), "Nothing was imported."),
        (report(new=1), "1 new activity."),
        (report(new=1200, unchanged=3), "1,200 new activities."),
        (report(unchanged=3), "Everything that could be read is in the logbook already."),
    ],
)
def test_the_result_says_what_came_of_it(made: ImportReport, summary: str) -> None:
    result = import_result(OwnImport(report=made, joined=1), (), command=lambda words: f"paceport {words}")

    assert result.summary == summary
    assert result.notes[0] == "one note"
    assert "another one recorded too" in result.notes[1]
    assert "timezone" in result.notes[2]


def test_of_very_many_things_left_out_the_first_are_shown_and_the_rest_counted() -> None:
    refused = [LeftOut(place="empty.fit", why="it is empty", fix="copy it again")]

    result = import_result(
        OwnImport(report=report(quarantined=500), joined=0), refused, command=lambda words: f"paceport {words}"
    )

    assert [one.place for one in result.left_out[:2]] == ["empty.fit", "0.fit"]
    assert len(result.left_out) == 200
    assert result.notes[-1] == "301 more were left out: paceport logbook --json lists them"
