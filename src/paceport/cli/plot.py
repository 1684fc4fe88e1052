"""Plots made of characters: a line of braille dots or bars of blocks, with labelled axes, of a given width."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from paceport.lazy_dataclass import dataclass

_BRAILLE = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column, then row from the top
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LEAST_COLUMNS = 8
_ROWS = 6
_FEWEST_MARKS, _MOST_MARKS = 3, 8
_ROUND_TIMES_S = (3600.0, 1800.0, 900.0, 600.0, 300.0, 120.0, 60.0, 30.0, 20.0, 15.0, 10.0, 5.0, 2.0, 1.0)
_STRIDES = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120)  # months are marked by quarters and years
_SLOWEST = 4.0  # times the fastest: beyond it marks would lie on each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Values at even steps along an axis; NaN is a gap. `ticks` are (place along the axis 0 to 1, text).

    `label` writes a value of the vertical axis, where round numbers are marked: those of `unit`, which is one of what
    `label` writes, or, where values are speeds written as paces, round times over `pace_of_m` metres. `from_zero` keeps
    0 in sight. A line of values below 0 has a dotted line at 0. `is_bars` draws one bar per value.
    """

    values: Sequence[float]
    label: Callable[[float], str]
    ticks: Sequence[tuple[float, str]] = ()
    unit: float = 1.0
    pace_of_m: float | None = None
    from_zero: bool = False
    is_bars: bool = False


def draw(plot: Plot, *, width: int, rows: int = _ROWS, plain: bool = False) -> list[str]:
    """The plot as lines of at most `width` characters: `rows` of it, then its ticks. Empty if no value is known.

    `plain` uses ASCII alone. Where the room is too narrow for labels of the vertical axis they are left out.
    """
    known = [value for value in plot.values if math.isfinite(value)]
    if not known:
        return []
    for _ in range(2):
        low, high = _range(known, from_zero=plot.from_zero or plot.is_bars)
        labels = _labels(plot, low, high, rows, plain=plain)
        margin = max((len(text) for text in labels.values()), default=0) + 2
        if width - margin < _LEAST_COLUMNS:
            labels, margin = {}, 0
        columns = max(width - margin, 1)
        # Where there are many values, means of neighbours are drawn: the axis reaches as far as these do.
        known = _drawn(plot, columns, plain=plain)
    scaled = [(value - low) / (high - low) if math.isfinite(value) else math.nan for value in plot.values]
    if plot.is_bars:
        body = _bars(scaled, columns, rows, plain=plain)
    else:
        zero = -low / (high - low) if low < 0 <= high else None
        body = _line(scaled, columns, rows, zero=zero, plain=plain)
    edge = "|" if plain else "┤"
    lines = [
        (f"{labels.get(row, ''):>{margin - 2}} {edge if row in labels else ('|' if plain else '│')}" if margin else "")
        + text
        for row, text in enumerate(body)
    ]
    axis = _axis(plot, columns)
    lines += [" " * margin + axis] if axis else []
    # The empty braille cell keeps columns apart; behind the last dot it is as idle as a blank.
    return [line.rstrip(f" {chr(_BRAILLE)}") for line in lines]


def _drawn(plot: Plot, columns: int, *, plain: bool) -> list[float]:
    """The known values as they are drawn in so many columns."""
    places = columns * (1 if plot.is_bars or plain else 2)
    values = _binned(plot.values, places) if len(plot.values) > places else plot.values
    return [value for value in values if math.isfinite(value)]


