"""The costly part of an import in other processes, where there are many items and the machine allows it; else here.

Two processes read and one, the caller's, writes. They are plain child processes with pipes: no semaphores or shared
memory, which containers and phones lack, and the caller's main module is not run again. A child that dies (killed for
its memory, say) costs the item that it was at, and is replaced. Closing ends them all.
"""

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from paceport.errors import FileError
from paceport.formats.strava_export.export_files import open_file_tree, read_single_file
from paceport.formats.strava_export.zip_entry import FileContent
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.originals import drop_drafts_of, put_aside
from paceport.logbook.importing.read_item import Problem, ReadFile, ReadJob, ReadResult, read_job, without_file

PROCESSES = 2
# Starting two processes takes as long as reading some fifty FIT files of an hour; larger files repay it sooner.
FEWEST_ITEMS = 40
# For each reader; so many that none of them is idle while the parent waits for the disk.
_AHEAD = 12
_MOST_DEATHS = 20
_LONG_WAIT_S = 0.2
_LAST_WORDS_S = 2.0  # from the end of its pipe to its end
_READY = "ready"
_CHILD = "import sys; sys.path[:] = {path!r}; from paceport.logbook.importing.read_processes import child; child()"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSource:
    """Where the files of an import lie: a ZIP, a folder, or one file. `known_files` need not be decoded.

    `drafts` is the folder where children put the packed files aside; without it they come with the results.
    """

    path: Path
    is_single: bool = False
    known_files: frozenset[str] = frozenset()
    drafts: Path | None = None


def read_all(
    jobs: Iterable[ReadJob],
    source: ItemSource,
    *,
    read: ReadFile,
    items: int,
    before_waiting: Callable[[], None],
    processes: int = PROCESSES,
) -> Iterator[tuple[ReadJob, ReadResult]]:
    """Each job with its result, in their order. `items` is about how many there are.

    Rows without a file, and everything where it is not worth it or not possible to start processes, are read here,
    with `read`. `before_waiting` is called before anything that may take long.
    """
    readers = _start(source, processes) if items >= FEWEST_ITEMS and processes > 0 else []
    if not readers:
        for job in jobs:
            if job.stored_name:
                before_waiting()
            yield job, read_job(job, read, known_files=source.known_files)
        return
    crew = _Crew(readers, source, read, before_waiting)
    try:
        yield from crew.results(iter(jobs))
    finally:
        crew.close()


def child() -> None:
    """What a child process does: jobs from stdin, results to stdout, until stdin ends."""
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing but results may reach the pipe
    source: ItemSource = pickle.load(stdin)  # noqa: S301  # written by our parent process
    pickle.dump(_READY, stdout)
    stdout.flush()
    if source.is_single:
        _serve(lambda _: FileContent(content=read_single_file(source.path)), source, stdin, stdout)
        return
    try:
        with open_file_tree(source.path) as tree:
            _serve(tree.read_packed, source, stdin, stdout)
    except FileError:
        return  # the parent sees the end of the pipe and reads by itself


def _serve(read: ReadFile, source: ItemSource, stdin: BinaryIO, stdout: BinaryIO) -> None:
    while True:
        try:
            job = pickle.load(stdin)  # noqa: S301  # written by our parent process
        except EOFError:
            return
        result = _without_body(read_job(job, read, known_files=source.known_files), source.drafts)
        pickle.dump(result, stdout, protocol=pickle.HIGHEST_PROTOCOL)
        stdout.flush()


def _without_body(result: ReadResult, drafts: Path | None) -> ReadResult:
    """The result with its packed file put aside: a pipe is a slow place for so many bytes."""
    if drafts is None or result.original is None or not (result.activities or result.is_unchanged):
        return result
    if result.is_unchanged and result.original.packed_sha256 is None:
        return replace(result, original=replace(result.original, body=b""))
    return replace(result, original=put_aside(drafts, result.original))


