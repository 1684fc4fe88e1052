"""The warning before shoes have run as far as the settings allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.cli.invocation import Invocation

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.training.history.shoes import ShoeLimits


def shoe_limits(invocation: Invocation) -> ShoeLimits:
    """The limits of the settings."""
    from paceport.training.history.shoes import ShoeLimits  # most have set no limit, and start faster without it

    settings = invocation.settings()
    return ShoeLimits(every_km=settings.shoe_limit_km, by_name_km=settings.shoe_limits_km)


def warn_of_worn_shoes(invocation: Invocation, store: Store, *, own_only: bool = False) -> None:
    """Name the shoes in use that are near their limit, or past it. Without a limit nothing is read or said."""
    settings = invocation.settings()
    if settings.shoe_limit_km is None and not settings.shoe_limits_km:
        return
    from paceport.training.history.shoes import shoe_warnings

    today = invocation.clock.now().date()
    for warning in shoe_warnings(store, shoe_limits(invocation), today=today, own_only=own_only):
        invocation.output.warn(warning)
