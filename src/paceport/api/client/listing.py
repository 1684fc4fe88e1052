"""The list of all activities: read in pages, in rounds of several at once, given newest first.

What is promised. The service pages by position, so that what arrives or goes while we read shifts the rest.

- An activity that was there all the time is listed exactly once, whatever newer ones arrive and whatever is edited.
  What arrives meanwhile is listed or not, as it falls. Arrivals push rows to later pages: they are seen twice and given
  once. When pages are read at once, a later page may be cut before an arrival and an earlier one after it, and a row
  falls between. But each round follows a page that was cut before it began, so somewhere before that gap a row was seen
  twice (or two pages are out of order): such a round is read again, one page after the other. Only a late file (an
  activity older than those already read), uploaded in the very second of a round, can hide a row there.
- A deletion while we read pulls rows to earlier pages, and one row may slip through unseen. No sequence of disjoint
  pages can show it. Whoever takes absence for deletion uses `is_certain`: each page then begins with the last row of
  the one before, one at a time, and everything that was there all the time is listed whatever goes. It costs about
  one request in 200 more.
- Only an empty page ends the list: rows are filtered after a page is cut, so a short one says nothing. Three pages in
  a row that bring nothing new end it as well: whoever answers does not turn pages. That is told to `repeats`; with
  `is_certain` it is an error, for then absence says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from datetime import timedelta
from itertools import chain, pairwise, repeat
from math import ceil
from typing import NamedTuple

from paceport.api.client.repeated_pages import MOST_PAGES
from paceport.api.models.activity import SummaryActivity
from paceport.api.models.decoding import LeftOut, Page
from paceport.errors import UnexpectedAnswer
from paceport.lazy_dataclass import dataclass

ReadPage = Callable[[int, int | None, int | None], Page[SummaryActivity]]
"""Page number, `after` and `before` in Unix seconds (None: not sent) → that page."""

ReadOne = Callable[[int], Page[SummaryActivity]]
Gather = Callable[[ReadOne, Sequence[int]], list[Page[SummaryActivity]]]
"""Reads several pages at once and gives them in the order of their numbers."""

_WIDEST = 8
# Arrivals can push a whole page of known rows onto the next one; nobody uploads so much twice while we read.
_MOST_PAGES_WITHOUT_NEWS = 3


class ListedActivity(NamedTuple):
    """An activity and its JSON as it came."""

    activity: SummaryActivity
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What to list: bounds in Unix seconds, both exclusive as sent; how many at most; how many were there last time."""

    after: int | None = None
    before: int | None = None
    limit: int | None = None
    known_total: int | None = None
    per_page: int = 200


@dataclass(slots=True)
class _Seen:
    ids: set[int] = field(default_factory=set)

    def fresh(self, page: Page[SummaryActivity]) -> list[ListedActivity]:
        rows = []
        for activity, raw in zip(page.items, page.raws(), strict=True):
            if activity.id not in self.ids:
                self.ids.add(activity.id)
                rows.append(ListedActivity(activity, raw))
        return rows


def list_newest_first(
    read: ReadPage,
    window: ListQuery,
    *,
    threads: int,
    is_certain: bool = False,
    left_out: Callable[[LeftOut], None] = lambda _part: None,
    repeats: Callable[[int], None] = lambda _page: None,
    ahead: Callable[[], int] = lambda: _WIDEST,
    gather: Gather | None = None,
) -> Iterator[ListedActivity]:
    """Every activity of the window, newest first, each once. `threads` 1 reads one page at a time.

    `gather` takes the place of the threads; `ahead` says how many pages may be read at once without knowing whether
    there are so many. Rows and parts that cannot be read go to `left_out`, each once; `repeats`
    hears the number of the page at which a list that never ends was given up. A list that comes in another order
    (`after` alone) is read whole and sorted. Raises UnexpectedAnswer with `is_certain` for a list that never ends.
    """
    seen = _Seen()
    if is_certain:
        pages = _overlapping_pages(read, window)
    else:
        pages = _until_no_news(_pages(read, window, _widths(window, threads, ahead), threads, gather), repeats)
    pages = _tell_left_out(pages, left_out)
    first: list[ListedActivity] | None = None
    for page in pages:
        rows = seen.fresh(page)
        if first is None:
            first = rows
            if not _is_newest_first(rows):
                rest = chain.from_iterable(map(seen.fresh, pages))
                yield from sorted(chain(rows, rest), key=_newest, reverse=True)
                return
        yield from rows


def _tell_left_out(
    pages: Iterator[Page[SummaryActivity]], left_out: Callable[[LeftOut], None]
) -> Iterator[Page[SummaryActivity]]:
    told: set[tuple[bytes, str]] = set()
    for page in pages:
        for part in (*page.bad, *page.odd):
            mark = (part.raw, part.path.partition("]")[2])  # a row that is seen twice has another place
            if mark not in told:
                told.add(mark)
                left_out(part)
        yield page


def _until_no_news(
    pages: Iterator[Page[SummaryActivity]], repeats: Callable[[int], None]
) -> Iterator[Page[SummaryActivity]]:
    """The pages, up to where too many in a row bring nothing new."""
    seen: set[int | str] = set()
    stale = 0
    for number, page in enumerate(pages, 1):
        marks = _marks(page)
        stale = stale + 1 if marks <= seen else 0
        seen |= marks
        if stale == _MOST_PAGES_WITHOUT_NEWS or number > MOST_PAGES:
            repeats(number)
            return
        yield page