def _labels(plot: Plot, low: float, high: float, rows: int, *, plain: bool) -> dict[int, str]:
    """The round values of the vertical axis by the row they stand in: three or more, or as many as are to be had."""
    best: dict[int, str] = {}
    for marks in _round_marks(plot, low, high):
        if len(marks) > rows:
            break
        labels = {_row(plot, (mark - low) / (high - low), rows, plain=plain): plot.label(mark) for mark in marks}
        if len(set(labels.values())) < len(marks):
            continue  # two in one row, or written alike
        best = labels
        if len(labels) >= min(_FEWEST_MARKS, rows // 2):
            break
    return best or {0: plot.label(high)} | ({rows - 1: plot.label(low)} if plot.label(low) != plot.label(high) else {})


def _round_marks(plot: Plot, low: float, high: float) -> Iterator[list[float]]:
    """The round values between two, ever closer together."""
    if plot.pace_of_m is None:
        first, last = low / plot.unit, high / plot.unit
        whole = math.floor(math.log10(last - first)) if last > first else 0
        steps = [base * 10.0**power for power in range(whole, whole - 3, -1) for base in (5, 2, 1)]
    else:
        # A pace falls as the speed rises, and nobody stands still on a plot of paces.
        first = plot.pace_of_m / high if high > 0 else 0.0
        last = min(plot.pace_of_m / low if low > 0 else math.inf, _SLOWEST * first)
        steps = list(_ROUND_TIMES_S)
    for step in steps:
        if (last - first) / step > _MOST_MARKS:
            continue
        counted = range(math.ceil(first / step - 1e-9), math.floor(last / step + 1e-9) + 1)
        if plot.pace_of_m is None:
            yield [count * step * plot.unit for count in counted]
        else:
            yield [plot.pace_of_m / (count * step) for count in counted if count]


def _row(plot: Plot, height: float, rows: int, *, plain: bool) -> int:
    """The row in which a height of 0 to 1 is drawn."""
    if plot.is_bars:
        return min(rows - math.ceil(height * rows - 1e-9), rows - 1)
    dots_up = 1 if plain else 4
    top = rows * dots_up - 1
    return (top - round(height * top)) // dots_up


def plain_number(values: Sequence[float]) -> Callable[[float], str]:
    """How numbers beside these values are written: with as many digits as tell them apart, and never as -0."""
    known = [value for value in values if math.isfinite(value)]
    span = max((*known, 0.0)) - min((*known, 0.0))
    digits = 0 if span >= 3 or span == 0 else 1 if span >= 0.3 else 2
    return lambda value: f"{value:z,.{digits}f}"


def share_bar(share: float, width: int, *, plain: bool = False) -> str:
    """A horizontal bar for a share of 0 to 1, `width` characters at 1; something is seen of anything above 0."""
    if not share > 0 or width < 1:
        return ""
    length = min(share, 1.0) * width
    return (
        "#" * max(round(length), 1) if plain else "█" * int(length) + ("▌" if length % 1 >= 0.5 or length < 1 else "")
    )


def _range(known: Sequence[float], *, from_zero: bool) -> tuple[float, float]:
    low, high = min(known), max(known)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= 1e-9 * max(abs(high), abs(low), 1e-9):
        pad = abs(high) * 0.1 or 1.0
        return (low if from_zero else low - pad), high + pad
    return low, high


def _binned(values: Sequence[float], count: int) -> list[float]:
    """The values as `count` means of neighbours, or joined by straight lines where there are fewer."""
    total = len(values)
    if total <= count:
        return _joined(values, count)
    binned = []
    for place in range(count):
        part = values[place * total // count : max((place + 1) * total // count, place * total // count + 1)]
        known = [value for value in part if math.isfinite(value)]
        binned.append(sum(known) / len(known) if known else math.nan)
    return binned


def _joined(values: Sequence[float], count: int) -> list[float]:
    """The values at even steps over `count` places, straight lines between neighbours.

    One beside a gap ends at its own place, and one alone is a dot: a line would claim values that nobody measured.
    """
    total = len(values)
    joined = [math.nan] * count
    for place in range(count if total > 1 else 0):
        at = place * (total - 1) / (count - 1)
        left = min(int(at), total - 2)
        share = at - left
        joined[place] = values[left] * (1 - share) + values[left + 1] * share
    for at, value in enumerate(values):
        joined[round(at * (count - 1) / max(total - 1, 1))] = value
    return joined


def _line(scaled: Sequence[float], columns: int, rows: int, *, zero: float | None, plain: bool) -> list[str]:
    """The line as rows of characters; `zero` is the height of a dotted line, if there is one."""
    dots_across, dots_up = (1, 1) if plain else (2, 4)
    heights = _binned(scaled, columns * dots_across)
    top = rows * dots_up - 1
    cells = [[0] * columns for _ in range(rows)]
    if zero is not None and not plain:
        row = top - round(zero * top)
        for place in range(columns):
            cells[row // dots_up][place] |= _DOTS[0][row % dots_up]
    before: int | None = None
    for place, height in enumerate(heights):
        if not math.isfinite(height):
            before = None
            continue
        row = top - round(min(max(height, 0.0), 1.0) * top)
        # Joined to the last dot, so that a steep line has no holes.
        joined = range(min(before, row), max(before, row) + 1) if before is not None else (row,)
        for each in joined:
            if each != before or each == row:
                cells[each // dots_up][place // dots_across] |= _DOTS[place % dots_across][each % dots_up]
        before = row
    if not plain:
        return ["".join(chr(_BRAILLE + cell) for cell in line) for line in cells]
    at_zero = None if zero is None else top - round(zero * top)
    return ["".join("*" if cell else "-" if row == at_zero else " " for cell in line) for row, line in enumerate(cells)]


def _bars(scaled: Sequence[float], columns: int, rows: int, *, plain: bool) -> list[str]:
    if len(scaled) > columns:
        scaled = _binned(scaled, columns)
    edges = _edges(len(scaled), columns)
    gap = 1 if columns >= 2 * len(scaled) else 0
    lines = []
    for row in range(rows - 1, -1, -1):
        texts = []
        for place, height in enumerate(scaled):
            full = (0.0 if not math.isfinite(height) else height) * rows - row
            # What is more than nothing shows, however small.
            eighths = min(max(round(full * 8), 1 if row == 0 and math.isfinite(height) and height > 0 else 0), 8)
            mark = ("#" if eighths >= 4 or (row == 0 and eighths) else " ") if plain else _EIGHTHS[eighths]
            texts.append(mark * (edges[place + 1] - edges[place] - gap) + " " * gap)
        lines.append("".join(texts))
    return lines


def _edges(count: int, columns: int) -> list[int]:
    """Where so many bars begin, and where the last one ends: all columns are used."""
    return [place * columns // count for place in range(count + 1)]


def _axis(plot: Plot, columns: int) -> str:
    """The texts where they belong: all, or every second, third … from the first, so that none touches another."""
    count = min(len(plot.values), columns)
    edges = _edges(count, columns)
    placed = []
    for place, text in sorted(plot.ticks):
        begin = edges[round(place * (count - 1))] if plot.is_bars else round(place * (columns - 1))
        if len(text) <= columns:
            placed.append((min(begin, columns - len(text)), text))
    for stride in (*_STRIDES, len(placed)):
        line = ""
        for start, text in placed[:: stride or 1]:
            if line and start <= len(line):
                break
            line = line.ljust(start) + text
        else:
            return line
    return ""
