"""The axes of a curve of best paces: over distance or duration on a logarithmic scale, with fast above."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import log

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Scale, duration_steps
from paceport.units import duration_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceAxes:
    """Where a pace in seconds over a distance or duration stands in the chart. `first` and `last` bound it."""

    first: float
    last: float
    scale: Scale

    def places(self, paces_s: Mapping[float, float]) -> list[tuple[float, float]]:
        """The points of a curve, from its paces by what each was held over."""
        return [(log(over), self.scale(pace_s)) for over, pace_s in paces_s.items()]

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Round paces as (per cent from the top, text)."""
        return tuple(
            (self.scale(value), duration_text(value)) for value in duration_steps(self.scale.high, self.scale.low, 4)
        )

    def labels(self, names: Mapping[float, str]) -> tuple[tuple[float, str], ...]:
        """These distances or durations as (per cent from the left, name)."""
        width = self.last - self.first
        return tuple((round(100 * (log(over) - self.first) / width, 2), name) for over, name in names.items())


def pace_axes(over: Collection[float], paces_s: Iterable[float]) -> PaceAxes:
    """Axes that hold all these distances or durations, and all these paces with a little room round them."""
    paces = list(paces_s)
    margin = 0.06 * (max(paces) - min(paces)) + 3
    return PaceAxes(
        first=log(min(over)), last=log(max(over)), scale=Scale(low=max(paces) + margin, high=min(paces) - margin)
    )
