"""What the samples of one run say, in words: the same in the terminal and on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.training.metrics.duration_names import drift_class_text
from paceport.units import Units, number_text

if TYPE_CHECKING:
    from paceport.training.history.measured_run import MeasuredRun


def measure_facts(found: MeasuredRun, units: Units) -> list[tuple[str, str, str]]:
    """(name, text, metric) of these measures, those that are known."""
    facts = []
    if found.effective_vo2max is not None:
        facts.append(("Effective VO2max", f"{found.effective_vo2max:.1f} ml/kg/min", "effective-oxygen-uptake"))
    if found.durability_ratio is not None:
        onset = found.durability_onset_m
        where = "" if onset is None else f", from {units.distance(onset, 0)} {units.name} on"
        drift = f"drift {found.durability_ratio:.3f} ({drift_class_text(found.durability_ratio)})"
        facts.append(("Durability", drift + where, "durability"))
    if found.climb_rate_m_per_h is not None:
        rate = f"{units.height(found.climb_rate_m_per_h)} {units.height_unit}/h"
        climbed = f"{units.height(found.climbed_m)} {units.height_unit}"
        rises = "one rise" if len(found.climbs) == 1 else f"{len(found.climbs)} rises"
        facts.append(("Climb rate", f"{rate} over {rises}, {climbed} together", "climb-rate"))
    if found.power_w is not None:
        normalised = number_text(found.normalised_power_w)
        work = f"{number_text(found.work_kj)} kJ"
        facts.append(("Power", f"{found.power_w:.0f} W on average, {normalised} W normalised, {work}", "power"))
    return facts
