"""`import`: a bulk export, or recorded files, into the own part of the logbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from paceport.cli.completion import sport_types
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.logbook.progress import ProgressLine
from paceport.cli.output import Output
from paceport.errors import UsageError

if TYPE_CHECKING:
    from paceport.logbook.importing.import_report import ImportReport, Progress

Command = TypeVar("Command", bound=Callable[..., Any])

_ORDERS = ("dmy", "mdy", "ymd")


def recording_options(command: Command) -> Command:
    """What all commands take that import recorded files: `--timezone` and `--sport`."""
    for option in (
        click.option(
            "--sport",
            shell_complete=sport_types,
            metavar="SPORT",
            help="Sport of files that do not name theirs, such as Run or Ride; otherwise it is guessed from their "
            "speeds.",
        ),
        click.option(
            "--timezone", metavar="ZONE", help="Time zone of activities without a position, such as Europe/Berlin."
        ),
    ):
        command = option(command)
    return command


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH…")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="HEADER=FIELD",
    help="What a column or sport name of an export in an unknown language means; repeatable.",
)
@click.option("--date-order", type=click.Choice(_ORDERS), help="The order of dates in the export, if it is ambiguous.")
@recording_options
@click.option("--rebuild", is_flag=True, help="Import all stored originals again; the export is not needed.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON.")
@pass_invocation
def import_command(
    invocation: Invocation,
    *,
    paths: tuple[Path, ...],
    pairs: tuple[str, ...],
    date_order: str | None,
    timezone: str | None,
    sport: str | None,
    rebuild: bool,
    as_json: bool,
) -> int:
    """Read your Strava export (the ZIP or its folder), or FIT, GPX and TCX files and folders of them, .gz too.

    What you import is yours and never expires; it needs no API and no subscription. Importing again adds nothing
    twice. If you stop it, run the same command again to continue. Files that cannot be read are named and skipped. The
    exit code is 1 if something could not be read, or nothing was found.
    """
    from paceport.profile.own_import import import_into
    from paceport.profile.reading_options import reading_options

    _check_usage(paths, rebuild=rebuild)
    options = reading_options(timezone=timezone, sport=sport, pairs=pairs, date_order=date_order)
    profile = invocation.profile()
    if rebuild:
        _set_damaged_aside(invocation)
    with _progress_line(invocation) as tell:
        done = import_into(profile, paths, options=options, progress=tell)
    account = done.report
    show(invocation.output, account, as_json=as_json)
    say_joined(invocation.output, done.joined)
    say_next_steps(invocation.output, account, command=profile.command)
    return 0 if (account.read or rebuild) and not account.quarantined else 1


def _check_usage(paths: tuple[Path, ...], *, rebuild: bool) -> None:
    if bool(paths) == rebuild:
        raise UsageError(
            what="Give either files to import or --rebuild",
            why="--rebuild reads the originals that the logbook keeps already",
            fix="paceport import export.zip",
        )


@contextmanager
def _progress_line(invocation: Invocation) -> Iterator[Callable[[Progress], None]]:
    line = ProgressLine(output=invocation.output, clock=invocation.clock)

    def tell(step: Progress) -> None:
        line.update(done=step.done, total=step.total, rate_per_s=step.rate_per_s, left_s=step.left_s, name=step.name)

    try:
        yield tell
    finally:
        line.close()


def _set_damaged_aside(invocation: Invocation) -> None:
    from paceport.logbook.importing.damaged_database import set_damaged_aside

    profile = invocation.profile()
    aside = set_damaged_aside(profile.data / "own.db", invocation.clock)
    if aside is not None:
        invocation.output.warn(
            f"own.db was damaged and is kept as {aside}. A new one is made from your originals. Import your export "
            f"again afterwards, because only the export has names, gear and activities without a file: "
            f"{profile.command('import export.zip')}"
        )


def show(output: Output, account: ImportReport, *, as_json: bool) -> None:
    """The final account, for a person or as JSON."""
    if as_json:
        output.json(account.to_json())
        return
    from paceport.logbook.importing.import_text import figures

    output.facts(figures(account))


def say_joined(output: Output, joined: int) -> None:
    """How many of the recordings were found to be of runs that are in the logbook already. On stderr."""
    from paceport.logbook.importing.import_text import joined_text

    if text := joined_text(joined):
        output.say(text)


def say_next_steps(output: Output, account: ImportReport, *, command: Callable[[str], str]) -> None:
    """What was odd, by name, and what to do next. On stderr."""
    from paceport.logbook.importing.import_report import MOST_NAMED
    from paceport.logbook.importing.import_text import odd_things, unknown_zone_text

    for text in odd_things(account):
        output.say(text)
    for held in account.quarantined[:MOST_NAMED]:
        output.warn(f"{held.place}: {held.why}. To do: {held.fix}")
    if len(account.quarantined) > MOST_NAMED:
        output.warn(f"{len(account.quarantined) - MOST_NAMED} more could not be read: {command('logbook')} lists them")
    if text := unknown_zone_text(account):
        output.say(text)
    output.say(f"Next: {command('logbook')}" if account.read else "Nothing was imported.")
