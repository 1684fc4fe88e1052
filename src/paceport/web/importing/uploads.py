"""Files that a browser sends, until they are imported: private, on the logbook's own disk, and gone afterwards.

Every server has a folder of its own in the folder of uploads, and holds a lock in it while it lives. The kernel lets go
of the lock of a server that was killed, so the next one knows what nobody needs any more, and removes it.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import field
from io import BufferedWriter
from pathlib import Path

from paceport.clock import Clock
from paceport.errors import Busy, StoreError, StoreUnwritable
from paceport.formats.strava_export.read_export import TRACK_SUFFIXES
from paceport.lazy_dataclass import dataclass
from paceport.storage import disk
from paceport.storage.private_files import make_private_folder, open_new_private
from paceport.storage.process_lock import hold_short_lock
from paceport.web.importing.file_names import distinct_name, safe_folder, safe_name
from paceport.web.importing.upload_refused import (
    UploadRefused,
    cut_short,
    empty_file,
    no_room,
    too_large,
    too_many_at_once,
    too_many_files,
    unknown_batch,
    write_failed,
)
from paceport.web.tasks import LeftOut

LARGEST_UPLOAD = 16 * 10**9
# What other programs, and the logbook itself, shall find free.
KEPT_FREE = 64 * 10**6
_CHECKED_EVERY = 32 * 10**6
_MOST_BATCHES, _MOST_AT_ONCE = 8, 4
MOST_FILES, _MOST_REFUSED = 50_000, 1_000
_FORGOTTEN_AFTER_S = 3600.0
_LOCK_WAIT_S = 5.0
_LOCK_NAME = "in-use.lock"
_RECORDINGS, _FOLDERS = "recordings", "folders"


def free_bytes(folder: Path) -> int:
    """How many bytes this user can still write to the disk of a folder. Raises OSError."""
    return shutil.disk_usage(folder).free


@dataclass(slots=True, kw_only=True)
class Batch:
    """Files that are imported together. `paths` are those that are whole; `refused` are told with the result."""

    id: str
    folder: Path
    touched_s: float
    paths: list[Path] = field(default_factory=list)
    refused: list[LeftOut] = field(default_factory=list)
    arriving: int = 0
    count: int = 0
    names: dict[Path, set[str]] = field(default_factory=dict)

    def place(self, name: str, parts: tuple[str, ...]) -> Path:
        """Where the next file goes: in the folder it was dropped with, or else where nothing else has its name."""
        if parts:
            folder = self.folder.joinpath(_FOLDERS, *parts)
        elif name.casefold().endswith(TRACK_SUFFIXES):
            folder = self.folder / _RECORDINGS
        else:
            folder = self.folder / str(self.count)
        self.count += 1
        return folder / distinct_name(name, self.names.setdefault(folder, set()))

    def to_import(self) -> list[Path]:
        """What `paceport import` would be given: dropped folders as they are, several recordings as their folder."""
        dropped, recordings, others = dict[Path, None](), list[Path](), list[Path]()
        for path in self.paths:
            first, *rest = path.relative_to(self.folder).parts
            if first == _FOLDERS:
                dropped[self.folder / first / rest[0]] = None
            else:
                (recordings if first == _RECORDINGS else others).append(path)
        together = [recordings[0].parent] if len(recordings) > 1 else recordings
        return [*others, *dropped, *together]

    def remove(self) -> None:
        """Remove the files."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Upload:
    """One file on its way. Write it piece by piece, then finish it; anything else that happens to it is `abort`."""

    def __init__(self, uploads: Uploads, batch: Batch, path: Path, *, size: int) -> None:
        self._uploads, self._batch, self._path, self._size = uploads, batch, path, size
        self._received = self._checked_at = 0
        self._file: BufferedWriter | None = None

    @property
    def left(self) -> int:
        """How many bytes are still to come."""
        return self._size - self._received

    def open(self) -> None:
        """Make the file. Raises UploadRefused, and then nothing is left of it."""
        try:
            make_private_folder(self._path.parent)
            self._file = open_new_private(self._path)
        except (OSError, StoreUnwritable) as error:
            self.abort()
            raise write_failed(self._path.name, _os_error(error)) from error

    def write(self, content: bytes) -> None:
        """Add the next piece. Raises UploadRefused, and then nothing is left of the file."""
        assert self._file is not None
        try:
            disk.write_all(self._file.fileno(), content)
            self._received += len(content)
            if self._received - self._checked_at >= _CHECKED_EVERY:
                self._checked_at = self._received
                self._uploads.check_room_again(self._path.name, needed=self.left)
        except OSError as error:
            self.abort()
            raise write_failed(self._path.name, error) from error
        except UploadRefused:
            self.abort()
            raise

    def finish(self) -> None:
        """Close the file, which is then whole. Raises UploadRefused where it is not, and then nothing is left of it."""
        assert self._file is not None
        if self.left:
            self.abort()
            raise cut_short(self._path.name, self._received, self._size)
        try:
            self._file.close()
        except OSError as error:
            self.abort()
            raise write_failed(self._path.name, error) from error
        self._uploads.arrived(self, self._batch, self._path)

    def abort(self) -> None:
        """Remove what has come of it. Nothing happens to a file that is whole."""
        if not self._uploads.gave_up(self, self._batch):
            return
        if self._file is not None:
            with contextlib.suppress(OSError):  # what could not be written is not written now
                self._file.close()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)


