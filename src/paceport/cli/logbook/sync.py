"""`sync`: the API → the cached part of the logbook, within the rate budget."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from paceport.amount_text import rough_duration
from paceport.cli.confirm import confirm
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.logbook.api_policy import check_allowed
from paceport.cli.logbook.progress import ProgressLine
from paceport.cli.output import Output
from paceport.cli.service_unit import print_unit, service_option
from paceport.errors import AppInactive, LoginNeeded, NetworkError, RateLimited
from paceport.profile.sync_logbook import DEFAULT_KEEP, SyncTalk, held_back_text, schedule_text, sync_logbook

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.logbook.syncing.plan import Schedule
    from paceport.logbook.syncing.sync_report import SyncReport
    from paceport.profile.profile import Profile


@click.command("sync")
@click.option("--no-wait", is_flag=True, help="Stop at the rate limit instead of waiting for the next window.")
@click.option(
    "--keep",
    type=click.IntRange(min=0),
    default=DEFAULT_KEEP,
    show_default=True,
    help="Requests to leave for other programs.",
)
@click.option("--accept-deletions", is_flag=True, help="Apply deletions no matter how many there are at once.")
@click.option(
    "--api-data",
    type=click.Choice(["on", "off"]),
    help="Whether API data may be kept for seven days; the answer is remembered.",
)
@service_option("Print units that let the system run this command once a day, and end.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON.")
@pass_invocation
def sync_command(
    invocation: Invocation,
    *,
    no_wait: bool,
    keep: int,
    accept_deletions: bool,
    api_data: str | None,
    service: str | None,
    as_json: bool,
) -> int:
    """Update the cached part of the logbook: new, changed and deleted activities, then their details.

    The plan is printed first. You may stop it at any time; the next sync continues. One line on stdout sums it up, so
    it suits a daily job. Special exit codes: 1 if many activities disappeared at once and were left alone, 2 if API
    data may not be kept (you are asked once on a terminal; without one, the answer is no), 9 if another sync is
    running.
    """
    if service is not None:
        about = "Paceport: read what is new from the API"
        print_unit(invocation, service, command="sync", words=["sync", "-q"], about=about, is_kept_running=False)
        return 0
    profile = invocation.profile()
    if profile.settings.access_token is None:
        profile.grant()  # without a login there is nothing that could be kept, so nothing to ask about
    check_allowed(invocation, profile, answer={"on": True, "off": False}.get(api_data or ""))
    account = _sync(invocation, profile, no_wait=no_wait, keep=keep, accept_deletions=accept_deletions)
    return show(invocation.output, profile, account, as_json=as_json)


def _sync(invocation: Invocation, profile: Profile, *, no_wait: bool, keep: int, accept_deletions: bool) -> SyncReport:
    """Bring the cached part up to date. Where the login or the network fails, it is said how old the logbook is."""
    line = ProgressLine(output=invocation.output, clock=invocation.clock)
    with profile.logbook() as store:
        try:
            return sync_logbook(
                profile,
                store,
                _talk(invocation, line),
                no_wait=no_wait,
                keep=keep,
                accept_deletions=accept_deletions,
            )
        except (LoginNeeded, AppInactive, NetworkError, RateLimited):
            line.close()
            warn_stale(invocation.output, store, now=invocation.clock.now())
            raise
        finally:
            line.close()


def _talk(invocation: Invocation, line: ProgressLine) -> SyncTalk:
    begun_s = invocation.clock.monotonic_s()

    def plan(what: str, planned: Schedule, held_back: int) -> None:
        invocation.output.say(f"Plan: {what}: {schedule_text(planned, now=invocation.clock.now())}")
        if held_back:
            invocation.output.say(held_back_text(held_back))

    def step(done: int, total: int) -> None:
        spent_s = invocation.clock.monotonic_s() - begun_s
        rate = done / spent_s if spent_s > 0 else 0.0
        line.update(done=done, total=total, rate_per_s=rate, left_s=(total - done) / rate if rate > 0 else None)

    def accept(vanished: int, known: int) -> bool:
        if not invocation.stdin_is_terminal:
            return False
        return confirm(
            invocation, f"{vanished:,} of {known:,} activities were deleted at Strava. Delete them here too?"
        )

    return SyncTalk(plan=plan, step=step, accept=accept, wait=invocation.output.say)


def show(output: Output, profile: Profile, account: SyncReport, *, as_json: bool) -> int:
    """The account: one line (or JSON) on stdout, what needs a person on stderr; the exit code."""
    if as_json:
        output.json(account.to_json())
    else:
        output.result(account.line())
    for note in account.notes:
        output.warn(note)
    if account.quarantined:
        output.warn(f"{account.quarantined} were refused; sync tries them again later: {profile.command('logbook')}")
    if account.new and account.without_samples:
        output.say(
            f"{account.without_samples:,} activities of other sports have no samples, so no heart rate zones: sync "
            f"asks for those of runs alone. Your export has them: {profile.command('import export.zip')}"
        )
    if account.left:
        output.say(f"The rest comes with the next sync: {account.stopped}.")
    if account.withheld:
        output.warn(
            f"{account.withheld} of {account.activities} activities disappeared at once. If you deleted them: "
            f"{profile.command('sync --accept-deletions')}. Their cached data is erased within 48 hours either way."
        )
        return 1
    return 0


def warn_stale(output: Output, store: Store, *, now: datetime) -> None:
    """Say how old the cached part is and when it goes, where sync could not renew it."""
    from paceport.logbook.syncing.sync import last_complete

    seen = last_complete(store, now)
    if seen is not None:
        output.warn(f"the list of activities is from {seen:%Y-%m-%d %H:%M} UTC, {_age(now - seen)} old")
    days = store.cached.activities_by_expiry_day()
    if days:
        day = min(days)
        output.warn(
            f"{sum(days.values()):,} activities are kept from the API; the first {days[day]:,} expire on {day} unless "
            "a sync succeeds before. Your own export keeps them forever: paceport import export.zip"
        )


def _age(age: timedelta) -> str:
    return rough_duration(max(0.0, age.total_seconds()))