class _Reader:
    """One child process; a thread takes its results, so that neither side ever waits for the other's pipe."""

    def __init__(self, source: ItemSource) -> None:
        code = _CHILD.format(path=[place for place in sys.path if place])
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own words
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the parent's, who ends its children
            env={"OPENBLAS_NUM_THREADS": "1"} | os.environ,  # numpy's threads spin for a tenth of a second each
        )
        self._results: queue.SimpleQueue[ReadResult | None] = queue.SimpleQueue()
        self.waiting: deque[ReadJob] = deque()
        self._drafts, self._passed_on = source.drafts, set[Path]()
        # Whether the child ever spoke; one that never did cannot run here at all.
        self.is_ready = False
        self._send(source)
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def submit(self, job: ReadJob) -> None:
        """Hand over a job. A child that died is noticed when its result is asked for."""
        self.waiting.append(job)
        self._send(job)

    def next_result(self, before_waiting: Callable[[], None]) -> ReadResult | None:
        """The result of the oldest job, or None if the child is gone."""
        try:
            result = self._results.get(timeout=_LONG_WAIT_S)
        except queue.Empty:
            before_waiting()
            result = self._results.get()
        if result is not None:
            self.waiting.popleft()
            if result.original is not None and result.original.draft is not None:
                self._passed_on.add(result.original.draft)
        return result

    def exit_text(self) -> str:
        """How a child that is gone ended; one that says what nobody understands is ended for it."""
        try:
            code = self._process.wait(timeout=_LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be sent has no receiver
                    continue
        if self._drafts is not None and self.is_ready:
            drop_drafts_of(self._drafts, self._process.pid, but=self._passed_on)

    def _send(self, value: object) -> None:
        assert self._process.stdin is not None
        try:
            pickle.dump(value, self._process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
        except OSError:
            return  # gone: `next_result` says so

    def _collect(self) -> None:
        assert self._process.stdout is not None
        while True:
            try:
                said = pickle.load(self._process.stdout)  # noqa: S301  # written by our child process
            except Exception:  # noqa: BLE001  # the pipe ended, perhaps within a result: the child is gone
                self._results.put(None)
                return
            if said == _READY:
                self.is_ready = True
            else:
                self._results.put(said)


class _Crew:
    """Several readers that take turns, so that results come in the order of the jobs."""

    def __init__(
        self, readers: list[_Reader], source: ItemSource, read: ReadFile, before_waiting: Callable[[], None]
    ) -> None:
        self._readers, self._source, self._read = readers, source, read
        self._before_waiting = before_waiting
        self._deaths = 0
        # The reader that each job went to; None for what is read here.
        self._turns: deque[tuple[ReadJob, int | None]] = deque()

    def results(self, jobs: Iterator[ReadJob]) -> Iterator[tuple[ReadJob, ReadResult]]:
        sent = 0
        for job in jobs:
            at = sent % len(self._readers) if job.stored_name else None
            self._turns.append((job, at))
            if at is not None:
                sent += 1
                self._readers[at].submit(job)
            if len(self._turns) > _AHEAD * len(self._readers):
                yield self._next()
        while self._turns:
            yield self._next()

    def _next(self) -> tuple[ReadJob, ReadResult]:
        job, at = self._turns.popleft()
        if at is None or self._deaths > _MOST_DEATHS:
            return self._read_here(job)
        result = self._readers[at].next_result(self._before_waiting)
        if result is None and not self._readers[at].is_ready:
            self._deaths = _MOST_DEATHS + 1
            return self._read_here(job)
        return job, result or self._replace(at)

    def _read_here(self, job: ReadJob) -> tuple[ReadJob, ReadResult]:
        if job.stored_name:
            self._before_waiting()
        return job, read_job(job, self._read, known_files=self._source.known_files)

    def _replace(self, at: int) -> ReadResult:
        """Put another reader in the place of one that died; the job it was at is the one that killed it."""
        dead = self._readers[at]
        killer, *others = dead.waiting
        why = f"the process that read it was ended ({dead.exit_text()}), perhaps for lack of memory"
        dead.close()
        self._deaths += 1
        fresh = _start(self._source, 1)
        if not fresh:
            self._deaths = _MOST_DEATHS + 1
        else:
            self._readers[at] = fresh[0]
            for job in others:
                fresh[0].submit(job)
        problem = Problem(why=why, fix="import it alone, with more memory free")
        return without_file(killer, problem)

    def close(self) -> None:
        for reader in self._readers:
            reader.close()


def _start(source: ItemSource, count: int) -> list[_Reader]:
    """That many readers, or none where processes cannot be started."""
    readers: list[_Reader] = []
    try:
        while len(readers) < count:
            readers.append(_Reader(source))
    except (OSError, ValueError, RuntimeError):
        for reader in readers:
            reader.close()
        return []
    return readers
