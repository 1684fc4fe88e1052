"""What an app has left, as a value: reservations before sending, reconciled by the headers of the answers.

The promise: the server's count never exceeds its limits because of us, however many senders share one ledger, in
whatever order answers come, with or without headers. Why it holds: for each budget and window we keep a number that
is never below the server's count of our requests,

    highest usage a header showed in this window  +  requests in flight  +  answers without a header ("blind")

A request answered with a header is inside that header or inside a higher one. A blind one stays counted until a header
arrives for a request that was reserved after it was settled: that header surely includes it.
Nobody may send a second request while the limits are unknown: the first one finds them out.
"""

from dataclasses import field, replace
from datetime import datetime, timedelta

from paceport.api.rate_limit.headers import QUARTER, Rates, Usage, WaitPlan, day_end, plan_wait, quarter_end
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.lazy_dataclass import dataclass

# A window counts as over this long after its edge: the two machines' clocks are never quite the same.
_EDGE = timedelta(seconds=2)
_DAY = timedelta(days=1)
# Whoever reserved and did not come back by then has died; its request may have been counted.
_LOST_AFTER = timedelta(seconds=180)
_SHORT_WAIT_S = 0.05
_CLOCK_SLACK = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """The right to send one request. Hand it back with `record_answer` or `release`, whatever happened.

    `process` is the one that holds it, where several share a ledger; 0 where that does not matter.
    """

    number: int
    limit: LimitClass
    at: datetime
    process: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UncountedRequest:
    """A request that may have been counted and brought no header. `before` is the next permit's number then."""

    next_permit_number: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowUsage:
    """One budget: limits and highest usage seen, when (`at`), and the blind requests."""

    usage: Usage = field(default_factory=Usage)
    at: datetime | None = None
    uncounted: tuple[UncountedRequest, ...] = ()
    closed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservations:
    """Both budgets of one app and what is in flight. `skew` is the server's clock minus ours, where it told."""

    overall: WindowUsage = field(default_factory=WindowUsage)
    read: WindowUsage = field(default_factory=WindowUsage)
    pending: tuple[Permit, ...] = ()
    next_number: int = 1
    skew: timedelta = timedelta(0)


def reserve(
    ledger: Reservations, limit: LimitClass, *, now: datetime, keep: int = 0
) -> tuple[Reservations, Permit | WaitPlan]:
    """A permit for one request, or what to wait for. `keep` requests of each window are left for others.

    A plan whose `limit` is "" is a matter of moments: a request in flight will tell.
    """
    ledger = _expire(ledger, now)
    if limit is not LimitClass.NONE:
        waiting = _waiting(ledger, limit, now, keep)
        if waiting is not None:
            return ledger, waiting
    permit = Permit(number=ledger.next_number, limit=limit, at=now)
    return replace(ledger, pending=(*ledger.pending, permit), next_number=permit.number + 1), permit


def release(ledger: Reservations, permit: Permit) -> Reservations:
    """The ledger after a request that surely never reached the server."""
    return replace(ledger, pending=tuple(each for each in ledger.pending if each.number != permit.number))


def record_answer(
    ledger: Reservations, permit: Permit, rates: Rates | None, *, now: datetime, is_refused: bool = False
) -> Reservations:
    """The ledger after an answer (`rates` from its headers), or after one that was lost (None).

    `is_refused` says that the server answered 429: then nothing goes before the window ends, whatever headers say.
    """
    ledger = release(ledger, permit)
    if permit.limit is LimitClass.NONE:
        return ledger
    if rates is not None:
        ledger = replace(ledger, skew=_skew(rates.at, permit, now))
    shown = rates or Rates(at=now, overall=Usage(), read=Usage())
    overall = _usage_after_answer(ledger.overall, permit, shown.overall, ledger, now)
    read = ledger.read
    if permit.limit is LimitClass.READ:
        read = _usage_after_answer(read, permit, shown.read, ledger, now)
    # A refusal that no full window explains closes both: which one it was is not said reliably.
    if is_refused and not _is_full(overall, ledger, now) and not _is_full(read, ledger, now):
        overall = replace(overall, closed_until=quarter_end(now + ledger.skew))
    return replace(ledger, overall=overall, read=read)


def known_rates(ledger: Reservations, now: datetime) -> Rates | None:
    """What is used and allowed as far as this ledger knows, requests in flight included; None if nothing is known."""
    if ledger.overall.usage.is_empty() and ledger.read.usage.is_empty():
        return None
    return _rates(ledger, now + ledger.skew, with_pending=True)


def _waiting(ledger: Reservations, limit: LimitClass, now: datetime, keep: int) -> WaitPlan | None:
    early = now + ledger.skew - _EDGE
    accounts = [ledger.overall] if limit is LimitClass.UPLOAD else [ledger.overall, ledger.read]
    for account in accounts:
        if account.closed_until is not None and early < account.closed_until:
            seconds = (account.closed_until - early).total_seconds()
            return WaitPlan(seconds=seconds, until=account.closed_until - ledger.skew, limit="15-minute", usage="")
    is_under_way = bool(_in_flight(ledger, "overall"))  # what counts as read counts there too
    waiting = _plan(ledger, limit, now, keep, with_pending=True)
    is_quiet = any(map(_is_unknown, accounts)) or (
        waiting is not None and _plan(ledger, limit, now, keep, with_pending=False) is None
    )
    return WaitPlan(seconds=_SHORT_WAIT_S, until=now, limit="", usage="") if is_under_way and is_quiet else waiting


