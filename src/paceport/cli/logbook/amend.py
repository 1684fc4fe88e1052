"""`amend RUN`: corrections that are kept over the untouched run, listed, and undone at will."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from paceport.cli.analysis.find_run import find_stored_run
from paceport.cli.completion import run_ids
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.table import KEY, Column, numbers
from paceport.cli.text_layout import short_name
from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.sports import SPORT_TYPES
from paceport.storage.access import is_there
from paceport.text import clean
from paceport.units import choose_units, duration_text

if TYPE_CHECKING:
    from paceport.logbook.amending.make_amendments import Corrections
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the options ask for, each None or False where it is not given."""

    crop_start: str | None
    crop_end: str | None
    split: str | None
    merge: str | None
    distance: str | None
    sport: str | None
    race: bool | None
    part: bool
    undo: str | None


@click.command("amend", context_settings={"ignore_unknown_options": True})
@click.argument("run_id", metavar="RUN", shell_complete=run_ids)
@click.option("--crop-start", metavar="PLACE", help="Cut off the start: as much as 5:00 or 0.8km.")
@click.option("--crop-end", metavar="PLACE", help="Cut off the end: as much as 2:30 or 300m.")
@click.option("--distance", metavar="LENGTH", help="Set the true distance, such as 10.2km, of a treadmill run.")
@click.option("--sport", type=click.Choice(SPORT_TYPES, case_sensitive=False), metavar="SPORT", help="Set the sport.")
@click.option("--race/--no-race", "race", default=None, help="Mark it as a race, or as none.")
@click.option("--split", metavar="PLACE", help="Make two of it, at a time or distance from its start.")
@click.option("--merge", metavar="OTHER", help="Add another run, recorded before or after it.")
@click.option("--part", is_flag=True, help="Part the runs or recordings that were made one.")
@click.option(
    "--undo",
    metavar="[N|all]",
    is_flag=False,
    flag_value="newest",
    help="Undo the newest amendment, number N, or all of them.",
)
@click.option("--list", "is_listed", is_flag=True, help="List the amendments, undone ones too. This is the default.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON; metres, seconds.")
@pass_invocation
def amend_command(
    invocation: Invocation, /, *, run_id: str, is_listed: bool, as_json: bool, **options: str | bool | None
) -> None:
    """Correct a run: crop, split or merge it, set its true distance, its sport, or whether it was a race.

    RUN is a run's id as `paceport runs` lists it, `last` for the newest, or a day such as 2026-01-31. What you
    imported is never changed: amendments are kept beside it, survive another import, and can be undone in any order.
    Only your own data can be amended, not runs that are only in the API's cache.
    """
    if run_id.startswith("--"):
        # Ids may be negative, so that the framework takes what begins with a dash for one.
        raise UsageError(what=f"paceport amend has no option {run_id[:40]}", why="", fix="see: paceport amend --help")
    wanted = Wanted(**options)  # type: ignore[arg-type]  # the options above, by their names
    profile = invocation.profile()
    if not is_there(profile.data / "own.db"):
        raise UsageError(
            what="There is nothing to amend", why="you have no data of your own yet", fix="paceport import export.zip"
        )
    with profile.logbook() as store:
        activity_id = find_stored_run(store, run_id, command="amend")
        told = _do(store, activity_id, wanted)
        for text in told:
            invocation.output.success(text)
        if as_json:
            invocation.output.json(_as_json(store, activity_id))
            return
        if is_listed or not told:
            _show_list(invocation, store, activity_id)
        _show_activities(invocation, store, activity_id)
        if told and wanted.undo is None:
            invocation.output.say(f"To undo it: {profile.command(f'amend {activity_id} --undo')}")


