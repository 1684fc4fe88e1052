"""Plots with their table twins, and the table of zones: what several commands show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from paceport.cli.output import Output
from paceport.cli.plot import Plot, draw, share_bar
from paceport.cli.table import KEY, Column
from paceport.units import UNKNOWN, duration_text

_WIDEST = 120


def plots(
    output: Output,
    titled: Sequence[tuple[str, Plot]],
    *,
    table: tuple[Sequence[Column], Sequence[Sequence[str]]],
    as_table: bool,
) -> None:
    """Each plot under its title; or their table twin, which is also what comes without a terminal."""
    if as_table or not output.stdout_is_terminal:
        columns, rows = table
        if rows:
            output.blank_line()
            output.table(columns, rows)
        return
    for title, plot in titled:
        lines = draw(plot, width=min(output.width, _WIDEST), plain=is_plain(output))
        if lines:
            output.blank_line()
            output.heading(title)
            for line in lines:
                output.verbatim(line)


def month_ticks(days: Sequence[date]) -> list[tuple[float, str]]:
    """The months that begin along these days; a plot shows as many as it has room for.

    Written as 2026-08: "Aug 26" could be a day.
    """
    starts = [place for place, day in enumerate(days) if place == 0 or day.month != days[place - 1].month]
    return [(place / max(len(days) - 1, 1), f"{days[place]:%Y-%m}") for place in starts]


def fill_short_gaps(values: Sequence[float], most: int = 3) -> list[float]:
    """Gaps of a few weeks closed by straight lines, so that the line can be followed; longer ones stay open."""
    bridged = list(values)
    known = [place for place, value in enumerate(values) if math.isfinite(value)]
    for left, right in pairwise(known):
        if 1 < right - left <= most + 1:
            for place in range(left + 1, right):
                share = (place - left) / (right - left)
                bridged[place] = values[left] * (1 - share) + values[right] * share
    return bridged


def is_plain(output: Output) -> bool:
    """Whether the terminal's encoding lacks what plots are made of."""
    try:
        "⣿█┤".encode(getattr(output.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def zone_rows(
    output: Output, edges_bpm: Sequence[float], times_s: Sequence[float]
) -> tuple[list[Column], list[list[str]]]:
    """Columns and rows of a table of zones: name, rates, time, share, and on a terminal a bar."""
    total = sum(times_s)
    edges = [f"{edge:.0f}" for edge in edges_bpm]
    ranges = [f"below {edges[0]}", *(f"{low} to {high}" for low, high in pairwise(edges))]
    ranges.append(f"{edges[-1]} and up")
    columns = [
        Column(heading="Zone", kind="word", importance=KEY),
        Column(heading="bpm", kind="number", importance=6),
        Column(heading="Time", kind="number", importance=KEY),
        Column(heading="Share", kind="number", importance=7),
    ]
    rows = [
        [str(zone), rates, duration_text(seconds), f"{seconds / total:.0%}" if total else UNKNOWN]
        for zone, (rates, seconds) in enumerate(zip(ranges, times_s, strict=True), 1)
    ]
    room = min(output.width, _WIDEST) - 45
    if output.stdout_is_terminal and total and room >= 10:
        columns.append(Column(heading="", kind="word", importance=1))
        for row, seconds in zip(rows, times_s, strict=True):
            row.append(share_bar(seconds / total, room, plain=is_plain(output)))
    return columns, rows
