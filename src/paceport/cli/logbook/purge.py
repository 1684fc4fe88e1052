"""`purge`: erases expired API data, and lists the files with API data that the user wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import Output

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("purge")
@click.option("--all", "is_all", is_flag=True, help="Erase everything that came from the API, expired or not.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@pass_invocation
def purge_command(invocation: Invocation, *, is_all: bool, as_json: bool) -> int:
    """Erase expired API data (after seven days), show what expires when, and list files you wrote from it.

    Opening the logbook erases expired data too; this command also reports it. Your own data (export, files) is never
    touched.
    """
    profile = invocation.profile()
    with profile.logbook() as store:
        first = store.purge_result
        again = store.cached.purge(all_rows=is_all)
        summary, days = store.summary(), store.cached.activities_by_expiry_day()
    rows = first.rows + again.rows
    present, gone = written_files(summary.written)
    if as_json:
        invocation.output.json(
            {
                "erased_rows": rows,
                "is_clean": again.is_clean,
                "expiring": [{"day": day, "activities": count} for day, count in days.items()],
                "written": [
                    {"place": place, "written_at": at, "cached_until": until, "is_there": place not in gone}
                    for place, at, until in summary.written
                ],
            }
        )
    else:
        invocation.output.result(f"{rows:,} row{'s' if rows != 1 else ''} of API data erased")
        for day, count in days.items():
            invocation.output.result(f"{count:,} cached activities expire on {day}")
        show_written(invocation.output, present)
    if not again.is_clean:
        invocation.output.warn(
            "another program is reading the cache, so old data is still in its log file; "
            f"close that program, then: {profile.command('purge')}"
        )
        return 1
    return 0


def written_files(written: Sequence[tuple[str, str, str]]) -> tuple[list[tuple[str, str, str]], set[str]]:
    """The files with API data in them that are still where they were written, and the places of those that are not."""
    gone = {place for place, _, _ in written if _is_gone(Path(place))}
    return [row for row in written if row[0] not in gone], gone


def _is_gone(place: Path) -> bool:
    try:
        return not place.exists()
    except OSError:
        return False  # its folder may not be entered: the file may well be there


def show_written(output: Output, present: list[tuple[str, str, str]]) -> None:
    """Name the files and until when they may stay. Deleting them is the user's own act."""
    if present:
        output.result("Files you wrote with API data in them; delete each by its date:")
    for place, at, until in present:
        output.verbatim(f"  until {until[:10]} (written {at[:10]})  {place}")
