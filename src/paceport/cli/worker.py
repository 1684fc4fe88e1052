"""`worker`: does the work of a service's athletes until it is stopped, or says how that work stands."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from paceport.cli.ended_by_signals import ended_by_signals
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.logging_setup import set_up_logging
from paceport.errors import UsageError

if TYPE_CHECKING:
    from paceport.jobs.plan import ServicePlan
    from paceport.jobs.queue import Queue
    from paceport.jobs.service_work import ServiceWork

_MOST_AT_A_TIME = 64
# A year of a runner who runs four times a week.
_YEAR_OF_RUNS = 200
_WITHOUT_REVIEW = 10


@click.command("worker")
@click.option(
    "--concurrency",
    type=click.IntRange(1, _MOST_AT_A_TIME),
    default=4,
    show_default=True,
    help="How many athletes are worked for at a time.",
)
@click.option("--until-empty", is_flag=True, help="End when nothing is left to do now.")
@click.option("--status", "only_status", is_flag=True, help="Work nothing; say how the work stands.")
@click.option("--json", "as_json", is_flag=True, help="The status as JSON.")
@pass_invocation
def worker_command(
    invocation: Invocation, *, concurrency: int, until_empty: bool, only_status: bool, as_json: bool
) -> None:
    """Do the work of a service's athletes: events, fetching, listings, expiry, erasure. Until Ctrl-C or SIGTERM.

    Logins lie in PostgreSQL (vault = "postgres:"), and so does everything a worker stores. Start as many workers as you
    like, on any machine: an athlete is only ever worked for by one at a time, and what a dead worker was doing is done
    by another. `--status` shows the plan: what the app's requests allow for so many athletes.
    """
    with _opened(invocation, concurrency=concurrency) as (work, queue):
        if only_status or as_json:
            stated = invocation.profile().settings.service.capacity
            _show(invocation, read_status(work, queue, stated_capacity=stated), as_json=as_json)
            return
        check_platform(sys.platform)
        from paceport.jobs.queue import WorkerOptions
        from paceport.service.json_log import JsonLog, log_as_json

        set_up_logging(invocation.output, again=False)
        log_as_json(JsonLog(invocation.output.stderr, invocation.clock), invocation.clock)
        for name in ("paceport.worker", "procrastinate"):
            logging.getLogger(name).setLevel(logging.INFO if name == "paceport.worker" else logging.ERROR)
        options = WorkerOptions(concurrency=concurrency, is_until_empty=until_empty)
        try:
            with ended_by_signals():
                if not until_empty:
                    invocation.output.say(f"Working for {concurrency} athletes at a time, until Ctrl-C.")
                queue.run(work, options)
        except KeyboardInterrupt:
            until_empty = False  # it came before the first job, or a second time: what runs is due again
        invocation.output.say("Nothing is left to do now." if until_empty else "Stopped; nothing is left half done.")


def check_platform(platform: str) -> None:
    """Nothing where a worker can run. Raises UsageError on Windows: its event loop takes no signals, and its usual one
    none of the database driver's sockets."""
    if platform == "win32":
        raise UsageError(
            what="A worker does not run on Windows",
            why="its queue needs signals and sockets of a kind that Windows' event loop does not have",
            fix="run it on Linux: in WSL, or as deploy/ does in a container; --status works here too",
        )


@contextmanager
def _opened(invocation: Invocation, *, concurrency: int) -> Iterator[tuple[ServiceWork, Queue]]:
    """The work of the service that the settings name, and its queue."""
    from paceport.jobs.queue import Queue
    from paceport.jobs.service_work import ServiceWork
    from paceport.oauth.token_store.postgres import PostgresTokenStore
    from paceport.profile.open_token_store import open_database, read_keys
    from paceport.profile.service_access import ServiceAccess
    from paceport.storage.postgres.sealing import Sealer

    profile = invocation.profile()
    settings = profile.settings
    if not settings.vault.startswith("postgres"):
        raise UsageError(
            what="A worker needs a service's database",
            why=f"logins are stored in {settings.vault!r} here, where only one athlete's are looked after",
            fix=f'set vault = "postgres:" in {settings.directories.config / "config.toml"}, and DATABASE_URL',
        )
    app = profile.app()
    with closing(open_database(settings, invocation.clock, connections=concurrency + 4)) as database:
        token_store = PostgresTokenStore(database, Sealer(lambda: read_keys(settings)), clock=invocation.clock)
        access = ServiceAccess(
            token_store=token_store,
            app=app,
            settings=settings,
            send=profile.send,
            clock=invocation.clock,
            warn=profile.warn,
        )
        with closing(Queue(database)) as queue, closing(access):
            yield ServiceWork(database=database, access=access, clock=invocation.clock, queue=queue), queue


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkStatus:
    """How the work of a service stands.

    `capacity` is how many athletes the app may have at Strava, who is leaving included. `oldest_s` is the age of the
    oldest reply that is kept, in seconds.
    """

    plan: ServicePlan
    members: int
    leaving: int
    capacity: int
    waiting: Mapping[str, int]
    rows: Mapping[str, int]
    oldest_s: float | None
    troubled: tuple[tuple[int, str], ...]