def _marks(page: Page[SummaryActivity]) -> set[int | str]:
    # Whatever has no id is one and the same: an answer that only changes its figures brings nothing new.
    return {row.id for row in page.items} | {row.item_id or "" for row in page.bad}


def _pages(
    read: ReadPage, window: ListQuery, widths: Iterator[int], threads: int, gather: Gather | None
) -> Iterator[Page[SummaryActivity]]:
    number = 1
    last: SummaryActivity | None = None
    is_thin = False

    def one(page: int) -> Page[SummaryActivity]:
        return read(page, window.after, window.before)

    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        for planned in widths:
            width = 1 if is_thin and window.known_total is None else planned
            numbers = range(number, number + width)

            if width == 1:
                got = [one(number)]
            else:
                got = gather(one, numbers) if gather is not None else list(pool.map(one, numbers))
            if width > 1 and _has_shifted(got, last, is_turned=window.after is not None):
                got = [_prefer_second_reading(page, one(each)) for each, page in zip(numbers, got, strict=True)]
            for page in got:
                if page.count == 0:
                    return
                yield page
                last = page.items[-1] if page.items else last
            number += width
            # Half a page is most likely the end: look for the empty page behind it alone.
            is_thin = got[-1].count < window.per_page // 2


def _widths(window: ListQuery, threads: int, ahead: Callable[[], int]) -> Iterator[int]:
    """How many pages each round reads at once. Round 1 is one page alone: it shows order, budget and what is newest."""
    yield 1
    if threads <= 1:
        yield from repeat(1)
    elif window.limit is not None:
        wanted = ceil(window.limit / window.per_page)
        yield from _portions(wanted - 1, threads)
        yield from repeat(1)
    elif window.known_total is not None:
        # As many as last time and the empty page behind them: none is read blind.
        yield from _portions(ceil(window.known_total / window.per_page), threads)
        yield from repeat(1)
    else:
        yield from (max(1, min(planned, ahead())) for planned in chain((2, 4), repeat(_WIDEST)))


def _portions(pages: int, threads: int) -> Iterator[int]:
    # Wider than the pool: a thread that is done goes on with the next page, no round waits for its slowest.
    width = threads * 4
    while pages > 0:
        yield min(pages, width)
        pages -= width


def _has_shifted(pages: Sequence[Page[SummaryActivity]], last: SummaryActivity | None, *, is_turned: bool) -> bool:
    """Whether pages read at once overlap or are out of order: something shifted while they were read."""
    rows = [*([last] if last is not None else []), *chain.from_iterable(page.items for page in pages)]
    if len({row.id for row in rows}) < len(rows):
        return True
    if is_turned:
        return False
    # Also against the row before the round: so many may have arrived that the pages overlap with none of them.
    return any(left.start < right.start for left, right in pairwise(rows))


def _prefer_second_reading(first: Page[SummaryActivity], again: Page[SummaryActivity]) -> Page[SummaryActivity]:
    """The second reading of a page. Its rows count; what only the first one had was pushed on and comes again."""
    return again if again.count or not first.count else first


def _overlapping_pages(read: ReadPage, window: ListQuery) -> Iterator[Page[SummaryActivity]]:
    """Pages that overlap: each is anchored at the last row of the one before, so no shift can hide a row."""
    after, before, number = window.after, window.before, 1
    seen: set[int | str] = set()
    stale = 0
    is_newest_first = window.after is None or window.before is not None
    while True:
        page = read(number, after, before)
        if page.count == 0:
            return
        yield page
        fresh = _marks(page) - seen
        seen |= fresh
        stale = 0 if fresh else stale + 1
        if stale == _MOST_PAGES_WITHOUT_NEWS or number > MOST_PAGES:
            raise UnexpectedAnswer(
                what="The list of activities does not end",
                why=f"{stale} pages in a row brought nothing new; a proxy or cache may answer in Strava's place",
                fix="try again later, or from another network; no activity was marked as deleted",
            )
        anchor = _anchor(page, is_newest_first=is_newest_first) if fresh else None
        moved = anchor is not None and anchor != (before if is_newest_first else after)
        if not moved:
            number += 1  # all of one second, or nothing new: the end is near, and only an empty page is the end
        elif is_newest_first:
            before, number = anchor, 1
        else:
            after, number = anchor, 1


def _anchor(page: Page[SummaryActivity], *, is_newest_first: bool) -> int | None:
    if not page.items:
        return None
    edge = min(page.items, key=_newest) if is_newest_first else max(page.items, key=_newest)
    # A hidden start shows as midnight: its true place is anywhere in that day.
    slack = timedelta(days=1) if edge.is_start_hidden else timedelta(seconds=1)
    moment = edge.start + slack if is_newest_first else edge.start - slack
    return int(moment.timestamp())


def _is_newest_first(rows: Sequence[ListedActivity]) -> bool:
    starts = [row.activity.start for row in rows]
    return starts == sorted(starts, reverse=True) and len(rows) > 1


def _newest(row: ListedActivity | SummaryActivity) -> tuple[object, int]:
    activity = row.activity if isinstance(row, ListedActivity) else row
    return activity.start, activity.id
