"""A handful of short runs for each athlete, until the seeded years are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from paceport.sandbox import people
from paceport.sandbox.people import Population


def populate(seed: int = 1, *, athletes: int = 3) -> Population:
    """The people of the seed with 45 short runs each, newest first."""
    base = people.populate(seed, athletes=athletes)
    return replace(
        base,
        by_athlete={
            athlete_id: tuple(
                replace(
                    rows[0],
                    id=rows[0].id * 100 - days,
                    name=f"Run {45 - days}",
                    start=rows[0].start - timedelta(days=days),
                    visibility="only_me" if days % 7 == 3 else "everyone",
                )
                for days in range(45)
            )
            for athlete_id, rows in base.by_athlete.items()
        },
    )
