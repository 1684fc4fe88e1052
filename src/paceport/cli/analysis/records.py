"""`records`: personal records, how they came about, the best of each distance, and what does not count and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from paceport.cli.analysis.history_session import (
    empty_logbook,
    name_later_runs,
    open_computed,
    say_share,
    shared_options,
)
from paceport.cli.analysis.record_tables import RecordView, records_as_json, show_all, show_distance, show_excluded
from paceport.cli.analysis.sport_choice import no_runs
from paceport.cli.completion import run_ids
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.parse_quantities import parse_race_distance_m
from paceport.units import choose_units

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.training.history.record_book import RecordBook

_MOST_BEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be decided on a run: each names it, None where it is not given."""

    confirm: str | None
    reject: str | None
    undo: str | None


@click.command("records")
@click.argument("distance", required=False)
@click.option("--best", type=click.IntRange(1, _MOST_BEST), metavar="N", help="The N best runs over each distance.")
@click.option("--year", "--season", "year", type=click.IntRange(1900, 2999), metavar="YEAR", help="Only this year.")
@click.option(
    "--confirm", metavar="RUN", shell_complete=run_ids, help="Count a run whose times are doubted, or excluded."
)
@click.option("--reject", metavar="RUN", shell_complete=run_ids, help="Never count a run.")
@click.option("--undo", metavar="RUN", shell_complete=run_ids, help="Take back --confirm or --reject.")
@click.option("--table", "as_table", is_flag=True, help="The plot as a table.")
@shared_options
@pass_invocation
def records_command(
    invocation: Invocation,
    /,
    *,
    distance: str | None,
    best: int | None,
    year: int | None,
    as_table: bool,
    own_only: bool,
    units: str | None,
    as_json: bool,
    **decision: str | None,
) -> None:
    """Show your fastest time over each standard distance; with a DISTANCE (10k, half …), how that record developed
    and the ten best.

    Times are elapsed times over the fastest stretch of any run. Times that are doubtful do not count and are listed
    with the reason, until you confirm them: RUN is a run's id as `paceport runs` lists it, `last` for the newest, or a
    day such as 2026-01-31.
    """
    wanted_m = parse_race_distance_m(distance) if distance else None
    decided = Decision(**decision)
    done: list[str] = []
    with open_computed(invocation, change=lambda store: done.extend(_decide(store, decided))) as store:
        view = _read(invocation, store, own_only=own_only, units=units, year=year)
        for text in done:
            invocation.output.success(text)
        if as_json:
            invocation.output.json(records_as_json(view, wanted_m, most=best or 10))
            return
        if wanted_m is not None:
            show_distance(view, wanted_m, most=best or 10, as_table=as_table)
        else:
            show_all(view, most=best)
        show_excluded(view, wanted_m)
        invocation.output.result(f"Measured: {view.book.coverage().text()}.")
        say_share(invocation.output, view.book.cache_share(), runs=len(view.book.chosen_runs))


def _decide(store: Store, decision: Decision) -> list[str]:
    """Keep or take back a person's word, and say what was done; nothing where nothing was asked."""
    asked = [(name, text) for name in ("confirm", "reject", "undo") if (text := getattr(decision, name)) is not None]
    if not asked:
        return []
    from paceport.cli.analysis.find_run import find_stored_run
    from paceport.logbook.database.record_verdicts import decide_records, undo_decision

    if len(asked) > 1:
        raise UsageError(
            what="--confirm, --reject and --undo do not go together", why="one at a time", fix="name one of them"
        )
    name, text = asked[0]
    activity_id = find_stored_run(store, text, command=f"records --{name}")
    if name == "undo":
        if not undo_decision(store, activity_id):
            raise UsageError(
                what="There is nothing to undo",
                why=f"run {activity_id} is neither confirmed nor rejected",
                fix="paceport records --json lists what you decided, under `decided`",
            )
        return [f"run {activity_id} is neither confirmed nor rejected any more"]
    run_id = decide_records(store, activity_id, is_confirmed=name == "confirm")
    what = "confirmed: its times count as records" if name == "confirm" else "rejected: its times are no records"
    return [f"run {run_id} is {what}. To undo it: paceport records --undo {run_id}"]


def _read(invocation: Invocation, store: Store, *, own_only: bool, units: str | None, year: int | None) -> RecordView:
    from paceport.logbook.database.record_verdicts import record_verdicts
    from paceport.training.history.athlete_reply import prefers_miles
    from paceport.training.history.record_book import read_record_book

    profile = invocation.profile()
    book: RecordBook = read_record_book(
        store,
        now=invocation.clock.now(),
        timezone=profile.settings.timezone,
        own_only=own_only,
        not_records=profile.settings.athlete.not_records,
        year=year,
    )
    name_later_runs(invocation, book.later, are_all=not book.runs)
    if not book.runs:
        others = store.run_rows.sports(own_only=own_only)
        if others:
            raise no_runs(profile, others, needs="records are kept of runs alone")
        raise empty_logbook(profile, own_only=own_only)
    miles = None if own_only else prefers_miles(store)
    return RecordView(
        book=book,
        verdicts=record_verdicts(store),
        units=choose_units(profile.settings.units, invocation.environ, flag=units, prefers_miles=miles),
        output=invocation.output,
    )
