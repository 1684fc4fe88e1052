"""`activities`: every activity of the athlete, as a table, JSON, JSON lines or CSV."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice

import click

from paceport.api.models.activity import SummaryActivity
from paceport.cli.api.units_at_strava import units_at_strava
from paceport.cli.days import Day, refuse_no_days
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import Output, json_line
from paceport.cli.table import KEY, Column
from paceport.csv_text import csv_lines, csv_text
from paceport.errors import UsageError
from paceport.profile.known_total import known_total
from paceport.sports import SPORT_TYPES, sport_of_word
from paceport.units import Units

FIELDS = (
    "id",
    "start_local",
    "start",
    "name",
    "sport_type",
    "distance_m",
    "moving_time_s",
    "elapsed_time_s",
    "elevation_gain_m",
    "average_heartrate_bpm",
    "visibility",
    "gear_id",
)


@click.command("activities")
@click.option("--sport", metavar="TYPE", help="Only this sport type, such as Run or TrailRun.")
@click.option("--after", type=Day(), help="Only activities that began on or after this day.")
@click.option("--before", type=Day(), help="Only activities that began before this day.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The newest N that match.")
@click.option("--json", "form", flag_value="json", help="One JSON array.")
@click.option("--jsonl", "form", flag_value="jsonl", help="One JSON object per line, as they arrive.")
@click.option("--csv", "form", flag_value="csv", help="CSV with a heading.")
@click.option("--no-wait", is_flag=True, help="Exit 6 instead of waiting for the rate limit.")
@pass_invocation
def activities_command(
    invocation: Invocation,
    *,
    sport: str | None,
    after: date | None,
    before: date | None,
    limit: int | None,
    form: str | None,
    no_wait: bool,
) -> None:
    """List all your activities, newest first; private ones too if the login grants activity:read_all."""
    refuse_no_days(after, before)
    sport = known_sport(sport) if sport is not None else None
    profile = invocation.profile()
    granted = profile.granted()
    with profile.client(no_wait=no_wait, say=invocation.output.say) as client:
        found: Iterable[SummaryActivity] = client.activities(
            after=after,
            before=before,
            limit=limit if sport is None else None,
            known_total=known_total(profile.cache, profile.logbook) if after is None and before is None else None,
        )
        if sport is not None:
            found = (row for row in found if _is_sport(row, sport))
        if limit is not None:
            found = islice(found, limit)
        units = units_at_strava(invocation)
        count = show(invocation.output, found, form=form, units=units)
    if granted is not None and not granted.covers("activity:read_all"):
        invocation.output.warn(
            "activities that only you can see are not listed: the login lacks activity:read_all. "
            f"To add it: {profile.command('grant +activity:read_all')}"
        )
    if form is None:
        invocation.output.say(f"{count} {'activity' if count == 1 else 'activities'}")


def known_sport(text: str) -> str:
    """The sport type that a word names. A word of a newer list than ours is taken as it is.

    Raises UsageError for a word that is not one, and resembles one or is its everyday name.
    """
    types = {word.casefold(): word for word in SPORT_TYPES}
    word = re.sub(r"[ _-]", "", text).casefold()
    if word in types:
        return types[word]
    meant, _ = sport_of_word(text)
    near = [meant] if meant else [types[one] for one in difflib.get_close_matches(word, types, n=1, cutoff=0.75)]
    if not near:
        return text
    raise UsageError(
        what=f"{text[:40]!r} is not one of Strava's sport types",
        why=f"Strava calls it {near[0]}",
        fix=f"paceport activities --sport {near[0]}",
    )


def _is_sport(row: SummaryActivity, sport: str) -> bool:
    return (row.sport_type or row.type or "").casefold() == sport.casefold()


def show(output: Output, rows: Iterable[SummaryActivity], *, form: str | None, units: Units) -> int:
    """Print activities in one of the four forms and give their number."""
    count = 0
    if form == "json":
        values = [as_json(row) for row in rows]
        output.json(values)
        return len(values)
    if form == "jsonl":
        for row in rows:
            output.verbatim(json_line(as_json(row)))
            count += 1
        return count
    if form == "csv":
        return _show_csv(output, rows)
    columns = [
        Column(heading="Date", kind="date", importance=KEY),
        Column(heading="Sport", kind="word", importance=4),
        Column(heading=f"Distance {units.name}", kind="number", importance=7),
        Column(heading="Moving", kind="number", importance=5),
        Column(heading="Seen by", kind="word", importance=2),
        Column(heading="Id", kind="id", importance=KEY),
        Column(heading="Name", kind="name", importance=6),
    ]
    shown = [_cells(row, units) for row in rows]
    output.table(columns, shown)
    return len(shown)


def as_json(row: SummaryActivity) -> dict[str, object]:
    """One activity as `--json` shows it: the fields of FIELDS, units in their names; what is not known is null."""
    return {name: _value(getattr(row, name)) for name in FIELDS}


def _value(value: object) -> object:
    # Local time has no zone of its own: it is shown without the Z that the API prints.
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def _show_csv(output: Output, rows: Iterable[SummaryActivity]) -> int:
    output.raw(csv_text(FIELDS, []))
    count = 0
    for line in csv_lines(as_json(row).values() for row in rows):
        count += 1
        output.raw(line)
    return count


def _cells(row: SummaryActivity, units: Units) -> list[str]:
    return [
        f"{row.start_local or row.start:%Y-%m-%d %H:%M}",
        row.sport_type or row.type or "",
        units.distance(row.distance_m or None),
        units.duration(row.moving_time_s),
        {"only_me": "only me", "followers_only": "followers"}.get(row.visibility or "", "everyone"),
        str(row.id),
        row.name,
    ]