def _plan(ledger: Reservations, limit: LimitClass, now: datetime, keep: int, *, with_pending: bool) -> WaitPlan | None:
    # Near an edge the server may be on either side of it: there must be room in both windows.
    early = now + ledger.skew - _EDGE
    plans = [
        plan_wait(_rates(ledger, moment, with_pending=with_pending), moment, limit, reserve=keep)
        for moment in (early, now + ledger.skew + _EDGE)
    ]
    latest = max((each for each in plans if each is not None), key=lambda each: each.until, default=None)
    if latest is None:
        return None
    # Windows end by the server's clock; whoever reads `until` looks at this machine's.
    return replace(latest, seconds=(latest.until - early).total_seconds(), until=latest.until - ledger.skew)


def _rates(ledger: Reservations, moment: datetime, *, with_pending: bool) -> Rates:
    return Rates(
        at=moment,
        overall=_current_usage(ledger.overall, moment, len(_in_flight(ledger, "overall")) if with_pending else 0),
        read=_current_usage(ledger.read, moment, len(_in_flight(ledger, "read")) if with_pending else 0),
    )


def _current_usage(account: WindowUsage, moment: datetime, in_flight: int) -> Usage:
    """Usage of the windows of `moment`: what headers showed, if they are of these windows, plus what they did not."""
    usage, at = account.usage, account.at
    if at is None:
        return Usage()

    def used(seen: int | None, opened: datetime, length: timedelta) -> int | None:
        shown = (seen or 0) if opened <= at < opened + length else 0
        return shown + sum(1 for each in account.uncounted if each.at >= opened) + in_flight

    return replace(
        usage,
        quarter_used=used(usage.quarter_used, quarter_end(moment) - QUARTER, QUARTER),
        day_used=used(usage.day_used, day_end(moment) - _DAY, _DAY),
    )


def _usage_after_answer(
    account: WindowUsage, permit: Permit, usage: Usage, ledger: Reservations, now: datetime
) -> WindowUsage:
    latest = now + ledger.skew + _EDGE
    moment = now + ledger.skew - _EDGE
    limits = (usage.quarter_limit, usage.day_limit)
    if None in limits or usage.quarter_used is None or usage.day_used is None:
        blind = UncountedRequest(next_permit_number=ledger.next_number, at=latest)
        return replace(account, uncounted=(*_recent(account.uncounted, moment), blind))
    rolled = _current_usage(replace(account, uncounted=()), moment, 0)
    merged = replace(
        usage,
        quarter_used=max(rolled.quarter_used or 0, usage.quarter_used),
        day_used=max(rolled.day_used or 0, usage.day_used),
    )
    left = tuple(each for each in _recent(account.uncounted, moment) if each.next_permit_number > permit.number)
    first = permit.at + ledger.skew - _EDGE
    if quarter_end(first) != quarter_end(latest):
        # The answer may tell of the window that ended or of the one that began: believe neither, count the request.
        is_same_day = day_end(first) == day_end(latest)
        merged = replace(
            usage,
            quarter_used=rolled.quarter_used or 0,
            day_used=(merged.day_used if is_same_day else rolled.day_used) or 0,
        )
        left = (*_recent(account.uncounted, moment), UncountedRequest(next_permit_number=ledger.next_number, at=latest))
    return replace(account, usage=merged, at=moment, uncounted=left)


def _recent(blind: tuple[UncountedRequest, ...], moment: datetime) -> tuple[UncountedRequest, ...]:
    opened = day_end(moment) - _DAY
    return tuple(each for each in blind if each.at >= opened)


def _expire(ledger: Reservations, now: datetime) -> Reservations:
    for permit in ledger.pending:
        # In either direction: a process looks at its clock before it gets the ledger, and finds there what others wrote
        # meanwhile. Were those taken for lost, an answer that does not count them yet would forget them.
        if abs(now - permit.at) > _LOST_AFTER:
            ledger = record_answer(ledger, permit, None, now=now)
    return ledger


def _is_full(account: WindowUsage, ledger: Reservations, now: datetime) -> bool:
    moment = now + ledger.skew - _EDGE
    spent = _current_usage(account, moment, 0)
    pairs = ((spent.quarter_used, spent.quarter_limit), (spent.day_used, spent.day_limit))
    return any(used is not None and limit is not None and used >= limit for used, limit in pairs)


def _is_unknown(account: WindowUsage) -> bool:
    return account.usage.quarter_limit is None or account.usage.day_limit is None


def _in_flight(ledger: Reservations, name: str) -> list[Permit]:
    if name == "overall":
        return [each for each in ledger.pending if each.limit is not LimitClass.NONE]
    return [each for each in ledger.pending if each.limit is LimitClass.READ]


def _skew(seen: datetime, permit: Permit, now: datetime) -> timedelta:
    # The server looked at its clock somewhere between our sending and now; answers may be slow, headers have whole
    # seconds. Only what lies outside of that is a difference of clocks.
    if seen < permit.at - _CLOCK_SLACK:
        return seen - permit.at
    return seen - now if seen > now + _CLOCK_SLACK else timedelta(0)
