"""Several activities in one transaction, their originals written at the same time: waiting for the disk is slow."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import field
from functools import partial
from pathlib import Path

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.database_errors import translate_errors
from paceport.logbook.database.migrations import begin, transaction
from paceport.logbook.database.originals import PackedOriginal, drop_draft, save_original
from paceport.logbook.database.store import Store
from paceport.storage.disk import sync_folder

_MANY_ITEMS = 16
_WRITERS = 4


@dataclass(slots=True, kw_only=True)
class WriteBatch:
    """Holds a transaction open over a few items, where items are many.

    An original is on the disk before its row is committed. Each item is all in or not at all. What was written of
    whole items is committed when the block ends, also by an interrupt; only a store that cannot be written loses up to
    sixteen, which the next import reads again.
    """

    store: Store
    _most_items: int = 1
    _items: int = 0
    _writers: ThreadPoolExecutor | None = None
    _writing: dict[str, Future[None]] = field(default_factory=dict)
    _taken: set[Path] = field(default_factory=set)
    _after: list[Callable[[], None]] = field(default_factory=list)
    _told: list[Callable[[], None]] = field(default_factory=list)

    def __enter__(self) -> "WriteBatch":
        self._writers = ThreadPoolExecutor(_WRITERS)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.commit()
        finally:
            if self._writers is not None:
                self._writers.shutdown()

    def share(self, *, is_shared: bool) -> None:
        """Whether the items to come share a transaction; else each has its own."""
        self.commit_and_tell()
        self._most_items = _MANY_ITEMS if is_shared else 1

    @contextmanager
    def item(self) -> Iterator[None]:
        """One item: what is written inside stays together, and is undone if an error leaves the block."""
        if not self.store.connection.in_transaction:
            begin(self.store.connection)
        with transaction(self.store.connection):
            yield
        self._items += 1
        if self._items >= self._most_items:
            self.commit()

    def save_original(self, original: PackedOriginal) -> None:
        """Write a file beside what else goes on; `commit` waits for it."""
        if self._writers is None:
            raise RuntimeError("the batch is not open")
        if original.sha256 not in self._writing:
            folder = self.store.originals_dir
            save = partial(save_original, folder, original, syncs_folder=False)
            if original.draft is not None:
                self._taken.add(original.draft)
            self._writing[original.sha256] = self._writers.submit(save)

    def drop_unsaved(self, original: PackedOriginal | None) -> None:
        """Remove what was put aside of a file, unless it is being saved."""
        if original is None or original.draft is None:
            return
        if original.draft in self._taken:
            self._taken.remove(original.draft)
        else:
            drop_draft(original)

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do something that must not happen before what was written is safe."""
        self._after.append(act)

    def when_free(self, tell: Callable[[], None]) -> None:
        """Tell somebody something once no transaction is open: they may take their time, and others want to write."""
        self._told.append(tell)
        if not self.store.connection.in_transaction:
            self.commit_and_tell()

    def commit_and_tell(self) -> None:
        """`commit`, then say what was to be said, in its order."""
        self.commit()
        told, self._told = self._told, []
        for tell in told:
            tell()

    def commit(self) -> None:
        """Wait for the files, then make everything written so far visible to others. Nothing to do is no trouble."""
        writing, after = list(self._writing.values()), list(self._after)
        self._writing.clear()
        self._after.clear()
        self._items = 0
        if not self.store.connection.in_transaction:
            return
        try:
            for each in writing:
                each.result()
            if writing:
                self._sync_originals()
            self.store.connection.execute("COMMIT")
        except BaseException:
            if self.store.connection.in_transaction:
                self.store.connection.execute("ROLLBACK")
            raise
        for act in after:
            act()

    def _sync_originals(self) -> None:
        """See the names of the files written to the disk, all at once."""
        folder = self.store.originals_dir
        with translate_errors(folder):
            sync_folder(folder)
