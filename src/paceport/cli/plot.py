"""Plots made of characters: a line of braille dots or bars of blocks, with labelled axes, of a given width."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_BRAILLE = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column, then row from the top
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LEAST_COLUMNS = 8
_ROWS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Values at even steps along an axis; NaN is a gap. `ticks` are (place along the axis 0 to 1, text).

    `label` writes a value of the vertical axis. `from_zero` keeps 0 in sight. `is_bars` draws one bar per value.
    """

    values: Sequence[float]
    label: Callable[[float], str]
    ticks: Sequence[tuple[float, str]] = ()
    from_zero: bool = False
    is_bars: bool = False


def draw(plot: Plot, *, width: int, rows: int = _ROWS, plain: bool = False) -> list[str]:
    """The plot as lines of at most `width` characters: `rows` of it, then its ticks. Empty if no value is known.

    `plain` uses ASCII alone. Where the room is too narrow for labels of the vertical axis they are left out.
    """
    known = [value for value in plot.values if math.isfinite(value)]
    if not known:
        return []
    low, high = _range(known, from_zero=plot.from_zero or plot.is_bars)
    labels = {0: plot.label(high), rows - 1: plot.label(low)} | (
        {rows // 2: plot.label(high - (high - low) * (rows // 2 + 0.5) / rows)} if rows >= 5 else {}
    )
    margin = max(len(text) for text in labels.values()) + 2
    if width - margin < _LEAST_COLUMNS:
        labels, margin = {}, 0
    columns = max(width - margin, 1)
    scaled = [(value - low) / (high - low) if math.isfinite(value) else math.nan for value in plot.values]
    body = _bars(scaled, columns, rows, plain=plain) if plot.is_bars else _line(scaled, columns, rows, plain=plain)
    edge = "|" if plain else "┤"
    lines = [
        (f"{labels.get(row, ''):>{margin - 2}} {edge if row in labels else ('|' if plain else '│')}" if margin else "")
        + text
        for row, text in enumerate(body)
    ]
    span = min(columns, len(body[0])) if plot.is_bars else columns
    axis = _axis(plot.ticks, span, columns)
    lines += [" " * margin + axis] if axis else []
    # The empty braille cell keeps columns apart; behind the last dot it is as idle as a blank.
    return [line.rstrip(f" {chr(_BRAILLE)}") for line in lines]


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
    """The values as `count` means of neighbours, or stretched by straight lines where there are fewer."""
    total = len(values)
    binned = []
    for place in range(count):
        if total > count:
            part = values[place * total // count : max((place + 1) * total // count, place * total // count + 1)]
            known = [value for value in part if math.isfinite(value)]
            binned.append(sum(known) / len(known) if known else math.nan)
            continue
        at = place * (total - 1) / max(count - 1, 1)
        left = min(int(at), total - 1)
        right = min(left + 1, total - 1)
        share = at - left
        ends = values[left], values[right]
        if not all(map(math.isfinite, ends)):
            binned.append(ends[share >= 0.5])  # up to half the way to a gap
        else:
            binned.append(ends[0] * (1 - share) + ends[1] * share)
    return binned


def _line(scaled: Sequence[float], columns: int, rows: int, *, plain: bool) -> list[str]:
    dots_across, dots_up = (1, 1) if plain else (2, 4)
    heights = _binned(scaled, columns * dots_across)
    top = rows * dots_up - 1
    cells = [[0] * columns for _ in range(rows)]
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
    blank, mark = (" ", "*") if plain else ("", "")
    return ["".join((mark if cell else blank) if plain else chr(_BRAILLE + cell) for cell in line) for line in cells]


def _bars(scaled: Sequence[float], columns: int, rows: int, *, plain: bool) -> list[str]:
    if len(scaled) > columns:
        scaled = _binned(scaled, columns)
    each = min(max(columns // len(scaled), 1), 8)
    bar = max(each - 1, 1)
    lines = []
    for row in range(rows - 1, -1, -1):
        texts = []
        for height in scaled:
            full = (0.0 if not math.isfinite(height) else height) * rows - row
            # What is more than nothing shows, however small.
            eighths = min(max(round(full * 8), 1 if row == 0 and math.isfinite(height) and height > 0 else 0), 8)
            mark = ("#" if eighths >= 4 or (row == 0 and eighths) else " ") if plain else _EIGHTHS[eighths]
            texts.append(mark * bar + " " * (each - bar))
        lines.append("".join(texts))
    return lines


def _axis(ticks: Sequence[tuple[float, str]], span: int, columns: int) -> str:
    """The texts where they belong, those left out that would touch the one before or leave the plot."""
    line = ""
    for place, text in sorted(ticks):
        start = min(round(place * max(span - 1, 0)), max(columns - len(text), 0))
        if len(text) <= columns and (not line or start >= len(line) + 1):
            line = line.ljust(start) + text
    return line
