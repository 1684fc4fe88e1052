"""`logbook`: what is in it, what expires when, what could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paceport.amount_text import size_text
from paceport.cli.analysis.sport_choice import group_word
from paceport.cli.confirm import confirm
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.logbook.purge import show_written, written_files
from paceport.cli.newest_run import age_text, newest_name, why_nothing_newer
from paceport.cli.output import Output
from paceport.cli.shoes import warn_of_worn_shoes
from paceport.cli.table import KEY, Column, numbers
from paceport.errors import UsageError
from paceport.profile.sync_logbook import next_sync_cost, schedule_text
from paceport.sports import RUN_SPORTS

if TYPE_CHECKING:
    from paceport.logbook.database.freshness import Freshness
    from paceport.logbook.database.logbook_summary import LogbookSummary
    from paceport.logbook.database.store import Store
    from paceport.logbook.syncing.plan import SyncCost
    from paceport.profile.profile import Profile

_MOST_NAMED = 20


@click.command("logbook")
@click.option(
    "--remove",
    "activity_id",
    type=int,
    metavar="ID",
    help="Remove an activity; your own data about it is kept in a separate folder.",
)
@click.option("--backup", "backup", metavar="FILE", help="Write all of your own data into one new file.")
@click.option("--restore", "restore", metavar="FILE", help="Put what such a file holds in place of the logbook.")
@click.option("--yes", "is_sure", is_flag=True, help="With --remove or --restore: do not ask.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@pass_invocation
def logbook_command(
    invocation: Invocation,
    *,
    activity_id: int | None,
    backup: str | None,
    restore: str | None,
    is_sure: bool,
    as_json: bool,
) -> None:
    """Show what is in the logbook: runs by year and source, size, what expires when, what could not be read."""
    if sum(given is not None for given in (activity_id, backup, restore)) > 1:
        raise UsageError(
            what="--remove, --backup and --restore are three commands", why="one at a time", fix="name one of them"
        )
    if backup is not None:
        from paceport.cli.logbook.backup import make_backup

        make_backup(invocation, Path(backup), as_json=as_json)
    elif restore is not None:
        from paceport.cli.logbook.backup import restore_from

        restore_from(invocation, Path(restore), is_sure=is_sure, as_json=as_json)
    elif activity_id is not None:
        remove(invocation, activity_id, is_sure=is_sure, as_json=as_json)
    else:
        show_contents(invocation, as_json=as_json)


def remove(invocation: Invocation, activity_id: int, *, is_sure: bool, as_json: bool) -> None:
    """Take an activity out of the logbook, after asking. Raises UsageError where nobody can be asked."""
    if not is_sure and not invocation.stdin_is_terminal:
        raise UsageError(
            what="This needs your confirmation",
            why="stdin is not a terminal, so you cannot be asked",
            fix="repeat the command with --yes",
        )
    if not is_sure and not confirm(invocation, f"Remove activity {activity_id} out of the logbook?"):
        invocation.output.say("Nothing was removed.")
        return
    with invocation.profile().logbook() as store:
        removed = store.remove(activity_id)
    if as_json:
        invocation.output.json(asdict(removed))
        return
    invocation.output.success(f"Activity {activity_id} is out of the logbook.")
    if removed.place is not None:
        invocation.output.say(f"Your own data of it is kept in {removed.place}. Importing its file brings it back.")
    if removed.was_cached:
        invocation.output.say("The next sync fetches it again unless it is deleted at Strava.")


def show_contents(invocation: Invocation, *, as_json: bool) -> None:
    """All that the logbook holds, for a person or as JSON."""
    profile = invocation.profile()
    with profile.logbook() as store:
        bad, listed = store.run_rows.bad_rows(), store.synced.listed_digests()
        summary, notes, gone = store.summary(), store.run_rows.all_notes(), store.export_rows.gone()
        found = store.freshness(invocation.clock.now())
        warn_of_worn_shoes(invocation, store)
        cost = cost_of_sync(profile, store, now=invocation.clock.now())
    output = invocation.output
    if as_json:
        told = [{"id": activity_id, "name": name, "notes": list(each)} for activity_id, name, each in notes]
        more = {
            "unreadable": [asdict(row) for row in bad],
            "notes": told,
            "not_in_export": [{"id": activity_id, "name": name} for activity_id, name in gone],
            "freshness": asdict(found),
            "next_sync": asdict(cost) if cost else None,
        }
        output.json(asdict(summary) | more)
        return
    if not summary.activities:
        output.result("The logbook is empty.")
        output.say(f"Fill it from your Strava export, no API needed: {profile.command('import export.zip')}")
        return
    show_runs_and_sports(output, summary)
    output.facts([*facts_of(summary, listed=len(listed)), *_how_new(invocation, found)])
    say_no_runs(profile, output, summary)
    show_quarantined(output, summary)
    for row in bad[:_MOST_NAMED]:
        command = profile.command(f"logbook --remove {row.id}")
        output.result(f"cannot be read: activity {row.id}: its {row.column} is {row.value!r} (to do: {command})")
    show_gone(output, gone, command=profile.command)
    show_notes(output, notes)
    show_written(output, written_files(summary.written)[0])
    if cost:
        planned = schedule_text(cost.schedule, now=invocation.clock.now())
        output.say(f"Plan: the next sync: {planned}, and what is new")
    if summary.runs:
        _say_what_shows_runs(output, profile)


def _say_what_shows_runs(output: Output, profile: Profile) -> None:
    shown, written = profile.command("serve --open"), profile.command("report -o report.html")
    output.say(f"Next: {profile.command('runs')}; in the browser: {shown}; as one file: {written}")


def _how_new(invocation: Invocation, found: Freshness) -> list[tuple[str, str]]:
    age, why = age_text(found, invocation.clock.now()), why_nothing_newer(invocation.profile(), found)
    return [(newest_name(found), age), ("nothing newer", why)]


def cost_of_sync(profile: Profile, store: Store, *, now: datetime) -> SyncCost | None:
    """What the next sync would cost, as far as is known here; None without a login. Nothing is sent."""
    if profile.find_grant() is None:
        return None
    return next_sync_cost(profile, store, now=now)


def show_quarantined(output: Output, summary: LogbookSummary) -> None:
    """What could not be read, why, and how or when it is tried again."""
    for held in summary.quarantined[:_MOST_NAMED]:
        again = held.retry if held.is_own else f"tried again after {held.retry}"
        show = output.verbatim if "/" in held.place or "\\" in held.place else output.result  # a path is copied
        show(f"left out: {held.place}")
        output.result(f"  {held.why} ({again})")
    if len(summary.quarantined) > _MOST_NAMED:
        output.say(f"{len(summary.quarantined) - _MOST_NAMED} more are left out; --json lists all")


def show_gone(output: Output, gone: list[tuple[int, str]], *, command: Callable[[str], str]) -> None:
    """The activities that an earlier export had and the newest has not, and how each is removed."""
    for activity_id, name in gone[:_MOST_NAMED]:
        remedy = command(f"logbook --remove {activity_id}")
        output.result(f"no longer in your newest export, but counts: {activity_id}, {name} (to remove: {remedy})")
    if len(gone) > _MOST_NAMED:
        output.say(f"{len(gone) - _MOST_NAMED} more are no longer in your newest export; --json lists all")


def show_notes(output: Output, notes: list[tuple[int, str, tuple[str, ...]]]) -> None:
    """What was repaired, guessed or left out when files were imported, by activity."""
    for activity_id, _, told in notes[:_MOST_NAMED]:
        output.result(f"note: {activity_id}: {'; '.join(told)}", hanging="  ")
    if len(notes) > _MOST_NAMED:
        output.say(f"{len(notes) - _MOST_NAMED} more activities have notes; --json lists all")


def show_runs(output: Output, summary: LogbookSummary) -> None:
    """Runs by year: in all, own, from the API alone, and both."""
    years: dict[int, dict[str, int]] = defaultdict(dict)
    for year, source, count in summary.runs:
        years[year][source] = count
    rows = [
        [str(year), *(f"{count:,}" for count in (sum(counts.values()), *_by_source(counts)))]
        for year, counts in sorted(years.items())
    ]
    output.table([*numbers("Year", "Runs", importance=KEY), *numbers("Own", "Own and API", "API only")], rows)


def show_runs_and_sports(output: Output, summary: LogbookSummary) -> None:
    """Runs by year, and every sport where there is another one, with an empty line after each."""
    if summary.runs:
        show_runs(output, summary)
        output.result("")
    if any(sport not in RUN_SPORTS for sport, *_ in summary.sports):
        show_sports(output, summary)
        output.result("")


def say_no_runs(profile: Profile, output: Output, summary: LogbookSummary) -> None:
    """What can be done with a logbook that holds other sports alone; nothing where it has runs."""
    if summary.runs:
        return
    word = group_word({sport: count for sport, count, *_ in summary.sports})
    shown = ", ".join(profile.command(f"{name} --sport {word}") for name in ("runs", "trends", "zones"))
    output.say(f"There are no runs. To see what there is: {shown}, {profile.command('report')}")


def show_sports(output: Output, summary: LogbookSummary) -> None:
    """How many activities of each sport there are, and from when to when."""
    columns = [
        Column(heading="Sport", kind="word", importance=KEY),
        *numbers("Activities", importance=KEY),
        Column(heading="First", kind="date", importance=5),
        Column(heading="Last", kind="date", importance=6),
    ]
    output.table(columns, [[sport, f"{count:,}", first, last] for sport, count, first, last in summary.sports])


def _by_source(counts: dict[str, int]) -> list[int]:
    return [counts.get(source, 0) for source in ("own", "both", "cache")]


def facts_of(summary: LogbookSummary, *, listed: int) -> list[tuple[str, str]]:
    """The figures below the table; `listed` activities are in the list that the last sync read."""
    has_api_data = bool(listed) or any(source != "own" for _, source, _ in summary.runs)
    runs = sum(count for _, _, count in summary.runs)
    facts = [
        ("runs", f"{runs:,}, of {summary.activities:,} activities"),
        ("oldest, newest", f"{summary.oldest or 'none'}, {summary.newest or 'none'}"),
        ("without track", f"{summary.without_track:,}"),
    ]
    if summary.unknown_zone:
        facts.append(("without local time", f"{summary.unknown_zone:,} (set timezone in config.toml)"))
    if summary.deleted_at_strava:
        facts.append(("deleted at Strava", f"{summary.deleted_at_strava:,} (your own copy stays)"))
    if summary.recorded_again:
        facts.append(("recorded again", f"{summary.recorded_again:,} further recordings of runs, which count once"))
    facts += [
        ("own data", f"{size_text(summary.own_bytes)}, and {size_text(summary.originals_bytes)} of original files"),
        (
            "API data",
            f"{size_text(summary.cache_bytes)}, kept for seven days at the most" if has_api_data else "none",
        ),
    ]
    facts += [("expires", f"{count:,} run{'s' if count != 1 else ''} on {day}") for day, count in summary.expiring]
    if summary.expiring:
        facts.append(("to keep them", "request your export from Strava (Settings, My Account) and import it"))
    return facts
