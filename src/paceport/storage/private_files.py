"""Files that only their owner may see: born 0600, replaced whole, read only when nobody else could have touched them.

On Windows there is no `O_NOFOLLOW`, no owner and no mode to check; there the user profile's access list is the guard.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import stat
from pathlib import Path

from paceport.errors import StoreUnreadable, StoreUnsafe, StoreUnwritable

# Absent on Windows, where they are 0 and do nothing.
_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_CLOEXEC: int = getattr(os, "O_CLOEXEC", 0)
_NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)  # a planted FIFO must not hang the reader
_BINARY: int = getattr(os, "O_BINARY", 0)
_DIRECTORY: int = getattr(os, "O_DIRECTORY", 0)
_HAS_OWNERS = hasattr(os, "getuid")

# No record of ours comes near; what is larger is not ours.
_LARGEST_FILE = 1024 * 1024


def make_private_folder(path: Path) -> None:
    """Make sure that a folder is there which only its owner can enter. Parents that are missing are made 0700 too.

    Raises StoreUnsafe when it is a link or others can enter it, StoreUnwritable when it cannot be made.
    """
    try:
        _make_folder(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    check_private_folder(path)


def check_private_folder(path: Path) -> bool:
    """Whether the folder is there. Raises StoreUnsafe when others can enter it, or it is a link or no folder."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreUnreadable(path=str(path), why=_why(error)) from error
    if not stat.S_ISDIR(found.st_mode):
        raise StoreUnsafe(path=str(path), why="it is a link or a file, not a folder", fix="move it away")
    check_private(path, found, mode="700")
    return True


def check_private(path: Path, found: os.stat_result, *, mode: str = "600") -> None:
    """Raise StoreUnsafe unless a file or folder belongs to this user alone. `mode` is what the repair line sets."""
    if not _HAS_OWNERS:
        return
    if found.st_uid != os.geteuid():
        raise StoreUnsafe(
            path=str(path),
            why=f"it belongs to another user (uid {found.st_uid}, you are {os.geteuid()})",
            fix=f"run as that user, or: sudo chown {os.geteuid()} {shlex.quote(str(path))}",
        )
    if found.st_mode & 0o077:
        raise StoreUnsafe(
            path=str(path),
            why=f"other users can get at it (mode {stat.S_IMODE(found.st_mode):03o})",
            fix=f"chmod {mode} {shlex.quote(str(path))}",
        )


def check_file(path: Path, found: os.stat_result) -> None:
    """Raise StoreUnsafe unless this is a plain file under one name that belongs to this user alone."""
    if not stat.S_ISREG(found.st_mode):
        raise StoreUnsafe(path=str(path), why="it is not a plain file", fix="move it away")
    # 0 is a record that was replaced between opening and asking: whole, and ours.
    if found.st_nlink > 1:
        raise StoreUnsafe(path=str(path), why="the file has a second name (hard link)", fix="remove the other name")
    check_private(path, found)


def read_private(path: Path) -> bytes | None:
    """The content of a private file, or None where there is none.

    Raises StoreUnsafe for links, foreign owners and open modes; StoreUnreadable for anything else that prevents it.
    """
    try:
        file = os.open(path, os.O_RDONLY | _NOFOLLOW | _CLOEXEC | _NONBLOCK | _BINARY)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise StoreUnsafe(path=str(path), why="it is a symbolic link", fix="remove the link") from error
        raise StoreUnreadable(path=str(path), why=_why(error), fix="make it yours to read") from error
    with os.fdopen(file, "rb") as opened:
        check_file(path, os.fstat(file))
        try:
            content = opened.read(_LARGEST_FILE + 1)
        except OSError as error:
            raise StoreUnreadable(path=str(path), why=_why(error), fix="check the disk") from error
    if len(content) > _LARGEST_FILE:
        raise StoreUnreadable(path=str(path), why="it is far larger than any record of ours")
    return content


def replace_private(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Put content at a path in one step: readers see the old whole or the new whole, and a crash leaves one of them.

    One writer at a time: the caller holds a lock. Raises StoreUnwritable, and then the old content stands.
    With `durable`, it has reached the disk when this returns.
    """
    draft = path.with_name(path.name + ".new")
    try:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()  # of a writer that died
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _CLOEXEC | _BINARY, 0o600)
        try:
            _fill(file, content, durable=durable)
        finally:
            os.close(file)
        draft.replace(path)
        if durable:
            sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise _unwritable(path, error) from error


def overwrite_private(path: Path, content: bytes, *, offset: int) -> None:
    """Write into a private file that is there already, from `offset`, and see it to the disk.

    Raises StoreUnwritable where it cannot; what is there then is for a checksum to decide.
    """
    try:
        file = os.open(path, os.O_WRONLY | _NOFOLLOW | _CLOEXEC | _BINARY)
        try:
            check_file(path, os.fstat(file))
            os.lseek(file, offset, os.SEEK_SET)
            _write_all(file, content)
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise _unwritable(path, error) from error


def remove_private(path: Path) -> None:
    """Remove a file for good. Nothing happens where there is none. Raises StoreUnwritable."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(path, error) from error
    with contextlib.suppress(OSError):
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """See to it that the names in a folder have reached the disk. Does nothing where folders cannot be opened."""
    if not _DIRECTORY:
        return
    folder = os.open(path, os.O_RDONLY | _DIRECTORY | _CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _make_folder(path: Path) -> None:
    if path.exists() or path.is_symlink():
        return
    if path.parent != path:
        _make_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        path.chmod(0o700)  # whatever the umask took away
        sync_folder(path.parent)


def _fill(file: int, content: bytes, *, durable: bool) -> None:
    if _HAS_OWNERS:
        os.fchmod(file, 0o600)  # a umask can only have taken bits away, and may have taken ours
    _write_all(file, content)
    if durable:
        os.fsync(file)


def _write_all(file: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _unwritable(path: Path, error: OSError) -> StoreUnwritable:
    return StoreUnwritable(path=str(path), why=_why(error))
