"""Kernel locks that name their holder. The lock is released when the holder ends; its file is never removed."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from paceport.clock import Clock
from paceport.errors import Busy, PaceportError, StoreError, StoreUnsafe, StoreUnwritable
from paceport.storage.folder_lock import folder_stays
from paceport.storage.private_files import (
    check_file,
    make_owner_folder,
    make_private_folder,
    read_private,
    remove_private,
    replace_private,
)

if TYPE_CHECKING:
    from filelock import FileLock

_POLL_S = 0.02


@contextmanager
def hold_lock(path: Path, *, timeout_s: float, clock: Clock, what: str) -> Iterator[None]:
    """Hold the lock at `path` (`….lock`) for the block. `what` is what is locked, in words.

    The folder is made where it is missing. Raises Busy, naming the holder, when the lock could not be had in time;
    StoreUnsafe when others could take or replace it; StoreUnwritable when it cannot be made. Not reentrant.
    """
    lock = _acquire(path, make_private_folder, timeout_s=timeout_s, what=f"{what} is in use")
    try:
        _note_holder(path, clock)
        yield
    finally:
        with contextlib.suppress(StoreError):
            remove_private(_holder_file(path), durable=False)
        lock.release()


@contextmanager
def hold_short_lock(path: Path, *, timeout_s: float, what: str) -> Iterator[None]:
    """Hold a lock for what is no secret, without a note of who holds it. `what` says in words what is the matter.

    Raises Busy with `what` when the lock could not be had in time, StoreUnsafe and StoreUnwritable as `hold_lock`.
    """
    lock = _acquire(path, make_owner_folder, timeout_s=timeout_s, what=what)
    try:
        yield
    finally:
        lock.release()


def are_locks_exclusive(folder: Path) -> bool:
    """Whether a lock taken here keeps a second one out. On some network file systems it does not."""
    from filelock import Timeout

    make_private_folder(folder)
    path = folder / "probe.lock"
    first, second = _lock_at(path), _lock_at(path)
    try:
        with first.acquire(timeout=1.0):
            try:
                with second.acquire(timeout=0.0):
                    return False
            except Timeout:
                return True
    except (OSError, Timeout):
        return False


def describe_this_process(clock: Clock) -> str:
    """This process in words, for whoever has to wait for it or to clean up after it."""
    return f"process {os.getpid()} on {platform.node() or 'this machine'}, since {clock.now():%Y-%m-%d %H:%M:%S} UTC"


def process_identity() -> str:
    """A name of this process that no other ever has, on any machine; "" where the system does not tell enough."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')} {os.getpid()} {_process_start(os.getpid())}"  # noqa: PTH115
    except OSError:
        return ""


def has_surely_ended(identity: str) -> bool:
    """Whether the process of that name has ended. False where it ran on another machine, or nobody can say."""
    here, _, start = process_identity().rpartition(" ")
    machine, _, _own = here.rpartition(" ")
    there, _, started = identity.rpartition(" ")
    machine_of_it, _, pid = there.rpartition(" ")
    if not start or machine != machine_of_it or not pid.isdigit():
        return False
    return _process_start(int(pid)) != started or _stat_fields(int(pid))[:1] == ["Z"]


def numbering_mark() -> str:
    """A short mark of what gives process numbers here: this start of the machine, this container. "" if not known."""
    import hashlib  # what only reads does not need it, and it is slow to load

    whose = process_identity().split(" ")[:2]
    return hashlib.sha256(" ".join(whose).encode()).hexdigest()[:8] if len(whose) == 2 else ""


def is_running(pid: int) -> bool:
    """Whether a process of this number runs here; to be asked only where `numbering_mark` is known."""
    return _stat_fields(pid)[:1] not in ([], ["Z"])


def _acquire(path: Path, make_folder: Callable[[Path], None], *, timeout_s: float, what: str) -> FileLock:
    from filelock import Timeout  # only who refreshes pays for it

    lock = _lock_at(path)
    try:
        # The library would make a folder anew that has just been erased, and open to others.
        with folder_stays(path.parent, make_folder):
            lock.acquire(timeout=max(0.0, timeout_s))
    except Timeout as error:
        raise Busy(what=what, holder=_describe_holder(path)) from error
    except OSError as error:
        raise _lock_error(path, error) from error
    return lock


def _lock_at(path: Path) -> FileLock:
    from filelock import FileLock

    def check(file: int) -> None:
        check_file(path, os.fstat(file))

    return FileLock(
        path, mode=0o600, fallback_to_soft=False, preserve_lock_file=True, poll_interval=_POLL_S, on_acquired=check
    )


def _holder_file(path: Path) -> Path:
    return path.with_suffix(".holder")


def _note_holder(path: Path, clock: Clock) -> None:
    pid = os.getpid()
    note = {"pid": pid, "started": _process_start(pid), "text": describe_this_process(clock)}
    # Only "busy" would be less clear without it; where nothing can be written, the journal says so.
    with contextlib.suppress(StoreError):
        replace_private(_holder_file(path), json.dumps(note).encode(), durable=False)


def _describe_holder(path: Path) -> str:
    try:
        note = json.loads(read_private(_holder_file(path)) or b"null")
        pid, started, text = int(note["pid"]), str(note["started"]), str(note["text"])
    except (PaceportError, ValueError, TypeError, KeyError):
        return "another process"
    state = _process_state(pid) if started == _process_start(pid) else "ended; a child of it may hold the lock"
    return f"{text} ({state})" if state else text


def _process_start(pid: int) -> str:
    """When a process started, in ticks since boot: with the process number it names one process for ever."""
    fields = _stat_fields(pid)
    return fields[19] if len(fields) > 19 else ""


def _process_state(pid: int) -> str:
    fields = _stat_fields(pid)
    return "stopped" if fields[:1] in (["T"], ["t"]) else ""


def _stat_fields(pid: int) -> list[str]:
    # proc(5): the name in brackets may hold anything, so the fields are counted from behind its last bracket.
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _lock_error(path: Path, error: OSError) -> StoreError:
    if error.errno in (errno.ELOOP, errno.EMLINK):
        return StoreUnsafe(path=str(path), why="it is a symbolic link", fix="remove the link")
    if error.errno in (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP):
        return StoreUnwritable(
            path=str(path), why="this file system does not support locks", fix="put it on a local disk: PACEPORT_HOME=…"
        )
    return StoreUnwritable(path=str(path), why=(error.strerror or type(error).__name__).lower())
