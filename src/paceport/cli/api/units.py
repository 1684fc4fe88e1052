"""In which units the commands that ask Strava show what it answers."""

from __future__ import annotations

from dataclasses import replace

from paceport.analysis.units import Units, choose_units
from paceport.cli.invocation import Invocation


def units_at_strava(invocation: Invocation) -> Units:
    """The setting, else (auto) the locale's country. What is not known is an empty cell."""
    return replace(choose_units(invocation.profile().settings.units, invocation.environ), unknown="")
