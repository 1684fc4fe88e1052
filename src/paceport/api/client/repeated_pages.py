"""Ends a list that does not end by itself: an endpoint that ignores `page`, or a cache that repeats an answer."""

from __future__ import annotations

import hashlib

from paceport.api.models.decoding import id_in, raw_rows

# A list whose rows change each time shows no end of its own. Strava's longest lists without ids are the members of a
# club; nobody's own list has more pages than this, 200,000 rows in full ones.
_MOST_ROWS_WITHOUT_ID = 20_000
MOST_PAGES = 1_000


class SeenRows:
    """Which rows of a list came before: by their ids, or where a row has none by a digest of its JSON.

    A row that came before is no news because one figure in it has changed, a count of kudos or a time. A row without an
    id is then another row, so the number of such rows is bounded, as that of all pages is; `is_too_long` tells it.
    """

    def __init__(self) -> None:
        self._marks: set[bytes] = set()
        self._pages = self._rows_without_id = 0

    @property
    def is_too_long(self) -> bool:
        """Whether more came than any list of Strava's holds."""
        return self._pages > MOST_PAGES or self._rows_without_id > _MOST_ROWS_WITHOUT_ID

    def add(self, body: bytes) -> bool:
        """Note the rows of a page; False where it has rows and every one came before, or the list is too long."""
        found = raw_rows(body)
        rows = {_mark_of(row) for row in found}
        is_new = not rows or not rows <= self._marks
        self._marks |= rows
        self._pages += 1
        self._rows_without_id += sum(id_in(row) is None for row in found)
        return is_new and not self.is_too_long

    def ended_text(self, path: str, page: int | None) -> str:
        """What to say of a list after a page that was no news."""
        if not self.is_too_long:
            return repeats_text(path, page)
        where = f"page {page}" if page is not None else f"page {self._pages}"
        return f"{path}: reading ended before {where}, because the list seems to have no end"


def _mark_of(row: bytes) -> bytes:
    found = id_in(row)
    return hashlib.sha256(row if found is None else str(found).encode()).digest()


def repeats_text(path: str, page: int | None) -> str:
    """What to say of a list that was ended because it repeats itself."""
    where = f"page {page}" if page is not None else "the next page"
    if page is not None and page > MOST_PAGES:
        return f"{path}: reading ended before {where}, because the list seems to have no end"
    return f"{path}: {where} brought nothing new, so reading ended there: it has no pages, or a cache answers"
