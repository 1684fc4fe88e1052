"""The page of the import: where files are dropped, the import before, and what is left out of the logbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.amount_text import size_text
from paceport.lazy_dataclass import dataclass
from paceport.sports import SPORT_TYPES
from paceport.web.importing.import_task import TASK_NAME
from paceport.web.importing.uploads import MOST_FILES
from paceport.web.tasks import LeftOut, Task

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.web.importing.uploads import Uploads
    from paceport.web.tasks import Tasks

_MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """`largest_bytes` is how large a file may be, 0 where none is taken. `more` things are left out, too.

    `sports` are those that may be named for files that do not say theirs; `most_files` are imported together at most.
    """

    largest_bytes: int
    latest: Task | None
    left_out: tuple[LeftOut, ...]
    more: int
    sports: tuple[str, ...] = SPORT_TYPES
    most_files: int = MOST_FILES

    @property
    def can_import(self) -> bool:
        """Whether files may be dropped."""
        return self.largest_bytes > 0

    @property
    def largest_text(self) -> str:
        """How large a file may be, in words."""
        return size_text(self.largest_bytes)


def import_page(store: Store, uploads: Uploads | None, tasks: Tasks | None) -> ImportPage:
    """What is left out of the open store, and how files can be added to it."""
    found = store.quarantined()
    return ImportPage(
        largest_bytes=uploads.largest if uploads is not None else 0,
        latest=tasks.latest(TASK_NAME) if tasks is not None else None,
        left_out=tuple(
            LeftOut(
                place=one.place, why=one.why, fix=one.retry if one.is_own else f"it is tried again after {one.retry}"
            )
            for one in found[:_MOST_SHOWN]
        ),
        more=max(0, len(found) - _MOST_SHOWN),
    )
