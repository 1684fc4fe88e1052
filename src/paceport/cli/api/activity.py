"""`activity ID`: one activity with its splits and laps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from paceport.api.client.client import Client
from paceport.api.models.activity import DetailedActivity, Lap, SegmentEffort, Split
from paceport.api.models.left_out_tally import LeftOutTally
from paceport.cli.api.activities import as_json
from paceport.cli.api.units_at_strava import units_at_strava
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import Output
from paceport.cli.table import KEY, Column, numbers
from paceport.errors import UsageError
from paceport.profile.settings import Settings
from paceport.units import Units

# No activity has this number: it stands for the newest one.
LAST = 0


class ActivityId(click.ParamType[int]):
    """The number of an activity, or the address of its web page; `LAST` for the word, where only reading follows."""

    name = "ID"

    def __init__(self, *, knows_last: bool = False) -> None:
        self._knows_last = knows_last

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if self._knows_last and str(value).strip() == "last":
            return LAST
        match = re.fullmatch(r"(?:https?://[^/\s]+/activities/)?([0-9]{1,18})(?:[/?#].*)?", str(value).strip())
        if match is None:
            self.fail(f"{str(value)[:60]!r} is neither a number nor the address of an activity", param, ctx)
        return int(match[1])


@click.command("activity")
@click.argument("activity_id", metavar="ID", type=ActivityId(knows_last=True))
@click.option("--json", "form", flag_value="json", help="One JSON object: facts, splits, laps, best efforts.")
@click.option("--no-wait", is_flag=True, help="Exit 6 instead of waiting for the rate limit.")
@pass_invocation
def activity_command(invocation: Invocation, *, activity_id: int, form: str | None, no_wait: bool) -> None:
    """Show one activity: its facts, splits and laps.

    ID is its number, the address of its web page, or the word last for the newest one.
    """
    profile = invocation.profile()
    left_out = LeftOutTally()
    with profile.client(no_wait=no_wait, say=invocation.output.say, left_out=left_out.add) as client:
        activity = client.activity(_newest_id(client) if activity_id == LAST else activity_id)
    for line in left_out.lines():
        invocation.output.warn(line)
    show_activity(invocation, activity, form=form, left_out=left_out)


def _newest_id(client: Client) -> int:
    newest = next(client.activities(limit=1, read_ahead=False), None)
    if newest is None:
        raise UsageError(
            what="There is no last activity", why="Strava lists none for this login", fix="paceport status"
        )
    return newest.id


def show_activity(
    invocation: Invocation, activity: DetailedActivity, *, form: str | None, left_out: LeftOutTally | None = None
) -> None:
    """Print an activity as facts and tables, or as one JSON object with what was left out of it."""
    settings = invocation.profile().settings
    if form == "json":
        told = left_out.as_json() if left_out is not None else []
        invocation.output.json(detail_as_json(activity, settings) | {"left_out": told})
        return
    units = units_at_strava(invocation)
    invocation.output.facts((name, value) for name, value in _facts(activity, units, settings) if value)
    splits = activity.splits_standard if units.name == "mi" else activity.splits_metric
    if splits:
        _splits(invocation.output, splits, units)
    if activity.laps and len(activity.laps) > 1:
        _laps(invocation.output, activity.laps, units)


def activity_url(activity_id: int, settings: Settings) -> str:
    """The address of an activity's web page at the server in force."""
    return f"{settings.oauth_url}/activities/{activity_id}"


def detail_as_json(activity: DetailedActivity, settings: Settings) -> dict[str, object]:
    """One activity as `--json` shows it: what the list shows, and its parts. Documented in docs/reference/json.md."""
    return as_json(activity) | {
        "url": activity_url(activity.id, settings),
        "timezone": activity.timezone,
        "description": activity.description,
        "private_note": activity.private_note,
        "device_name": activity.device_name,
        "manual": activity.manual,
        "trainer": activity.trainer,
        "commute": activity.commute,
        "hide_from_home": activity.hide_from_home,
        "average_speed_mps": activity.average_speed_mps,
        "max_speed_mps": activity.max_speed_mps,
        "max_heartrate_bpm": activity.max_heartrate_bpm,
        "average_cadence_rpm": activity.average_cadence_rpm,
        "calories_kcal": activity.calories_kcal,
        "relative_effort": activity.relative_effort,
        "gear": {"id": activity.gear.id, "name": activity.gear.name} if activity.gear else None,
        "splits_km": [_split_as_json(split) for split in activity.splits_metric or ()],
        "splits_mi": [_split_as_json(split) for split in activity.splits_standard or ()],
        "laps": [_lap_as_json(lap) for lap in activity.laps or ()],
        "best_efforts": [_effort_as_json(effort) for effort in activity.best_efforts or ()],
    }


def _split_as_json(split: Split) -> dict[str, object]:
    return {
        "split": split.split,
        "distance_m": split.distance_m,
        "moving_time_s": split.moving_time_s,
        "elapsed_time_s": split.elapsed_time_s,
        "elevation_difference_m": split.elevation_difference_m,
        "average_speed_mps": split.average_speed_mps,
        "average_heartrate_bpm": split.average_heartrate_bpm,
    }


