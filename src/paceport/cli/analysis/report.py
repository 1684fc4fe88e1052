"""`report`: the whole history on one page, as a file that needs nothing else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from paceport.cli.analysis.history_session import HistorySession, open_history
from paceport.cli.days import Day
from paceport.cli.hidden_places import circles_of_history
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.newest_run import age_text, why_nothing_newer
from paceport.cli.shoes import shoe_limits
from paceport.errors import PaceportError, StoreUnwritable, UsageError
from paceport.lazy_dataclass import dataclass
from paceport.storage.access import absolute

if TYPE_CHECKING:
    from paceport.maps.place import HiddenCircle
    from paceport.report.report_page import ReportPage

DEFAULT_OUTPUT = Path("paceport-report.html")
_MOST_RUNS = 200
_HEAD_BYTES = 4096  # our mark stands within these


@click.command("report")
@click.option(
    "-o",
    "--output",
    "place",
    type=click.Path(path_type=Path, allow_dash=True),
    default=DEFAULT_OUTPUT,
    show_default=True,
    help="The file to write; - for stdout.",
)
@click.option("--open", "is_to_open", is_flag=True, help="Open it in the browser, if there is a screen.")
@click.option(
    "--runs",
    "newest",
    type=click.IntRange(min=0, max=_MOST_RUNS),
    metavar="N",
    default=10,
    show_default=True,
    help="How many of the newest runs stand in full on the page and on paper.",
)
@click.option("--since", type=Day(), help="Leave out runs before this local day.")
@click.option("--show-all", is_flag=True, help="Draw routes whole, private places too; for yourself alone.")
@click.option("--own-only", is_flag=True, help="Use only your own data, nothing from the API.")
@click.option("--units", type=click.Choice(["km", "mi"]), help="Kilometres or miles.")
@click.option("--json", "as_json", is_flag=True, help="Describe what was written as JSON.")
@pass_invocation
def report_command(invocation: Invocation, /, **options: Any) -> None:
    """Write one HTML file with your whole running history. It works offline and sends nothing.

    The pages of `serve` in one file: this year, the map of all tracks, the year in review, training, calendar, records,
    routes, shoes, every run to search, sort and open, and the newest in full. An older report with that name is
    replaced; any other file is left alone.
    """
    run_report(invocation, ReportOptions(**options))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """What `report` was told on its command line."""

    place: Path
    is_to_open: bool
    newest: int
    since: date | None
    show_all: bool
    own_only: bool
    units: str | None
    as_json: bool

    @property
    def is_for_stdout(self) -> bool:
        """Whether the page itself is the command's result."""
        return str(self.place) == "-"


def run_report(invocation: Invocation, options: ReportOptions) -> None:
    """Read, draw, write; then say what was written and until when it may stay."""
    if not options.is_for_stdout:
        _refuse_foreign(options.place)
    elif options.is_to_open or options.as_json:
        raise UsageError(
            what="Only the page can go to stdout",
            why="--open and --json need a file",
            fix="paceport report -o FILE",
        )
    with open_history(
        invocation,
        own_only=options.own_only,
        units=options.units,
        with_routes=True,
        with_efforts=True,
        with_all_sports=True,
    ) as opened:
        circles = () if options.show_all else circles_of_history(invocation, opened.history)
        opened.output.temporary_line(f"Writing {len(opened.history.runs):,} runs …")
        try:
            page, text = _page(opened, options, circles, _notes(invocation, opened, options))
        finally:
            opened.output.temporary_line("")
        if options.is_for_stdout:
            invocation.output.raw(text)
            return
        place = absolute(options.place)
        _write(place, text)
        # Kept in mind, so that `purge` can name the file when its time has come.
        if page.cached_content.until is not None:
            opened.store.own.log_written_file(str(place), page.cached_content.until)
        elif not opened.store.read_only_because:
            opened.store.own.forget_written_file(str(place))
        noun = opened.noun(page.count)
    _say(invocation, options, page, place, size=len(text.encode()), noun=noun)


