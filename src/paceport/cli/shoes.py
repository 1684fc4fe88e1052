"""The warning before shoes have run as far as the settings allow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from paceport.cli.output import Output

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

# From this share of the limit on it is said: some weeks before, for most runners.
WARN_FROM = 0.9
# Shoes that were not used for so long are not in use any more.
_UNUSED_AFTER = timedelta(days=60)


def warn_of_worn_shoes(output: Output, store: Store, *, limit_km: float | None, today: date) -> None:
    """Name the shoes in use that are near their limit, or past it. Without a limit nothing is said."""
    if limit_km is None:
        return
    for name, distance_m in store.shoes_in_use(since=today - _UNUSED_AFTER):
        run_km = distance_m / 1000
        if run_km >= limit_km:
            output.warn(f"the shoes {name} have run {run_km:,.0f} km, {run_km - limit_km:,.0f} km past your limit")
        elif run_km >= WARN_FROM * limit_km:
            left_km = limit_km - run_km
            output.warn(f"the shoes {name} have run {run_km:,.0f} km; {left_km:,.0f} km are left of {limit_km:,.0f}")
