"""Before any command answers from the logbook: what imported runs still lack is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.cli.invocation import Invocation

if TYPE_CHECKING:
    from paceport.cli.logbook.progress import ProgressLine
    from paceport.cli.output import Output
    from paceport.logbook.database.store import Store
    from paceport.training.compute import ComputedResults

_SILENT_S = 1.0
_MOST_NAMED = 5


def compute_missing(invocation: Invocation, store: Store) -> None:
    """Compute what an open store does not hold yet, with a line of progress, and say what could not be computed."""
    from paceport.profile.athlete_facts import facts_from_settings
    from paceport.training.history.up_to_date import is_up_to_date

    name_bad_rows(invocation, store)
    table = invocation.profile().settings.athlete
    given = facts_from_settings(table)
    if is_up_to_date(store, given=given, not_records=table.not_records):
        return
    from paceport.training.compute import compute_results  # all of the analysis

    clock, output = invocation.clock, invocation.output
    line: ProgressLine | None = None
    started_s = clock.monotonic_s()
    is_told = False

    def progress(done: int, total: int) -> None:
        nonlocal is_told, line
        spent_s = clock.monotonic_s() - started_s
        if spent_s < _SILENT_S or not done:
            return
        if not is_told and not output.stderr_is_terminal:
            output.say(f"Computing {total:,} activities; this is done once.")
        is_told = True
        if line is None:
            from paceport.cli.logbook.progress import ProgressLine

            line = ProgressLine(output=output, clock=clock)
        rate = done / spent_s
        line.update(done=done, total=total, rate_per_s=rate, left_s=(total - done) / rate, name="activities computed")

    derived = compute_results(store, given=given, not_records=table.not_records, progress=progress)
    if line is not None:
        line.close()
    say_what_is_left(output, derived, store.read_only_because)


def say_what_is_left(output: Output, derived: ComputedResults, read_only_because: str) -> None:
    """Name the runs that could not be computed, or whose results could not be saved."""
    if derived.not_saved:
        output.warn(f"{derived.not_saved:,} runs lack computed values, which cannot be saved: {read_only_because}")
    if derived.unreadable:
        shown = ", ".join(str(one) for one in derived.unreadable[:5])
        more = f" and {len(derived.unreadable) - 5} more" if len(derived.unreadable) > 5 else ""
        output.warn(f"the samples of {len(derived.unreadable)} runs cannot be read ({shown}{more}); import them again")


def name_bad_rows(invocation: Invocation, store: Store) -> None:
    """Name the activities whose rows cannot be read."""
    bad = store.run_rows.bad_rows()
    for row in bad[:_MOST_NAMED]:
        command = invocation.profile().command(f"logbook --remove {row.id}")
        invocation.output.warn(
            f"activity {row.id} cannot be read and is left out: its {row.column} is {row.value!r}. To do: {command}"
        )
    if len(bad) > _MOST_NAMED:
        invocation.output.warn(f"{len(bad) - _MOST_NAMED} more activities cannot be read and are left out")