def _notes(invocation: Invocation, opened: HistorySession, options: ReportOptions) -> tuple[str, ...]:
    """How new the runs are, and which shoes are near their limit."""
    from paceport.training.history.shoes import shoe_warnings

    today = invocation.clock.now().date()
    worn = shoe_warnings(opened.store, shoe_limits(invocation), today=today, own_only=options.own_only)
    return (_freshness(invocation, opened), *(f"{text[0].upper()}{text[1:]}." for text in worn))


def _freshness(invocation: Invocation, opened: HistorySession) -> str:
    now = invocation.clock.now()
    # Of the runs on the page: one of own data alone tells nothing of the API's.
    newest = max(run.day for run in opened.history.runs)
    found = replace(opened.store.freshness(now), newest_run=newest)
    why = why_nothing_newer(invocation.profile(), found)
    return f"The newest {opened.noun(1)}: {age_text(found, now)}. Nothing newer came: {why}."


def _page(
    opened: HistorySession, options: ReportOptions, circles: Sequence[HiddenCircle], notes: tuple[str, ...]
) -> tuple[ReportPage, str]:
    from paceport.pictures.year_picture import year_picture_in_any_light
    from paceport.report.build_page import ReportContent, build_page
    from paceport.report.page import render

    wanted = ReportContent(
        units=opened.units,
        newest=options.newest,
        since=options.since,
        circles=circles,
        notes=notes,
        draw_year=lambda facts: year_picture_in_any_light(facts, circles, opened.units),
    )
    page = build_page(opened.store, opened.history, wanted)
    if page is None:
        last = max(run.day for run in opened.history.runs)
        raise PaceportError(
            what=f"There is no run since {options.since}",
            why=f"the newest of {len(opened.history.runs):,} is of {last}",
            fix="leave --since out, or choose an earlier day",
        )
    return page, render(page)


def _refuse_foreign(place: Path) -> None:
    """Raises UsageError where something lies that is no report of ours."""
    from paceport.report.html_text import GENERATOR_TAG

    try:
        with place.open("rb") as file:
            if GENERATOR_TAG.encode() in file.read(_HEAD_BYTES):
                return
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreUnwritable(path=str(place), why=error.strerror or str(error)) from error
    raise UsageError(
        what=f"{place} exists already and is not a report",
        why="only an older report is overwritten",
        fix="choose another name",
    )


def _write(place: Path, text: str) -> None:
    """The whole file or none of it."""
    unfinished = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        try:
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(place)
        finally:
            unfinished.unlink(missing_ok=True)
    except FileNotFoundError as error:
        raise StoreUnwritable(
            path=str(place), why="its folder does not exist", fix="create the folder, or choose another"
        ) from error
    except OSError as error:
        raise StoreUnwritable(path=str(place), why=error.strerror or str(error)) from error


def _say(
    invocation: Invocation, options: ReportOptions, page: ReportPage, place: Path, *, size: int, noun: str
) -> None:
    output, borrowed = invocation.output, page.cached_content
    if options.as_json:
        output.json(
            {
                "place": str(place),
                "bytes": size,
                "runs": page.count,
                "cached": borrowed.runs,
                "cached_until": borrowed.until,
            }
        )
    else:
        output.verbatim(str(place))
        output.say(f"{page.count:,} {noun} in {size / 1e6:.1f} MB. Any browser shows it, without a network.")
    if borrowed.until is not None:
        purge, until = invocation.profile().command("purge"), borrowed.until[:16].replace("T", " ")
        output.warn(
            f"{borrowed.runs:,} of the {page.count:,} {noun} hold API data, the first of which may be kept until "
            f"{until} UTC. Delete the file by then, or write it again; {purge} names it"
        )
    if options.is_to_open:
        _open(invocation, place)


def _open(invocation: Invocation, place: Path) -> None:
    if not invocation.login_environment().opens_browser:
        invocation.output.say("There is no screen, so the report is not opened.")
    elif not invocation.open_browser(place.as_uri()):
        invocation.output.say("No browser could be opened; open the file yourself.")
