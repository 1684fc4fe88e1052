"""How tired an athlete starts a run: from what was run in the week before."""

from __future__ import annotations

from datetime import date

from paceport.sandbox.athletes.training_plan import interpolate

MEMORY_DAYS = 8
_AT_USUAL, _EACH, _MOST = 0.012, 0.03, 0.05


class TiredLegs:
    """By design: what was run counts a seventh less each day and is forgotten after a week.

    On purpose nothing like the exponential decay of the impulse-response models, which an analysis may use: what it
    finds is then found in runs that follow another rule. `weeks` are (day, usual kilometres a week).
    """

    def __init__(self, weeks: tuple[tuple[date, float], ...]) -> None:
        self._weeks = weeks
        self._ran: list[tuple[date, float]] = []

    def ran(self, day: date, distance_m: float) -> None:
        """Remember a run; days must not fall."""
        self._ran.append((day, distance_m))

    def ratio(self, day: date) -> float:
        """The share of speed missing on that day: 0 when fresh, 0.012 in a usual week, at most 0.05."""
        self._ran = [(then, metres) for then, metres in self._ran if (day - then).days < MEMORY_DAYS]
        felt_m = sum(metres * (1.0 - (day - then).days / MEMORY_DAYS) for then, metres in self._ran if then < day)
        # The weights of seven days add up to half a week.
        usual_m = 500.0 * interpolate(self._weeks, day)
        return min(_MOST, max(0.0, _AT_USUAL + _EACH * (felt_m / usual_m - 1.0)))
