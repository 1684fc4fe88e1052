"""In which units the commands that ask Strava show what it answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from paceport.cli.invocation import Invocation
from paceport.errors import Busy, MissingExtra, StoreError
from paceport.storage.access import is_there
from paceport.units import Units, choose_units

if TYPE_CHECKING:
    from paceport.profile.profile import Profile


def units_at_strava(invocation: Invocation) -> Units:
    """The setting, else (auto) what the athlete prefers as far as sync has learnt it, else the locale's country.

    Nothing is asked for this. What is not known is an empty cell.
    """
    profile = invocation.profile()
    setting = profile.settings.units
    prefers_miles = _preference(profile) if setting == "auto" else None
    return replace(choose_units(setting, invocation.environ, prefers_miles=prefers_miles), unknown="")


def _preference(profile: Profile) -> bool | None:
    try:
        if not is_there(profile.cache / "cache.db"):
            return None
        with profile.logbook() as store:
            from paceport.training.history.athlete_reply import prefers_miles

            return prefers_miles(store)
    except (StoreError, Busy, MissingExtra):
        # What Strava answered is shown all the same; the logbook's own commands tell of its trouble.
        return None
