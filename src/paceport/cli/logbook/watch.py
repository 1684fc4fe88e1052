"""`watch`: recordings that appear in a folder are imported as they come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from paceport.cli.ended_by_signals import ended_by_signals
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.logbook.import_files import recording_options, say_joined, say_next_steps
from paceport.cli.service_unit import print_unit, service_option
from paceport.clock import Clock
from paceport.errors import MissingExtra, UsageError
from paceport.profile.reading_options import ReadingOptions, reading_options
from paceport.storage.access import absolute

_WAKE_MS = 1000


@click.command("watch")
@click.argument("folder", type=click.Path(path_type=Path))
@recording_options
@service_option("Print a unit that lets the system run this command, and end.")
@pass_invocation
def watch_command(
    invocation: Invocation, *, folder: Path, timezone: str | None, sport: str | None, service: str | None
) -> int:
    """Import recordings as they appear in a folder, such as the one your watch is copied to, until you stop it.

    FIT, GPX and TCX files, also .gz and .zip, in the folder and below it. A file that is still being written is left
    until it is whole. What is in the folder already is imported first; nothing is imported twice, nothing is deleted.
    """
    if not folder.is_dir():
        raise UsageError(
            what=f"{folder} is no folder", why="there is nothing to watch", fix="mkdir it, or name another"
        )
    options = reading_options(timezone=timezone, sport=sport)
    if service is not None:
        words = ["watch", str(absolute(folder))]
        for option, value in (("--timezone", options.timezone), ("--sport", options.sport)):
            words += [option, value] if value else []
        about = f"Paceport: import what appears in {folder.name}"
        print_unit(invocation, service, command="watch", words=words, about=about, is_kept_running=True)
        return 0
    try:
        import watchfiles  # noqa: F401  # asked for before anything is said
    except ImportError as error:
        raise MissingExtra(extra="watch", needed_for="Watching a folder") from error
    _watch(invocation, folder, options)
    return 0


def _watch(invocation: Invocation, folder: Path, options: ReadingOptions) -> None:
    from paceport.logbook.importing.import_text import one_line, short_names
    from paceport.logbook.watching.watch_folder import watch_folder
    from paceport.profile.own_import import import_into

    profile, output = invocation.profile(), invocation.output

    def import_files(paths: list[Path]) -> None:
        done = import_into(profile, paths, options=options)
        report = done.report
        now = f"{invocation.clock.now().astimezone():%Y-%m-%d %H:%M}"
        output.result(f"{now} {short_names([path.name for path in paths])}: {one_line(report)}")
        output.flush()
        say_joined(output, done.joined)
        if report.quarantined or report.notes:
            say_next_steps(output, report, command=profile.command)

    output.say(f"Watching {absolute(folder)}. Ctrl-C ends it.")
    try:
        with ended_by_signals():
            watch_folder(
                folder,
                import_files=import_files,
                warn=output.warn,
                clock=invocation.clock,
                wakes=_wakes(folder, invocation.clock),
            )
    except KeyboardInterrupt:
        output.say("\nNo longer watching. Everything that was imported stays.")


def _wakes(folder: Path, clock: Clock) -> Iterator[bool]:
    """True when something changed in the folder, False about once a second; for ever."""
    import watchfiles

    is_polling = False
    yield True
    while True:
        try:
            for changes in watchfiles.watch(
                folder,
                watch_filter=None,
                rust_timeout=_WAKE_MS,
                yield_on_timeout=True,
                force_polling=is_polling,
                raise_interrupt=True,
            ):
                yield bool(changes)
        except (OSError, RuntimeError):
            # The folder is gone, or the system has no room for another watch: then it is looked at by the clock.
            is_polling = folder.is_dir()
            clock.sleep(_WAKE_MS / 1000)
            yield True