def _lap_as_json(lap: Lap) -> dict[str, object]:
    return {
        "lap": lap.lap_index,
        "name": lap.name,
        "distance_m": lap.distance_m,
        "moving_time_s": lap.moving_time_s,
        "elapsed_time_s": lap.elapsed_time_s,
        "elevation_gain_m": lap.elevation_gain_m,
        "average_speed_mps": lap.average_speed_mps,
        "average_heartrate_bpm": lap.average_heartrate_bpm,
        "max_heartrate_bpm": lap.max_heartrate_bpm,
    }


def _effort_as_json(effort: SegmentEffort) -> dict[str, object]:
    return {
        "name": effort.name,
        "distance_m": effort.distance_m,
        "moving_time_s": effort.moving_time_s,
        "elapsed_time_s": effort.elapsed_time_s,
        "pr_rank": effort.pr_rank,
    }


def _facts(activity: DetailedActivity, units: Units, settings: Settings) -> Iterator[tuple[str, str]]:
    """Name and value; a value that is not known is empty."""
    moved = activity.distance_m is not None and activity.distance_m > 0
    yield "Name", activity.name
    yield "Sport", activity.sport
    yield "Began", _start_text(activity)
    yield "Distance", f"{units.distance(activity.distance_m)} {units.name}" if moved else ""
    yield "Moving", units.duration(activity.moving_time_s)
    yield "Elapsed", units.duration(activity.elapsed_time_s)
    yield "Pace", f"{pace} /{units.name}" if (pace := units.pace(activity.average_speed_mps)) else ""
    yield "Climbed", f"{activity.elevation_gain_m:.0f} m" if activity.elevation_gain_m else ""
    yield "Heart rate", _heart(activity)
    yield "Energy", f"{activity.calories_kcal:.0f} kcal" if activity.calories_kcal else ""
    yield "Gear", activity.gear.name if activity.gear else ""
    yield "Recorded by", activity.device_name or ("entered by hand" if activity.manual else "")
    yield "Marked", ", ".join(_marks(activity))
    yield (
        "Seen by",
        {"only_me": "only you", "followers_only": "followers"}.get(activity.visibility or "", "everyone"),
    )
    yield "Description", (activity.description or "").replace("\n", " / ")
    yield "Private note", (activity.private_note or "").replace("\n", " / ")
    yield "Page", activity_url(activity.id, settings)


def _start_text(activity: DetailedActivity) -> str:
    local = activity.start_local
    if local is None:
        return f"{activity.start:%Y-%m-%d %H:%M} UTC (local time not known)"
    if activity.is_start_hidden:
        return f"{local:%Y-%m-%d} (time of day hidden)"
    return f"{local:%Y-%m-%d %H:%M} ({activity.timezone or 'local time'})"


def _heart(activity: DetailedActivity) -> str:
    if not activity.average_heartrate_bpm:
        return ""
    most = f", {activity.max_heartrate_bpm:.0f} at most" if activity.max_heartrate_bpm else ""
    return f"{activity.average_heartrate_bpm:.0f} on average{most}"


def _marks(activity: DetailedActivity) -> Iterator[str]:
    for is_on, word in (
        (activity.commute, "commute"),
        (activity.trainer, "indoors"),
        (activity.hide_from_home, "hidden from the home feed"),
    ):
        if is_on:
            yield word


def _splits(output: Output, splits: list[Split], units: Units) -> None:
    output.result("")
    output.heading(f"Splits ({units.name})")
    columns = [
        *numbers("#", "Distance", "Time", importance=KEY),
        *numbers(f"Pace /{units.name}", importance=6),
        *numbers("Up/down m", "HR"),
    ]
    output.table(
        columns,
        [
            [
                "" if split.split is None else str(split.split),
                units.distance(split.distance_m or None),
                units.duration(split.moving_time_s),
                units.pace(split.average_speed_mps),
                "" if split.elevation_difference_m is None else f"{split.elevation_difference_m:+z.0f}",
                _beats(split.average_heartrate_bpm),
            ]
            for split in splits
        ],
    )


def _laps(output: Output, laps: list[Lap], units: Units) -> None:
    output.result("")
    output.heading("Laps")
    output.table(
        [
            *numbers("#", f"Distance {units.name}", "Time", importance=KEY),
            *numbers(f"Pace /{units.name}", importance=6),
            *numbers("Climbed m", "HR", importance=5),
            *numbers("Max HR", importance=3),
            Column(heading="Name", kind="name", importance=4),
        ],
        [
            [
                str(lap.lap_index or number),
                units.distance(lap.distance_m or None),
                units.duration(lap.moving_time_s),
                units.pace(lap.average_speed_mps),
                "" if lap.elevation_gain_m is None else f"{lap.elevation_gain_m:.0f}",
                _beats(lap.average_heartrate_bpm),
                _beats(lap.max_heartrate_bpm),
                lap.name,
            ]
            for number, lap in enumerate(laps, start=1)
        ],
    )


def _beats(beats: float | None) -> str:
    return f"{beats:.0f}" if beats else ""
