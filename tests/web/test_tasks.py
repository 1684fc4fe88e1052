"""What takes long: one at a time, with its progress, its end, and the way to stop it. No server, no waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from paceport.clock import ManualClock
from paceport.errors import UsageError
from paceport.web.tasks import AnotherTaskRuns, Task, TaskControl, TaskResult, Tasks, TaskStopped

WHEN_STOPPED = "What was read is in the logbook."


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 29, 8, 0, tzinfo=UTC))


@pytest.fixture
def tasks(clock: ManualClock) -> Tasks:
    return Tasks(clock=clock)


class Steps:
    """A task that does one thing after the other, each when the test says so."""

    def __init__(self) -> None:
        self._go, self._done = threading.Semaphore(0), threading.Semaphore(0)
        self._next: Callable[[TaskControl], object] | None = None

    def work(self, control: TaskControl) -> TaskResult:
        try:
            while self._go.acquire(timeout=20) and self._next is not None:
                self._next(control)
                self._done.release()
        finally:
            self._done.release()
        return TaskResult(summary="all done")

    def __call__(self, step: Callable[[TaskControl], object] | None) -> None:
        self._next = step
        self._go.release()
        assert self._done.acquire(timeout=20)


def find(tasks: Tasks, task: Task) -> Task:
    found = tasks.find(task.id)
    assert found is not None
    return found


def show_reading(control: TaskControl, *, done: int) -> None:
    control.show("reading", done=done, total=1000)


def test_a_task_ends_with_its_result(tasks: Tasks) -> None:
    task = tasks.start("Import", lambda _: TaskResult(summary="2 new runs"), when_stopped=WHEN_STOPPED)
    tasks.wait()

    ended = find(tasks, task)
    assert ended.state == "done"
    assert ended.result == TaskResult(summary="2 new runs")
    assert tasks.running() is None
    assert tasks.latest("Import") == ended


def test_one_task_runs_at_a_time_and_the_next_may_begin_at_its_end(tasks: Tasks) -> None:
    steps = Steps()
    first = tasks.start("Sync", steps.work, when_stopped=WHEN_STOPPED)

    with pytest.raises(AnotherTaskRuns, match="Sync is still running") as refused:
        tasks.start("Import", steps.work, when_stopped=WHEN_STOPPED)
    assert refused.value.task is not None
    assert refused.value.task.id == first.id
    steps(None)
    tasks.wait()

    assert tasks.start("Import", lambda _: TaskResult(summary=""), when_stopped="").id != first.id


def test_an_error_is_told_as_the_command_would_tell_it(tasks: Tasks) -> None:
    def work(_: TaskControl) -> TaskResult:
        raise UsageError(what="The export is empty", why="it holds no table", fix="ask for it again")

    task = tasks.start("Import", work, when_stopped=WHEN_STOPPED)
    tasks.wait()

    ended = find(tasks, task)
    assert ended.state == "failed"
    assert ended.error is not None
    assert (ended.error.what, ended.error.why) == ("The export is empty", "it holds no table")
    assert ended.error.fix == "ask for it again"


@pytest.mark.parametrize("mistake", [ValueError("\x1b[31mred"), SystemExit(3), KeyboardInterrupt()])
def test_a_mistake_of_ours_is_told_and_the_next_task_can_run(tasks: Tasks, mistake: BaseException) -> None:
    def work(_: TaskControl) -> TaskResult:
        raise mistake

    task = tasks.start("Import", work, when_stopped=WHEN_STOPPED)
    tasks.wait()

    ended = find(tasks, task)
    assert ended.state == "failed"
    assert ended.error is not None
    assert type(mistake).__name__ in ended.error.why
    assert "\x1b" not in ended.error.why
    assert tasks.running() is None


def test_progress_is_seen_by_whoever_looks(tasks: Tasks) -> None:
    steps = Steps()
    task = tasks.start("Import", steps.work, when_stopped=WHEN_STOPPED)

    steps(lambda control: control.show("reading Morning\x07 run", done=3, total=200))
    seen = find(tasks, task).to_json()
    steps(lambda control: control.show("asking for the list", done=40))
    unknown_total = find(tasks, task)
    steps(None)
    tasks.wait()

    assert (seen["state"], seen["words"], seen["count"]) == ("running", "reading Morning run", "3 of 200")
    assert seen["left"] == ""
    assert unknown_total.count_text == "40"


def test_the_time_left_is_unknown_until_it_was_measured(tasks: Tasks, clock: ManualClock) -> None:
    steps, told = Steps(), []
    task = tasks.start("Import", steps.work, when_stopped=WHEN_STOPPED)

    for seconds, done in ((0.0, 0), (1.0, 50), (9.0, 100), (10.0, 200), (0.0, 1000)):
        clock.advance(seconds)
        steps(partial(show_reading, done=done))
        told.append(find(tasks, task).left_text)
    steps(None)
    tasks.wait()

    assert told[0] == told[1] == ""
    assert told[2] == "about 2 min left"  # 100 in 10 s, so 900 in 90 s
    assert told[3] == "about 80 s left"
    assert find(tasks, task).left_text == ""


def test_a_new_part_of_the_work_is_measured_anew(tasks: Tasks, clock: ManualClock) -> None:
    steps = Steps()
    task = tasks.start("Import", steps.work, when_stopped=WHEN_STOPPED)

    steps(lambda control: control.show("reading the table", done=1, total=10))
    clock.advance(100)
    steps(lambda control: control.show("reading runs", done=0, total=50))
    clock.advance(10)
    steps(lambda control: control.show("reading runs", done=25, total=50))
    left_s = find(tasks, task).left_s
    steps(None)
    tasks.wait()

    assert left_s == pytest.approx(10)


def test_a_task_stops_at_its_next_step_and_says_what_is_true_then(tasks: Tasks) -> None:
    steps, seen = Steps(), []
    task = tasks.start("Import", steps.work, when_stopped=WHEN_STOPPED)

    tasks.ask_to_stop(task.id)
    seen.append(find(tasks, task).state)
    steps(lambda control: control.show("reading", done=1, total=2))
    tasks.wait()

    assert seen == ["stopping"]
    assert find(tasks, task).state == "stopped"
    assert find(tasks, task).when_stopped == WHEN_STOPPED
    after = tasks.ask_to_stop(task.id)
    assert after is not None
    assert after.state == "stopped"


def test_what_passes_over_a_bad_item_does_not_pass_over_the_wish_to_stop() -> None:
    assert not issubclass(TaskStopped, Exception)


def test_a_long_wait_ends_soon_after_somebody_stops_it(tasks: Tasks, clock: ManualClock) -> None:
    class Waiting(ManualClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if self.monotonic_s() >= 60:
                tasks.ask_to_stop(task.id)

    waiting, may_begin = Waiting(clock.now()), threading.Event()
    tasks = Tasks(clock=waiting)

    def work(control: TaskControl) -> TaskResult:
        may_begin.wait(20)
        control.clock().sleep(1200)
        return TaskResult(summary="waited to the end")

    task = tasks.start("Sync", work, when_stopped=WHEN_STOPPED)
    may_begin.set()
    tasks.wait()

    assert find(tasks, task).state == "stopped"
    assert 60 <= waiting.monotonic_s() < 62


def test_a_wait_that_nobody_stops_takes_its_time(tasks: Tasks, clock: ManualClock) -> None:
    def work(control: TaskControl) -> TaskResult:
        control.clock().sleep(1200)
        return TaskResult(summary="waited to the end")

    tasks.start("Sync", work, when_stopped=WHEN_STOPPED)
    tasks.wait()

    assert clock.monotonic_s() == pytest.approx(1200)


def test_closing_stops_the_task_and_begins_no_other(tasks: Tasks) -> None:
    may_stop = threading.Event()

    def work(control: TaskControl) -> TaskResult:
        may_stop.wait(20)
        while True:
            control.stop_if_asked()

    task = tasks.start("Import", work, when_stopped=WHEN_STOPPED)
    may_stop.set()
    tasks.close()

    assert find(tasks, task).state == "stopped"
    with pytest.raises(AnotherTaskRuns, match="ending"):
        tasks.start("Import", work, when_stopped=WHEN_STOPPED)


def test_tasks_of_long_ago_are_forgotten(tasks: Tasks) -> None:
    first = tasks.start("Import", lambda _: TaskResult(summary=""), when_stopped="")
    tasks.wait()
    for _ in range(25):
        tasks.start("Import", lambda _: TaskResult(summary=""), when_stopped="")
        tasks.wait()

    assert tasks.find(first.id) is None
