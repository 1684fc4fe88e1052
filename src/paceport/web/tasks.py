"""What takes long, off the event loop: one task at a time, how far it is, what came of it, and how it is stopped.

A task is a function that runs on a thread of its own and is given a `TaskControl`:

    def work(control: TaskControl) -> TaskResult:
        with profile.logbook() as store:  # a store belongs to the thread that opens it
            control.show("reading runs", done=3, total=200)  # also where it may be stopped
            client = profile_of(control.clock(clock)).client()  # a wait on this clock can be stopped
        return TaskResult(summary="197 new runs", facts=(("new", "197"),))

    task = tasks.start("Import", work, when_stopped="What was read is in the logbook.")
    return RedirectResponse(task.address, status_code=303)

Its page, `/tasks/ID`, shows the progress, offers to stop it, and shows the result or the error at the end; with `.json`
it says the same to a script. A PaceportError that leaves the function becomes the error that the page shows. Tasks
live as long as the server: what they did is in the logbook.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime
from typing import Literal

from paceport.amount_text import rough_duration
from paceport.clock import Clock
from paceport.errors import PaceportError
from paceport.lazy_dataclass import dataclass
from paceport.text import clean
from paceport.web.trouble import Trouble, trouble_of

TaskState = Literal["running", "stopping", "done", "stopped", "failed"]
_MOST_KEPT = 20
# A first guess from less than this much time, or from less than this share, is more wrong than right.
_SHORTEST_MEASURE_S = 2.0
_SMALLEST_SHARE = 0.02
_SLICE_S = 0.5
_LAST_STEP_S = 10.0


class TaskStopped(BaseException):
    """Raised inside a task at a point where it may be stopped, after somebody asked for that.

    No Exception: what passes over one bad item must not take this for one.
    """


class AnotherTaskRuns(PaceportError):
    """A task cannot begin, because `task` has not ended; None where the server ends."""

    exit_code = 9

    def __init__(self, task: Task | None) -> None:
        self.task = task
        super().__init__(
            what=f"{task.name} is still running" if task else "The server is ending",
            why="one long task runs at a time",
            fix="wait until it has ended, or stop it, then try again",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something that could not be taken: what, why, and what to do about it."""

    place: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """What came of a task, in words: a sentence, figures by name, notes, what was left out, and where to go next.

    `next_pages` are pairs of an address and the words of its link.
    """

    summary: str
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    next_pages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task at one moment.

    `words` say what it does. `done` of `total` are through, None where nobody knows how many there are. `left_s` are
    the seconds left, None until that has been measured. `when_stopped` is what is true after it was stopped.
    """

    id: str
    name: str
    state: TaskState
    started_at: datetime
    when_stopped: str
    words: str = ""
    done: int = 0
    total: int | None = None
    left_s: float | None = None
    result: TaskResult | None = None
    error: Trouble | None = None

    @property
    def address(self) -> str:
        """The page that shows it."""
        return f"/tasks/{self.id}"

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.state in ("running", "stopping")

    @property
    def count_text(self) -> str:
        """How far it is: "45 of 200", "45", or "" before anything is known."""
        if self.total is not None:
            return f"{self.done:,} of {self.total:,}"
        return f"{self.done:,}" if self.done else ""

    @property
    def left_text(self) -> str:
        """How long it will take yet: "about 3 min left", or "" where that is not known."""
        return "" if self.left_s is None or not self.is_running else f"about {rough_duration(self.left_s)} left"

    def to_json(self) -> dict[str, object]:
        """What a script needs to show how far it is; the result is for the page."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "words": self.words,
            "done": self.done,
            "total": self.total,
            "count": self.count_text,
            "left_s": None if self.left_s is None else round(self.left_s, 1),
            "left": self.left_text,
        }


class TaskControl:
    """What a task holds of itself: it shows how far it is, and learns that it shall stop. For the task's thread."""

    def __init__(self, tasks: Tasks, task_id: str, clock: Clock) -> None:
        self._tasks, self._id, self._clock = tasks, task_id, clock
        self._begun = (clock.monotonic_s(), 0)
        self._total: int | None = None
        self._done = 0

    def show(self, words: str, *, done: int = 0, total: int | None = None, left_s: float | None = None) -> None:
        """Say what is done now, and how far it is; the time left is measured unless `left_s` is given.

        Raises TaskStopped if somebody asked the task to stop.
        """
        self.stop_if_asked()
        if total != self._total or done < self._done:
            self._begun, self._total = (self._clock.monotonic_s(), done), total
        self._done = done
        left_s = self._measured_left_s() if left_s is None else left_s
        self._tasks.change(
            self._id, lambda task: replace(task, words=clean(words), done=done, total=total, left_s=left_s)
        )

    def stop_if_asked(self) -> None:
        """Raise TaskStopped if somebody asked the task to stop."""
        if self._tasks.is_asked_to_stop(self._id):
            raise TaskStopped

    def clock(self) -> Clock:
        """A clock on which every wait ends with TaskStopped soon after somebody asked the task to stop."""
        return _StoppableClock(self._clock, self.stop_if_asked)

    def _measured_left_s(self) -> float | None:
        """Seconds left at the pace so far; None where too little is through to say."""
        begun_s, done_before = self._begun
        spent_s, through = self._clock.monotonic_s() - begun_s, self._done - done_before
        if self._total is None or spent_s < _SHORTEST_MEASURE_S:
            return None
        if through <= 0 or through < _SMALLEST_SHARE * (self._total - done_before):
            return None
        return max(0.0, (self._total - self._done) * spent_s / through)


