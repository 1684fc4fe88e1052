"""Files that only their owner may see: created 0600, replaced whole, read only if nobody else could change them.

On Windows there is no `O_NOFOLLOW`, no owner and no mode to check; there the user profile's access list is the guard.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import stat
import sys
from io import BufferedWriter
from pathlib import Path

from paceport.errors import StoreUnreadable, StoreUnsafe, StoreUnwritable
from paceport.storage import disk
from paceport.system_errors import fix_of

# Absent on Windows, where they are 0 and do nothing.
_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)  # a planted FIFO must not hang the reader
_BINARY: int = getattr(os, "O_BINARY", 0)

# No record of ours comes near; what is larger is not ours.
LARGEST_FILE = 1024 * 1024
_MOST_TRIES = 10


def make_private_folder(path: Path) -> None:
    """Make sure that a folder is there which only its owner can enter. Parents that are missing are made 0700 too.

    Raises StoreUnsafe when it is a link or others can enter it, StoreUnwritable when it cannot be made.
    """
    _make_folder_surely(path)
    check_private_folder(path)


def make_owner_folder(path: Path) -> None:
    """Make sure that a folder is there; it and every missing parent are made 0700, an open one is left as it is.

    For what is no secret. Raises StoreUnwritable.
    """
    _make_folder_surely(path)


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
    if sys.platform == "win32":
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
            why=f"other users can open it (mode {stat.S_IMODE(found.st_mode):03o})",
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


def read_private(path: Path, *, most: int = LARGEST_FILE) -> bytes | None:
    """The content of a private file of `most` bytes at the most, or None where there is none.

    Raises StoreUnsafe for links, foreign owners and open modes; StoreUnreadable for anything else that prevents it.
    """
    try:
        file = disk.open_for_reading(path, _NOFOLLOW | _NONBLOCK | _BINARY)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise StoreUnsafe(path=str(path), why="it is a symbolic link", fix="remove the link") from error
        raise StoreUnreadable(path=str(path), why=_why(error), fix=fix_of(error)) from error
    try:
        check_file(path, os.fstat(file))
        return _read_bounded(file, path, most)
    finally:
        os.close(file)


def read_plain(path: Path) -> bytes | None:
    """The content of a small file of the user's own, or None where there is none. Links to it are followed.

    Never waits for a FIFO or a device, and never reads more than 1 MiB. Raises StoreUnreadable.
    """
    try:
        file = disk.open_for_reading(path, _NONBLOCK | _BINARY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreUnreadable(path=str(path), why=_why(error), fix="make it a file that you can read") from error
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            why = "it is a folder, a device or a pipe, not a file"
            raise StoreUnreadable(path=str(path), why=why, fix="move it away")
        return _read_bounded(file, path, LARGEST_FILE)
    finally:
        os.close(file)


def replace_private(
    path: Path, content: bytes, *, durable: bool = True, draft: Path | None = None, syncs_folder: bool = True
) -> None:
    """Put content at a path in one step: readers see the old whole or the new whole, and a crash leaves one of them.

    One writer at a time: the caller holds a lock, or names a `draft` in the same folder that nobody else writes.
    Raises StoreUnwritable, and then the old content stands. With `durable`, it has reached the disk when this returns;
    without `syncs_folder` its name may not yet have, and the caller sees to that.
    """
    draft = draft or path.with_name(path.name + ".new")
    try:
        try:
            file = disk.open_for_writing(draft, os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY)
        except FileExistsError:
            draft.unlink()  # of a writer that died
            file = disk.open_for_writing(draft, os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY)
        _fill(file, content, durable=durable)
        disk.rename(draft, path)
        if durable and syncs_folder:
            disk.sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise _unwritable(path, error) from error


def write_draft(draft: Path, content: bytes) -> None:
    """Write a new private file that `finish_draft` makes durable later. Raises OSError, and then leaves nothing."""
    file = disk.open_for_writing(draft, os.O_CREAT | os.O_TRUNC | _NOFOLLOW | _BINARY)
    try:
        _fill(file, content, durable=False)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def finish_draft(draft: Path, path: Path, *, syncs_folder: bool = True) -> None:
    """See a draft to the disk, then give it its name, as `replace_private` does. Raises StoreUnwritable."""
    try:
        file = disk.open_for_writing(draft, _NOFOLLOW | _BINARY)
        try:
            disk.sync_file(file)
        finally:
            os.close(file)
        disk.rename(draft, path)
        if syncs_folder:
            disk.sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise _unwritable(path, error) from error


def create_private(path: Path, content: bytes) -> bool:
    """Write a file that is not there yet, to the disk. False, and nothing is touched, where one is there already.

    Raises StoreUnwritable, and then nothing is left at the path.
    """
    try:
        file = disk.open_for_writing(path, os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY)
    except FileExistsError:
        return False
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        _fill(file, content, durable=True)
        disk.sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise _unwritable(path, error) from error
    return True


def open_new_private(path: Path) -> BufferedWriter:
    """A new private file, to be written piece by piece: whoever fills it syncs it and gives it its name.

    Raises FileExistsError and other OSErrors.
    """
    return os.fdopen(disk.open_for_writing(path, os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY), "wb")


def append_private(path: Path, content: bytes) -> None:
    """Add to the end of a private file, which is made where it is missing, and see it to the disk.

    A crash may leave a part of it. Raises StoreUnsafe where others can write to it, StoreUnwritable.
    """
    try:
        is_new = not os.path.lexists(path)
        file = disk.open_for_writing(path, os.O_CREAT | os.O_APPEND | _NOFOLLOW | _NONBLOCK | _BINARY)
        try:
            check_file(path, os.fstat(file))
            disk.write_all(file, content)
            disk.sync_file(file)
        finally:
            os.close(file)
        if is_new:
            disk.sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def overwrite_private(path: Path, content: bytes, *, offset: int) -> None:
    """Write into a private file that is there already, from `offset`, and see it to the disk.

    Raises StoreUnwritable where it cannot; what is there then is for a checksum to decide.
    """
    try:
        file = disk.open_for_writing(path, _NOFOLLOW | _BINARY)
        try:
            check_file(path, os.fstat(file))
            os.lseek(file, offset, os.SEEK_SET)
            disk.write_all(file, content)
            disk.sync_file(file)
        finally:
            os.close(file)
    except OSError as error:
        raise _unwritable(path, error) from error


def rename_private(path: Path, new_path: Path) -> None:
    """Give a file another name in its folder, in place of what bears it. Raises StoreUnwritable."""
    try:
        disk.rename(path, new_path)
        disk.sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def remove_private(path: Path, *, durable: bool = True) -> None:
    """Remove a file for good. Nothing happens where there is none. Raises StoreUnwritable."""
    try:
        disk.remove(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(path, error) from error
    if durable:
        with contextlib.suppress(OSError):
            disk.sync_folder(path.parent)


def _make_folder_surely(path: Path) -> None:
    for left in reversed(range(_MOST_TRIES)):
        try:
            _make_folder(path)
        except FileNotFoundError as error:
            if not left:  # another process erases the folder above again and again
                raise _unwritable(path, error) from error
        except OSError as error:
            raise _unwritable(path, error) from error
        else:
            return


def _make_folder(path: Path) -> None:
    if os.path.lexists(path):
        return
    if path.parent != path:
        _make_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        path.chmod(0o700)  # whatever the umask took away
        disk.sync_folder(path.parent)


def _fill(file: int, content: bytes, *, durable: bool) -> None:
    """Write a new file and close it."""
    try:
        if sys.platform != "win32":
            os.fchmod(file, 0o600)  # a umask can only have taken bits away, and may have taken ours
        disk.write_all(file, content)
        if durable:
            disk.sync_file(file)
    finally:
        os.close(file)


def _read_bounded(file: int, path: Path, most: int) -> bytes:
    parts, left = [], most + 1
    try:
        while left and (part := os.read(file, min(left, LARGEST_FILE + 1))):
            parts.append(part)
            left -= len(part)
    except OSError as error:
        raise StoreUnreadable(path=str(path), why=_why(error), fix="check the disk") from error
    if not left:
        raise StoreUnreadable(
            path=str(path),
            why=f"it is larger than {most // 1024**2} MiB, so it is not a Paceport file",
            fix="move it away",
        )
    return b"".join(parts)


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _unwritable(path: Path, error: OSError) -> StoreUnwritable:
    return StoreUnwritable(path=str(path), why=_why(error))
