"""What the numbers of a run need to know of the runner."""

from __future__ import annotations

from dataclasses import dataclass

from paceport.training.metrics.load_source import LoadChoice
from paceport.training.metrics.trimp import Sex, TrimpVariant


@dataclass(frozen=True, slots=True, kw_only=True)
class AthleteFacts:
    """What the numbers of a run need to know of the runner; None is "not known" and makes what needs it not known.

    `zone_edges_bpm` are the inner edges of the heart rate zones, rising; empty without zones. `threshold_mps` and
    `threshold_w` are the speed and the power that can be held for about an hour. `load` is the source whose scale all
    loads are on, or "auto".
    """

    zone_edges_bpm: tuple[float, ...] = ()
    rest_bpm: float | None = None
    max_bpm: float | None = None
    threshold_bpm: float | None = None
    sex: Sex | None = None
    trimp_variant: TrimpVariant = "banister"
    threshold_mps: float | None = None
    threshold_w: float | None = None
    load: LoadChoice = "auto"