def _do(store: Store, activity_id: int, wanted: Wanted) -> list[str]:
    """Make or undo what was asked for, and say what was done; nothing where nothing was."""
    from paceport.logbook.amending.make_amendments import amend, part, undo

    changes = _corrections(store, wanted).changes()
    if sum((bool(changes), wanted.part, wanted.undo is not None)) > 1:
        raise UsageError(
            what="--undo, --part and new amendments do not go together", why="one at a time", fix="name one of them"
        )
    if changes:
        return amend(store, activity_id, changes)
    if wanted.part:
        return part(store, activity_id)
    return [] if wanted.undo is None else undo(store, activity_id, wanted.undo)


def _corrections(store: Store, wanted: Wanted) -> Corrections:
    from paceport.logbook.amending.make_amendments import Corrections

    merge = wanted.merge
    return Corrections(
        crop_start=wanted.crop_start,
        crop_end=wanted.crop_end,
        distance=wanted.distance,
        sport=wanted.sport,
        race=wanted.race,
        merge=None if merge is None else find_stored_run(store, merge, command="amend RUN --merge"),
        split=wanted.split,
    )


def _as_json(store: Store, activity_id: int) -> dict[str, object]:
    from paceport.logbook.amending.amendment import describe
    from paceport.logbook.amending.make_amendments import shown_activities

    amendments = [
        {
            "id": one.amendment.id,
            "activity_id": one.amendment.activity_id,
            "kind": one.amendment.change.kind,
            "value": dict(one.amendment.change.value),
            "text": describe(one.amendment.change),
            "made_at": one.amendment.made_at,
            "undone_at": one.amendment.undone_at,
            "left_out_because": one.left_out_because or None,
        }
        for one in store.amended.of_activity(activity_id)
    ]
    activities = [
        one | {name: None if one[name] is None else bool(one[name]) for name in ("is_race", "has_track")}
        for one in shown_activities(store, activity_id)
    ]
    return {"id": activity_id, "amendments": amendments, "activities": activities}


def _show_list(invocation: Invocation, store: Store, activity_id: int) -> None:
    from paceport.logbook.amending.amendment import describe
    from paceport.logbook.amending.make_amendments import state_of

    listed = store.amended.of_activity(activity_id)
    if not listed:
        invocation.output.result(f"{activity_id} has no amendments.")
        return
    columns = [
        Column(heading="No", kind="number", importance=KEY),
        Column(heading="Run", kind="word", importance=5),
        Column(heading="Amendment", kind="word", importance=KEY),
        Column(heading="Made", kind="word", importance=3),
        Column(heading="In effect", kind="word", importance=6),
    ]
    rows = []
    for one in listed:
        amendment = one.amendment
        rows.append(
            [
                str(amendment.id),
                str(amendment.activity_id),
                describe(amendment.change),
                amendment.made_at[:10],
                state_of(one),
            ]
        )
    invocation.output.table(columns, rows)
    for one in listed:
        if one.left_out_because:
            invocation.output.say(f"Number {one.amendment.id} no longer fits: {one.left_out_because}")


def _show_activities(invocation: Invocation, store: Store, activity_id: int) -> None:
    from paceport.logbook.amending.make_amendments import shown_activities

    units = choose_units(invocation.profile().settings.units, invocation.environ, flag=None, prefers_miles=None)
    columns = [
        Column(heading="Run", kind="word", importance=KEY),
        Column(heading="Start", kind="word", importance=4),
        *numbers(units.name, importance=KEY),
        *numbers("Elapsed", importance=6),
        Column(heading="Sport", kind="word", importance=5),
        Column(heading="Name", kind="name", importance=2),
    ]
    rows = []
    for one in shown_activities(store, activity_id):
        distance_m, elapsed_s = one["distance_m"], one["elapsed_time_s"]
        mark = "(race) " if one["is_race"] else ""
        rows.append(
            [
                str(one["id"]),
                str(one["local_start"])[:16].replace("T", " "),
                units.distance(distance_m if isinstance(distance_m, int | float) else None),
                duration_text(elapsed_s if isinstance(elapsed_s, int | float) else None),
                str(one["sport"]),
                mark + short_name(clean(str(one["name"]))),
            ]
        )
    invocation.output.table(columns, rows)
