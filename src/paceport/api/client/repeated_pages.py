"""Ends a list that does not end by itself: an endpoint that ignores `page`, or a cache that repeats an answer."""

from __future__ import annotations

import hashlib

from paceport.api.models.decoding import id_in, raw_rows


class SeenRows:
    """Which rows of a list came before: by their ids, or where a row has none by a digest of its JSON.

    A row that came before is no news because one figure in it has changed, a count of kudos or a time.
    """

    def __init__(self) -> None:
        self._marks: set[bytes] = set()

    def add(self, body: bytes) -> bool:
        """Note the rows of a page; False where it has rows and every one of them came before."""
        rows = {_mark_of(row) for row in raw_rows(body)}
        is_new = not rows or not rows <= self._marks
        self._marks |= rows
        return is_new


def _mark_of(row: bytes) -> bytes:
    found = id_in(row)
    return hashlib.sha256(row if found is None else str(found).encode()).digest()


def repeats_text(path: str, page: int | None) -> str:
    """What to say of a list that was ended because it repeats itself."""
    where = f"page {page}" if page is not None else "the next page"
    return f"{path}: {where} brought nothing new, so reading ended there: it has no pages, or a cache answers"
