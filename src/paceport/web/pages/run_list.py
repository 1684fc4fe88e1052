"""The list of all runs: one page of it as values, and any part of it as JSON for the script that scrolls."""

from __future__ import annotations

from collections.abc import Sequence

from paceport.lazy_dataclass import dataclass
from paceport.report.html_text import UNKNOWN, day_text, hours
from paceport.report.pages.run_rows import RunRow, run_rows
from paceport.report.pages.snapshot import Snapshot
from paceport.training.history.run import Run
from paceport.training.history.volume import overall
from paceport.web.run_query import KINDS, RunQuery, choose_runs

ROWS_A_PAGE = 100
MOST_ROWS_A_PART = 200
_RISING = ("name", "pace", "adjusted")  # sorted from A to Z, from the fastest on


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the list: its key in the address, its heading, the link that sorts by it, how it is sorted now."""

    key: str
    title: str
    link: str
    sorted: str  # "ascending", "descending" or "none", as aria-sort says it


@dataclass(frozen=True, slots=True, kw_only=True)
class RunListPage:
    """One page of the list. `rows` are those of `page` of `pages`; `total` runs pass the filters of `every`."""

    query: RunQuery
    rows: tuple[RunRow, ...]
    columns: tuple[Column, ...]
    total: int
    every: int
    summary: str
    page: int
    pages: int
    previous: str | None
    next: str | None
    years: tuple[int, ...]
    kinds: tuple[tuple[str, str], ...]
    shoes: tuple[str, ...]
    period: str
    without_period: str
    rows_address: str


def run_list(snapshot: Snapshot, query: RunQuery) -> RunListPage:
    """The page of the list that the query asks for; a page beyond the last is the last."""
    chosen, units = _chosen(snapshot, query), snapshot.units
    pages = max(1, -(-len(chosen) // ROWS_A_PAGE))
    page = min(query.page, pages)
    shown = chosen[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    choices = snapshot.once("choices of the list", lambda: _choices(snapshot.history.runs))
    return RunListPage(
        query=query,
        rows=tuple(run_rows(shown, units)),
        columns=_columns(query, snapshot),
        total=len(chosen),
        every=len(snapshot.history.runs),
        summary=_summary(snapshot, query),
        page=page,
        pages=pages,
        previous=query.address(page=page - 1) if page > 1 else None,
        next=query.address(page=page + 1) if page < pages else None,
        years=choices.years,
        kinds=choices.kinds,
        shoes=choices.shoes,
        period=_period(query),
        without_period=query.address(first=None, last=None),
        rows_address=query.address("/runs.json"),
    )


def list_part(snapshot: Snapshot, query: RunQuery, *, offset: int, limit: int) -> dict[str, object]:
    """Some rows from the `offset`-th on, what all rows add up to, and the addresses that sort anew."""
    chosen, units = _chosen(snapshot, query), snapshot.units
    offset, limit = max(offset, 0), min(max(limit, 0), MOST_ROWS_A_PART)
    return {
        "total": len(chosen),
        "offset": offset,
        "summary": _summary(snapshot, query),
        "address": query.address(),
        "columns": [[column.link, column.sorted] for column in _columns(query, snapshot)],
        "rows": [row.cells() for row in run_rows(chosen[offset : offset + limit], units)],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choices:
    """What can be chosen from in the list's filters."""

    years: tuple[int, ...]
    kinds: tuple[tuple[str, str], ...]
    shoes: tuple[str, ...]


def _choices(runs: Sequence[Run]) -> _Choices:
    return _Choices(
        years=tuple(sorted({run.day.year for run in runs}, reverse=True)),
        kinds=tuple((key, title) for key, (title, holds) in KINDS.items() if any(map(holds, runs))),
        shoes=tuple(sorted({run.gear for run in runs if run.gear})),
    )


def _summary(snapshot: Snapshot, query: RunQuery) -> str:
    # In any order the sums are the same.
    key = query.address(sort="day", is_reversed=False)
    return snapshot.latest("list summary", key, lambda: list_summary(_chosen(snapshot, query), snapshot))


def list_summary(chosen: Sequence[Run], snapshot: Snapshot) -> str:
    """`12 runs · 109.2 km · 9:55 h`."""
    total, units = overall(chosen), snapshot.units
    if not total.runs:
        return f"No {snapshot.noun(1)}"
    length = f"{units.distance(total.distance_m, 1)} {units.name}"
    time = hours(total.moving_time_s)
    return " · ".join(
        (snapshot.counted(total.runs), *((length,) if total.distance_m else ()), f"{time} h" * (time != UNKNOWN))
    )


def _chosen(snapshot: Snapshot, query: RunQuery) -> list[Run]:
    # A list that scrolls asks for one part after the other.
    return snapshot.latest(
        "chosen runs", query.address(), lambda: choose_runs(snapshot.history.runs, query, snapshot.units)
    )


def _columns(query: RunQuery, snapshot: Snapshot) -> tuple[Column, ...]:
    units = snapshot.units
    titles = {
        "name": snapshot.noun(1).capitalize(),
        "day": "Date",
        "distance": units.name,
        "time": "Time",
        "pace": units.pace_unit,
        "adjusted": "Adjusted",
        "heart": "bpm",
        "climb": f"Climb, {units.height_unit}",
        "load": "Load",
    }
    return tuple(_column(query, key, title) for key, title in titles.items())


def _column(query: RunQuery, key: str, title: str) -> Column:
    is_sorted = query.sort == key
    link = query.address(sort=key, is_reversed=is_sorted and not query.is_reversed)
    is_falling = (key not in _RISING) != query.is_reversed
    return Column(
        key=key, title=title, link=link, sorted=("descending" if is_falling else "ascending") if is_sorted else "none"
    )


def _period(query: RunQuery) -> str:
    if query.first is None and query.last is None:
        return ""
    if query.first == query.last:
        return day_text(query.first)
    first = f"from {day_text(query.first)}" if query.first else ""
    last = f"to {day_text(query.last)}" if query.last else ""
    return f"{first} {last}".strip()
