"""`logbook --backup` and `--restore`: all of the own data in one file, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from paceport.amount_text import size_text
from paceport.cli.confirm import confirm
from paceport.cli.invocation import Invocation


def make_backup(invocation: Invocation, place: Path, *, as_json: bool) -> None:
    """Write the backup and say what is in it, and what is not."""
    from paceport.logbook.backup.write_backup import write_backup

    profile = invocation.profile()
    report = write_backup(
        place,
        data_dir=profile.data,
        config=profile.settings.directories.config / "config.toml",
        clock=invocation.clock,
    )
    output = invocation.output
    if as_json:
        output.json(asdict(report))
    else:
        output.success(
            f"{report.place}: {report.activities:,} activities, {report.originals:,} original files, "
            f"{size_text(report.size)}"
        )
    output.say("Logins and data from the API are not in it. It holds the places where you run: keep it private.")
    if report.missing:
        output.warn(f"{len(report.missing):,} original files are no longer there: {', '.join(report.missing[:3])}")
    if report.settings_left_out:
        output.warn("config.toml was left out, because something in it looks like a secret")


def restore_from(invocation: Invocation, place: Path, *, is_sure: bool, as_json: bool) -> None:
    """Check the backup, ask where a logbook is there already, restore, and say what came back."""
    from paceport.logbook.backup.restore_backup import activities_here, check_is_backup, restore_backup
    from paceport.logbook.syncing.write_activity import match_own_data

    profile, output = invocation.profile(), invocation.output
    check_is_backup(place)  # nobody is asked about a file that is not there
    here = activities_here(profile.data)
    if here and not is_sure and invocation.stdin_is_terminal:
        if not confirm(invocation, f"Put the backup in place of the {here:,} activities here? A copy of them is kept."):
            output.say("Nothing was restored.")
            return
        is_sure = True
    report = restore_backup(
        place,
        data_dir=profile.data,
        config=profile.settings.directories.config / "config.toml",
        clock=invocation.clock,
        replaces=is_sure,
    )
    with profile.logbook() as store:
        # Own activities may be others than those that the cached ones were matched with.
        match_own_data(store)
    if as_json:
        output.json(asdict(report))
    else:
        output.success(
            f"{report.activities:,} activities and {report.originals:,} original files are back, as of {report.made}."
        )
    if report.kept_aside is not None:
        output.say(f"What was here before is kept in {report.kept_aside}.")
    if report.settings is not None:
        output.say(f"The settings of the backup are in {report.settings}.")
    if report.charts is not None:
        output.say(f"The charts of the backup are in {report.charts}.")
