"""`export`: the runs as Parquet, CSV, GPX or GeoJSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paceport.cli.analysis.sport_choice import sport_option
from paceport.cli.compute_missing import compute_missing
from paceport.cli.hidden_places import circles_of_store
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import PaceportError, UsageError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.exporting.choose_format import FORMATS, ChosenFormat, choose_format
from paceport.logbook.exporting.destination import check_new_destination
from paceport.sports import RUN_SPORTS
from paceport.training.history.sport_choice import chosen_sports
from paceport.training.history.sport_figures import counted_sports, noun

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.logbook.exporting.destination import Circles, ExportReport
    from paceport.profile.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportChoice:
    """Which runs are written; no track shows what lies within the `circles`. `samples`: a row for each sample too."""

    include_cached: bool
    samples: bool = False
    sports: tuple[str, ...] | None = RUN_SPORTS
    circles: Circles = ()


@click.command("export")
@click.option(
    "--format", "said", type=click.Choice(FORMATS), help="What to write; without it the ending of the name decides."
)
@click.option(
    "-o",
    "--output",
    "place",
    required=True,
    metavar="PLACE",
    help="The new file (.parquet, .csv, .gpx, .geojson), folder (parquet, gpx), or - for stdout.",
)
@sport_option
@click.option("--include-cached", is_flag=True, help="Include API data, which may be kept for only seven days.")
@click.option("--samples", is_flag=True, help="Parquet folder: also a row for each sample of each run.")
@click.option("--show-all", is_flag=True, help="GPX, GeoJSON: whole tracks, private places too; for yourself alone.")
@click.option("--json", "as_json", is_flag=True, help="Describe what was written as JSON.")
@pass_invocation
def export_command(
    invocation: Invocation,
    *,
    said: str | None,
    place: str,
    sport: str | None,
    include_cached: bool,
    samples: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    """Write your runs for other programs; with --sport all, every activity. Nothing is overwritten.

    \b
        paceport export -o runs.parquet
        paceport export --format csv -o - | head

    GPX and GeoJSON leave out what lies near places where many of your runs begin or end, unless --show-all.

    You may keep your own data (export and files) forever. With --include-cached, each row says until when you may keep
    it, and `paceport purge` names the file until you delete it.
    """
    chosen = choose_format(place, said=said, samples=samples)
    _check_place(invocation, chosen, place, as_json=as_json)
    profile = invocation.profile()
    with profile.logbook() as store:
        compute_missing(invocation, store)
        sports = chosen_sports(sport, lambda: store.run_rows.sports(own_only=not include_cached))
        hides_places = chosen.kind in ("gpx", "geojson") and not show_all
        circles: Circles = partial(circles_of_store, invocation, store) if hides_places else ()
        wanted = ExportChoice(include_cached=include_cached, samples=samples, sports=sports, circles=circles)
        stream = invocation.output.raw_bytes if chosen.is_stdout else None
        written = write(store, chosen, Path(place), wanted, stream=stream)
        if not written.runs:
            if not chosen.is_stdout:
                remove_empty_export(written)
            raise nothing_to_export(profile, store, written, include_cached=include_cached)
    _say_what_was_written(invocation, chosen, written, noun=noun(sports), as_json=as_json)


def _say_what_was_written(
    invocation: Invocation, chosen: ChosenFormat, written: ExportReport, *, noun: str, as_json: bool
) -> None:
    output = invocation.output
    if as_json:
        output.json(
            {
                "place": str(written.place),
                "files": len(written.files),
                "runs": written.runs,
                "cached": written.cached,
                "cached_until": written.cached_until,
                "left_out": written.left_out,
            }
        )
    elif not chosen.is_stdout:
        output.result(f"{written.runs:,} {noun} in {written.place}")
    if written.left_out:
        output.say(f"{written.left_out:,} {noun} have no positions, so {chosen.kind} cannot hold them")
    if written.cached:
        named = "" if chosen.is_stdout else f"; {invocation.profile().command('purge')} lists it"
        output.warn(
            f"{written.cached:,} of the {noun} hold API data that may be kept until {written.cached_until}. "
            f"Delete the file by then{named}"
        )


def nothing_to_export(profile: Profile, store: Store, written: ExportReport, *, include_cached: bool) -> PaceportError:
    """Why an export would hold no run, and what to do."""
    what = "There is nothing to export"
    if written.left_out:
        why = f"{written.left_out:,} runs have no positions, and this format holds nothing else"
        return PaceportError(what=what, why=why, fix="choose --format csv or parquet")
    others = store.run_rows.sports(own_only=not include_cached)
    if others and not set(others) & set(RUN_SPORTS):
        why = f"the logbook holds {counted_sports(others)}, and no runs of your own"
        return PaceportError(what=what, why=why, fix="add --sport all")
    cached = 0 if include_cached else len(store.run_rows.runs(own_only=False))
    if cached:
        why = f"the logbook holds no runs of your own; {cached:,} come from Strava's API and are left out"
        return PaceportError(what=what, why=why, fix="add --include-cached, or import your own export first")
    fix = f"{profile.command('import export.zip')} (your bulk export, no API), or: {profile.command('sync')}"
    return PaceportError(what=what, why="the logbook holds no runs yet", fix=fix)


def remove_empty_export(written: ExportReport) -> None:
    """Take away what an export without a single run has written, so that its name is free again."""
    for path in written.files:
        path.unlink(missing_ok=True)
    if written.place.is_dir() and not any(written.place.iterdir()):
        written.place.rmdir()


def _check_place(invocation: Invocation, chosen: ChosenFormat, place: str, *, as_json: bool) -> None:
    """Refuse what cannot be written before anything is computed."""
    if not chosen.is_stdout:
        check_new_destination(Path(place))
    elif as_json:
        raise UsageError(
            what="--json and -o - cannot be combined",
            why="both write to stdout: the description would stand between the runs",
            fix="leave --json out, or write to a file",
        )
    elif chosen.kind == "parquet" and invocation.output.stdout_is_terminal:
        raise UsageError(
            what="Parquet is not shown on a terminal",
            why="it is binary",
            fix="paceport export -o runs.parquet, or send it to a program: paceport export --format parquet -o - | …",
        )


def write(
    store: Store,
    chosen: ChosenFormat,
    place: Path,
    wanted: ExportChoice,
    *,
    stream: Callable[[bytes], object] | None = None,
) -> ExportReport:
    """Write the runs of an open store into a new file or folder, or give them to `stream`."""
    from paceport.logbook.exporting.document import export_file, export_stream
    from paceport.logbook.exporting.gpx import export_gpx
    from paceport.logbook.exporting.parquet import export_parquet

    cached, sports, circles = wanted.include_cached, wanted.sports, wanted.circles
    if stream is not None:
        return export_stream(store, chosen.kind, stream, include_cached=cached, sports=sports, circles=circles)
    if not chosen.is_folder:
        return export_file(store, chosen.kind, place, include_cached=cached, sports=sports, circles=circles)
    if chosen.kind == "gpx":
        return export_gpx(store, place, include_cached=cached, sports=sports, circles=circles)
    return export_parquet(store, place, include_cached=cached, samples=wanted.samples, sports=sports)