class Tasks:
    """The tasks of one server, the newest ones. Safe to share between threads; close it at the end."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tasks: dict[str, Task] = {}
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def start(self, name: str, work: Callable[[TaskControl], TaskResult], *, when_stopped: str) -> Task:
        """Begin a task, such as "Import", on a thread of its own. Raises AnotherTaskRuns."""
        with self._lock:
            running = self._find_running()
            if running is not None or self._is_closed:
                raise AnotherTaskRuns(running)
            task = Task(
                id=secrets.token_urlsafe(9),
                name=name,
                state="running",
                started_at=self._clock.now(),
                when_stopped=when_stopped,
            )
            self._tasks[task.id] = task
            for old in list(self._tasks)[:-_MOST_KEPT]:
                del self._tasks[old]
            control = TaskControl(self, task.id, self._clock)
            # A daemon: a task that hangs must not keep the process; it is as safe as one that is killed.
            self._thread = threading.Thread(target=self._run, args=(control, task, work), name="task", daemon=True)
            self._thread.start()
        return task

    def find(self, task_id: str) -> Task | None:
        """The task of that id as it is now; None where there is none, or it is long ago."""
        with self._lock:
            return self._tasks.get(task_id)

    def running(self) -> Task | None:
        """The task that has not ended; None where there is none."""
        with self._lock:
            return self._find_running()

    def latest(self, name: str) -> Task | None:
        """The newest task of that name, whether it has ended or not."""
        with self._lock:
            return next((task for task in reversed(self._tasks.values()) if task.name == name), None)

    def ask_to_stop(self, task_id: str) -> Task | None:
        """Ask a task to stop at the next point where it may; one that has ended stays as it is."""
        with self._lock:
            task = self._tasks.get(task_id)
            if task is not None and task.state == "running":
                task = self._tasks[task_id] = replace(task, state="stopping")
            return task

    def is_asked_to_stop(self, task_id: str) -> bool:
        """Whether somebody asked that task to stop."""
        task = self.find(task_id)
        return task is not None and task.state == "stopping"

    def change(self, task_id: str, change: Callable[[Task], Task]) -> None:
        """Note what a task says of itself. For `TaskControl`."""
        with self._lock:
            if task_id in self._tasks:
                self._tasks[task_id] = change(self._tasks[task_id])

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait until the task that runs has ended, or the time is over."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def close(self) -> None:
        """Ask the task that runs to stop, wait a while for it, and start no other."""
        with self._lock:
            self._is_closed = True
            running = self._find_running()
        if running is not None:
            self.ask_to_stop(running.id)
            self.wait(_LAST_STEP_S)

    def _find_running(self) -> Task | None:
        return next((task for task in self._tasks.values() if task.is_running), None)

    def _run(self, control: TaskControl, task: Task, work: Callable[[TaskControl], TaskResult]) -> None:
        self.change(task.id, _ended(task.name, lambda: work(control)))


@dataclass(frozen=True, slots=True)
class _StoppableClock:
    """A clock that sleeps in slices, so that a long wait can be stopped."""

    inner: Clock
    stop_if_asked: Callable[[], None] = field(repr=False)

    def now(self) -> datetime:
        return self.inner.now()

    def monotonic_s(self) -> float:
        return self.inner.monotonic_s()

    def sleep(self, seconds: float) -> None:
        until_s = self.inner.monotonic_s() + seconds
        while (left_s := until_s - self.inner.monotonic_s()) > 0:
            self.stop_if_asked()
            self.inner.sleep(min(left_s, _SLICE_S))
        self.stop_if_asked()


def _unknown_error(name: str, error: BaseException) -> Trouble:
    return Trouble(
        what=f"{name} ended with an error of Paceport's own",
        why=clean(f"{type(error).__name__}: {error}"),
        fix="try it again; if it comes back, report it with what `paceport doctor --report` prints",
    )


def _ended(name: str, work: Callable[[], TaskResult]) -> Callable[[Task], Task]:
    """Do the work; gives what then becomes of the task."""
    try:
        result = work()
    except TaskStopped:
        return lambda task: replace(task, state="stopped", left_s=None)
    except PaceportError as error:
        told = trouble_of(error)
        return lambda task: replace(task, state="failed", left_s=None, error=told)
    except BaseException as error:  # a mistake of ours: the page must say so, and the next task must be able to run
        logging.getLogger(__name__).exception("the task %s failed", name)
        unknown = _unknown_error(name, error)
        return lambda task: replace(task, state="failed", left_s=None, error=unknown)
    return lambda task: replace(task, state="done", left_s=None, result=result)
