"""The figures of a year in words, as its page and its picture show them."""

from __future__ import annotations

from paceport.training.history.sport_figures import noun
from paceport.training.history.year_facts import YearFacts
from paceport.training.metrics.span_names import span_name
from paceport.units import Units, duration_text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def year_figures(facts: YearFacts, units: Units) -> list[tuple[str, str]]:
    """Five figures as (value, what it is)."""
    found = [
        (f"{len(facts.runs):,}", noun_of_year(facts)),
        (_hours(facts.moving_time_s / 3600), "hours"),
        (f"{units.height(facts.elevation_gain_m)}", f"{units.height_unit} climbed"),
    ]
    if facts.longest is not None:
        found.append((units.distance(facts.longest.distance_m, 1), f"{units.name}, the longest"))
    if facts.fastest is not None:
        found.append((duration_text(facts.fastest.elapsed_time_s), f"fastest {span_name(facts.fastest.span_m)}"))
    return found


def noun_of_year(facts: YearFacts) -> str:
    """What its activities are called."""
    return noun(facts.sports, len(facts.runs))


def _hours(hours: float) -> str:
    return f"{hours:,.0f}" if hours >= 10 else f"{hours:.1f}"
