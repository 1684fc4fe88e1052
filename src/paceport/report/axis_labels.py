"""Which labels of a horizontal axis a phone has room for: evenly thinned out, or fewer at an end.

`thin` in charts.js is the same rule, for labels that a script writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Label = tuple[float, str]  # per cent from the left, text

_START, _END = 4.0, 95.0  # nearer to an edge than this a label begins or ends at its place, else its middle is there
_PHONE_PX = 260.0  # of a plot, where the screen has 360
_LETTER_PX, _APART_PX = 7.2, 2.0  # of 12 px text, in the widest of the common fonts


def anchor(at: float) -> str:
    """The class of a label at that place: which part of it stands there."""
    return "e" if at > _END else "m" if at > _START else ""


def fit_phone(labels: Sequence[Label]) -> frozenset[int]:
    """The numbers of the labels that are shown on a phone, too: as many as do not touch, each so many after the last.

    Of two choices with as many labels, the one that reaches farther.
    """
    boxes = [_box(label) for label in labels]
    runs = (run for step in range(1, len(labels) + 1) for run in _runs(boxes, step))
    best = max(runs, key=lambda run: (len(run), labels[run[-1]][0] - labels[run[0]][0]), default=[])
    return frozenset(best)


def _runs(boxes: Sequence[tuple[float, float]], step: int) -> Iterator[list[int]]:
    for start in range(len(boxes)):
        run = [start]
        for number in range(start + step, len(boxes), step):
            if boxes[number][0] < boxes[run[-1]][1] + _APART_PX:
                break
            run.append(number)
        yield run


def _box(label: Label) -> tuple[float, float]:
    """Where a label begins and ends on a phone, in pixels."""
    at, text = label
    width = _LETTER_PX * len(text)
    left = at / 100.0 * _PHONE_PX - {"": 0.0, "m": 0.5, "e": 1.0}[anchor(at)] * width
    return left, left + width
