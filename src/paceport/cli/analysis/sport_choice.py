"""`--sport`: of which sports a command tells, and what a logbook without a single run holds instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from paceport.errors import PaceportError
from paceport.profile.profile import Profile
from paceport.sports import SPORT_GROUPS, sport_group
from paceport.training.history.sport_figures import counted_sports

Command = TypeVar("Command", bound=Callable[..., Any])


# Why a command that answers a program refuses a logbook without runs, where it shows a person what there is.
FOR_PROGRAMS = "programs get runs alone unless --sport asks for others"


def sport_option(command: Command) -> Command:
    """The option `--sport`, as a word that `sport_choice.chosen_sports` reads."""
    option = click.option(
        "--sport",
        metavar="SPORT",
        help="Other sports than running: all, ride, swim, walk, hike, ski, row, strength, or a type such as TrailRun.",
    )
    return option(command)


def group_word(counts: Mapping[str, int]) -> str:
    """The word of `--sport` for what a logbook holds most of."""
    most = max(counts, key=counts.__getitem__)
    return sport_group(most) if sport_group(most) in SPORT_GROUPS else most


def only_group(counts: Mapping[str, int]) -> tuple[str, ...] | None:
    """The SportTypes of the one kind of sport that a logbook holds; None where there are several."""
    groups = {sport_group(sport) for sport in counts}
    group = groups.pop()
    return None if groups else SPORT_GROUPS.get(group, (group,))


def no_runs(profile: Profile, counts: Mapping[str, int], *, needs: str) -> PaceportError:
    """The error of a command that needs runs where the logbook holds other sports alone."""
    word = group_word(counts)
    commands = ", or: ".join(profile.command(f"{name} --sport {word}") for name in ("runs", "trends", "zones"))
    return PaceportError(
        what="The logbook has activities, but no runs",
        why=f"it holds {counted_sports(counts)}; {needs}",
        fix=f"{commands}. If they are runs, import their files again with: "
        f"{profile.command('import --sport Run FILE')}",
    )