class Uploads:
    """All files on their way to one logbook. Safe to share between threads; close it at the end."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        free: Callable[[Path], int] = free_bytes,
        largest: int = LARGEST_UPLOAD,
    ) -> None:
        self._folder, self._clock, self._free, self.largest = folder, clock, free, largest
        self._lock = threading.Lock()
        self._batches: dict[str, Batch] = {}
        self._open: set[Upload] = set()
        self._held = ExitStack()
        self._own: Path | None = None

    def remove_leftovers(self) -> None:
        """Remove what servers left that were killed. What others are still using stays."""
        # A folder that cannot be used is no trouble before somebody sends a file; then it is told.
        with contextlib.suppress(Busy, StoreError, OSError):
            if not self._folder.is_dir():
                return
            with self._folders_locked():
                for left in self._folder.iterdir():
                    if left.is_dir() and not left.is_symlink():
                        _remove_if_left(left)

    def new_batch(self) -> Batch:
        """Begin files that are imported together. Raises UploadRefused, StoreErrors and Busy."""
        with self._lock:
            now_s = self._clock.monotonic_s()
            for batch in list(self._batches.values()):
                if not batch.arriving and now_s - batch.touched_s > _FORGOTTEN_AFTER_S:
                    del self._batches[batch.id]
                    batch.remove()
            if len(self._batches) >= _MOST_BATCHES:
                raise UploadRefused(
                    status=409,
                    what="Too many imports wait here",
                    why=f"{_MOST_BATCHES} were begun and neither imported nor dropped",
                    fix="finish one of them, or wait an hour",
                )
            batch_id = secrets.token_urlsafe(9)
            batch = Batch(id=batch_id, folder=self._own_folder() / batch_id, touched_s=now_s)
            self._batches[batch_id] = batch
            return batch

    def begin(self, batch_id: str, name: str, size: int, *, folder: str = "") -> Upload:
        """A file of `size` bytes that is about to come, out of a dropped `folder` such as `Garmin/2024`.

        Raises UploadRefused.
        """
        name = safe_name(name)
        if not size:
            raise empty_file(name)
        if size > self.largest:
            raise too_large(name, size, self.largest)
        with self._lock:
            batch = self._find(batch_id)
            if size > (spare := self._spare(name)):
                raise no_room(name, size, spare)
            if batch.count >= MOST_FILES:
                raise too_many_files(name, MOST_FILES)
            if len(self._open) >= _MOST_AT_ONCE:
                raise too_many_at_once(name)
            upload = Upload(self, batch, batch.place(name, safe_folder(folder)), size=size)
            batch.arriving += 1
            self._open.add(upload)
        make_private_folder(batch.folder)
        upload.open()
        return upload

    def check_room_again(self, name: str, *, needed: int) -> None:
        """Raise UploadRefused where others have filled the disk, so that what is on its way does not fit any more."""
        with self._lock:
            spare = self._spare(name)
        if spare < 0:
            raise no_room(name, needed, spare + needed)

    def note_refused(self, batch_id: str, left_out: LeftOut) -> None:
        """Remember a file that was not taken, so that the result names it."""
        with self._lock:
            batch = self._batches.get(batch_id)
            if batch is not None and len(batch.refused) < _MOST_REFUSED:
                batch.refused.append(left_out)

    def take(self, batch_id: str) -> Batch:
        """The files of a batch, to be imported and removed by the caller. Raises UploadRefused."""
        with self._lock:
            batch = self._find(batch_id)
            if batch.arriving:
                raise UploadRefused(
                    status=409, what="A file is still coming", why="it is not whole yet", fix="wait for it"
                )
            if not batch.paths:
                raise UploadRefused(
                    status=409, what="There is nothing to import", why="no file came in whole", fix="choose others"
                )
            del self._batches[batch_id]
            return batch

    def give_back(self, batch: Batch) -> None:
        """Keep the files of a batch that could not be imported now."""
        with self._lock:
            self._batches[batch.id] = batch

    def drop(self, batch_id: str) -> None:
        """Remove a batch that is not wanted any more. Nothing happens where there is none."""
        with self._lock:
            batch = self._batches.pop(batch_id, None)
        if batch is not None:
            batch.remove()

    def arrived(self, upload: Upload, batch: Batch, path: Path) -> None:
        """Note that a file is whole. For `Upload`. Raises UploadRefused where nobody wants its batch any more."""
        with self._lock:
            self._open.discard(upload)
            batch.arriving -= 1
            self._find(batch.id)
            batch.touched_s = self._clock.monotonic_s()
            batch.paths.append(path)
            batch.refused = [one for one in batch.refused if one.place != path.name]

    def gave_up(self, upload: Upload, batch: Batch) -> bool:
        """Note that a file does not come; False where that is known, or it is whole. For `Upload`."""
        with self._lock:
            if upload not in self._open:
                return False
            self._open.discard(upload)
            batch.arriving -= 1
            return True

    def close(self) -> None:
        """Remove everything that is here."""
        if self._own is None:
            return
        with contextlib.suppress(Busy), self._folders_locked():
            self._held.close()
            shutil.rmtree(self._own, ignore_errors=True)
            with contextlib.suppress(OSError):  # another server has its folder there
                self._folder.rmdir()
        self._own = None

    def _spare(self, name: str) -> int:
        """How many bytes nobody needs, with all that is on its way. Raises UploadRefused where that cannot be told."""
        try:
            free = self._free(self._own or self._folder)
        except OSError as error:
            raise write_failed(name, error) from error
        return free - sum(upload.left for upload in self._open) - KEPT_FREE

    def _find(self, batch_id: str) -> Batch:
        batch = self._batches.get(batch_id)
        if batch is None:
            raise unknown_batch()
        return batch

    def _folders_locked(self) -> contextlib.AbstractContextManager[None]:
        """Whoever makes or removes a folder of a server holds this lock, so that none is removed as it is made."""
        lock = self._folder.with_name(self._folder.name + ".lock")
        return hold_short_lock(lock, timeout_s=_LOCK_WAIT_S, what="The folder of uploads is in use")

    def _own_folder(self) -> Path:
        if self._own is None:
            with self._folders_locked():
                make_private_folder(self._folder)
                own = self._folder / secrets.token_hex(8)
                make_private_folder(own)
                self._held.enter_context(hold_short_lock(own / _LOCK_NAME, timeout_s=0, what="uploads"))
            self._own = own
        return self._own


def _remove_if_left(folder: Path) -> None:
    """Remove the folder of a server that has ended."""
    with contextlib.suppress(Busy):
        with hold_short_lock(folder / _LOCK_NAME, timeout_s=0, what="uploads"):
            pass
        shutil.rmtree(folder, ignore_errors=True)


def _os_error(error: OSError | StoreUnwritable) -> OSError:
    cause = error.__cause__ if isinstance(error, StoreUnwritable) else error
    return cause if isinstance(cause, OSError) else OSError(str(error))
