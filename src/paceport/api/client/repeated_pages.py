"""Ends a list that does not end by itself: an endpoint that ignores `page`, or a cache that repeats an answer."""

from __future__ import annotations

import hashlib

from paceport.api.models.decoding import raw_rows


class SeenRows:
    """Which rows of a list came before, by a digest of their JSON."""

    def __init__(self) -> None:
        self._digests: set[bytes] = set()

    def add(self, body: bytes) -> bool:
        """Note the rows of a page; False where it has rows and every one of them came before."""
        rows = {hashlib.sha256(row).digest() for row in raw_rows(body)}
        is_new = not rows or not rows <= self._digests
        self._digests |= rows
        return is_new


def repeats_text(path: str, page: int | None) -> str:
    """What to say of a list that was ended because it repeats itself."""
    where = f"page {page}" if page is not None else "the next page"
    return f"{path}: {where} brought nothing new, so reading ended there: it has no pages, or a cache answers"
