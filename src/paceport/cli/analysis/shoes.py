"""`shoes`: how far each pair has run, and how far it may."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from paceport.cli.analysis.history_session import open_history, shared_options
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.shoes import shoe_limits, warn_of_worn_shoes
from paceport.cli.table import KEY, Column
from paceport.training.history.shoes import read_shoes
from paceport.units import UNKNOWN

if TYPE_CHECKING:
    from paceport.training.history.shoes import Shoes
    from paceport.units import Units


@click.command("shoes")
@shared_options
@pass_invocation
def shoes_command(invocation: Invocation, *, own_only: bool, units: str | None, as_json: bool) -> None:
    """Show how far each pair of shoes has run, and how much is left of the limit that you set.

    Limits are lines in config.toml: `shoe_limit_km = 700` for every pair; `"Blue ones" = 500` under `[shoe_limits_km]`
    for a single one. Shoes in use are named when they have run nine tenths of it, here and by `runs`, `logbook` and
    `report`.
    """
    with open_history(invocation, own_only=own_only, units=units) as opened:
        today, limits = invocation.clock.now().date(), shoe_limits(invocation)
        shoes = read_shoes(opened.store, limits, today=today, own_only=own_only)
        if as_json:
            more = ("left_km", "is_near_limit")
            opened.output.json([asdict(each) | {name: getattr(each, name) for name in more} for each in shoes])
        elif not shoes:
            opened.output.result("No run names its shoes.")
        else:
            _show(invocation, shoes, opened.units)
            warn_of_worn_shoes(invocation, opened.store, own_only=own_only)


def _show(invocation: Invocation, shoes: list[Shoes], units: Units) -> None:
    columns = [
        Column(heading="Shoes", kind="name", importance=KEY),
        Column(heading="Runs", kind="number", importance=3),
        Column(heading=units.name, kind="number", importance=KEY),
        Column(heading="Last used", kind="date", importance=2),
        Column(heading="Limit", kind="number", importance=4),
        Column(heading="Left", kind="number", importance=5),
    ]
    rows = [
        [
            each.name,
            f"{each.runs:,}",
            units.distance(each.distance_m, 0),
            str(each.last_used or UNKNOWN),
            _length(each.limit_km, units),
            _length(each.left_km, units),
        ]
        for each in shoes
    ]
    invocation.output.table(columns, rows)
    if all(each.limit_km is None for each in shoes):
        invocation.output.say("To be warned in time, set shoe_limit_km = 700 in config.toml, or a pair's own limit.")


def _length(kilometres: float | None, units: Units) -> str:
    return UNKNOWN if kilometres is None else f"{kilometres * 1000 / units.unit_m:,.0f}"