def read_status(work: ServiceWork, queue: Queue, *, stated_capacity: int) -> WorkStatus:
    """Ask the database how the work stands; nothing is sent. `stated_capacity` counts until a service has started.

    Raises StoreErrors.
    """
    from paceport.storage.postgres.members import Members
    from paceport.storage.postgres.service_rows import ServiceRows

    members, now = Members(work.database), work.clock.now()
    counts, oldest_at = members.counts(), members.oldest_reply_at()
    return WorkStatus(
        plan=work.plan(),
        members=counts.get("member", 0),
        leaving=counts.get("leaving", 0),
        capacity=ServiceRows(work.database).capacity() or stated_capacity,
        waiting={turn.name.lower(): count for turn, count in sorted(queue.waiting().items(), reverse=True)},
        rows=members.row_counts(now=now),
        oldest_s=None if oldest_at is None else (now - oldest_at).total_seconds(),
        troubled=tuple(members.troubled()),
    )


def _show(invocation: Invocation, status: WorkStatus, *, as_json: bool) -> None:
    if as_json:
        invocation.output.json(_as_json(status))
        return
    plan = status.plan
    year = plan.backfill_days(_YEAR_OF_RUNS)
    kept = plan.backfill_days(plan.kept_runs)
    invocation.output.facts(
        [
            ("Athletes", f"{status.members:,}" + (f", and {status.leaving:,} leaving" if status.leaving else "")),
            ("Places", _places(status)),
            ("Reads a day", f"{plan.daily_reads:,} of {plan.day_reads:,} for listings, new runs and edits"),
            ("Kept fresh", f"the newest {plan.kept_runs:,} runs of each athlete"),
            ("Backfill", f"{_days(kept)} for those; a year of {_YEAR_OF_RUNS} runs each would take {_days(year)}"),
            ("Oldest reply", "none" if status.oldest_s is None else f"{status.oldest_s / 86_400:.1f} of 7 days"),
            ("Jobs waiting", ", ".join(f"{name} {count:,}" for name, count in status.waiting.items()) or "none"),
            *((name.capitalize(), f"{count:,}") for name, count in status.rows.items() if name != "athletes"),
        ]
    )
    if status.members + status.leaving > status.capacity:
        invocation.output.say(
            f"These are more than the {status.capacity:,} places that the service was started with. Strava has to"
            f" review an app before it may have more than {_WITHOUT_REVIEW}."
        )
    if not plan.holds:
        invocation.output.warn(
            f"The plan does not hold: {plan.day_reads:,} reads a day are enough for {plan.most_athletes:,} athletes."
        )
    for athlete_id, why in status.troubled:
        invocation.output.warn(f"athlete {athlete_id}: {why}")


def _places(status: WorkStatus) -> str:
    """How many more athletes the app may have, and who decides it."""
    left = max(0, status.capacity - status.members - status.leaving)
    review = "more need Strava's review" if status.capacity <= _WITHOUT_REVIEW else "Strava has reviewed the app"
    return f"{left:,} of {status.capacity:,} left; {review}"


def _days(days: float | None) -> str:
    if days is None:
        return "for ever"
    return "1 day" if days <= 1 else f"{days:,.0f} days"


def _as_json(status: WorkStatus) -> dict[str, Any]:
    plan = status.plan
    return {
        "athletes": {
            "members": status.members,
            "leaving": status.leaving,
            "capacity": status.capacity,
            "without_review": _WITHOUT_REVIEW,
        },
        "plan": {
            "day_reads": plan.day_reads,
            "daily_reads": plan.daily_reads,
            "background_reads": plan.background_reads,
            "kept_runs": plan.kept_runs,
            "backfill_days": plan.backfill_days(plan.kept_runs),
            "most_athletes": plan.most_athletes,
            "holds": plan.holds,
        },
        "oldest_reply_s": status.oldest_s,
        "jobs_waiting": dict(status.waiting),
        "rows": {name.replace(" ", "_"): count for name, count in status.rows.items()},
        "troubled": [{"athlete_id": athlete_id, "why": why} for athlete_id, why in status.troubled],
    }
