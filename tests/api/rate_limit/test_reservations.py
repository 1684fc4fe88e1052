"""The count of what may be sent: never above the limits, in whatever order answers come."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paceport.api.rate_limit.headers import Rates, Usage, WaitPlan, day_end, quarter_end
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.api.rate_limit.reservations import Permit, Reservations, known_rates, record_answer, release, reserve
from paceport.api.rate_limit.reservations_file import reservations_from_json, reservations_to_json

NOW = datetime(2026, 11, 22, 23, 50, tzinfo=UTC)
READ, UPLOAD = LimitClass.READ, LimitClass.UPLOAD


def rates(used: int, *, limit: int = 10, at: datetime = NOW) -> Rates:
    usage = Usage(quarter_limit=limit, day_limit=limit * 3, quarter_used=used, day_used=used)
    return Rates(at=at, overall=usage, read=usage)


def permit(
    ledger: Reservations, limit: LimitClass = READ, now: datetime = NOW, keep: int = 0
) -> tuple[Reservations, Permit]:
    ledger, answer = reserve(ledger, limit, now=now, keep=keep)
    assert isinstance(answer, Permit), answer
    return ledger, answer


def plan(ledger: Reservations, limit: LimitClass = READ, now: datetime = NOW, keep: int = 0) -> WaitPlan:
    _, answer = reserve(ledger, limit, now=now, keep=keep)
    assert isinstance(answer, WaitPlan), answer
    return answer


def known(used: int, limit: int = 10) -> Reservations:
    ledger, one = permit(Reservations())
    return record_answer(ledger, one, rates(used, limit=limit), now=NOW)


def test_while_nothing_is_known_one_request_goes_alone() -> None:
    ledger, _ = permit(Reservations())

    assert plan(ledger).limit == ""


def test_requests_in_flight_count_before_their_answers_come() -> None:
    ledger = known(8)
    ledger, _ = permit(ledger)
    ledger, _ = permit(ledger)

    assert plan(ledger).limit == ""


def test_a_full_window_waits_to_its_edge_and_a_little() -> None:
    waiting = plan(known(10))

    assert waiting.limit == "15-minute overall"
    assert waiting.until == datetime(2026, 11, 23, tzinfo=UTC)
    assert waiting.seconds == 602


def test_what_was_never_sent_costs_nothing() -> None:
    ledger, one = permit(known(9))

    ledger = release(ledger, one)

    assert permit(ledger)


def test_an_answer_without_headers_still_costs_one() -> None:
    ledger, one = permit(known(9))

    ledger = record_answer(ledger, one, None, now=NOW)

    assert plan(ledger).limit == "15-minute overall"


@pytest.mark.parametrize("part", ["quarter_used", "day_used", "quarter_limit", "day_limit"])
def test_an_answer_whose_headers_say_only_a_part_still_costs_one(part: str) -> None:
    ledger, one = permit(known(8))
    usage = replace(rates(9).overall, **{part: None})

    ledger = record_answer(ledger, one, Rates(at=NOW, overall=usage, read=usage), now=NOW)

    found = known_rates(ledger, NOW)
    assert found is not None
    assert (found.overall.quarter_used, found.read.day_used) == (9, 9)


def test_a_later_header_takes_the_place_of_what_was_guessed() -> None:
    ledger, one = permit(known(5))
    ledger = record_answer(ledger, one, None, now=NOW)
    ledger, two = permit(ledger)

    ledger = record_answer(ledger, two, rates(6), now=NOW)

    found = known_rates(ledger, NOW)
    assert found is not None
    assert found.overall.quarter_used == 6


def test_an_earlier_header_does_not() -> None:
    ledger, early = permit(known(5))
    ledger, lost = permit(ledger)
    ledger = record_answer(ledger, lost, None, now=NOW)

    ledger = record_answer(ledger, early, rates(6), now=NOW)

    found = known_rates(ledger, NOW)
    assert found is not None
    assert found.overall.quarter_used == 7


def test_a_lower_count_that_comes_late_is_not_believed() -> None:
    ledger, one = permit(known(5))
    ledger, two = permit(ledger)
    ledger = record_answer(ledger, two, rates(7), now=NOW)

    ledger = record_answer(ledger, one, rates(6), now=NOW)

    found = known_rates(ledger, NOW)
    assert found is not None
    assert found.read.quarter_used == 7


def test_a_new_window_begins_with_what_is_in_flight() -> None:
    ledger, _ = permit(known(9))
    later = NOW + timedelta(minutes=2)

    found = known_rates(ledger, later + timedelta(minutes=10))

    assert found is not None
    assert found.overall.quarter_used == 1


def test_a_refusal_that_nothing_explains_closes_the_window() -> None:
    ledger, one = permit(known(2))

    ledger = record_answer(ledger, one, rates(3), now=NOW, is_refused=True)

    assert plan(ledger).until == quarter_end(NOW)


def test_a_closed_window_is_open_two_seconds_after_its_end() -> None:
    ledger, one = permit(known(5))
    ledger = record_answer(ledger, one, rates(6), now=NOW, is_refused=True)
    end = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=2)

    assert plan(ledger, now=end - timedelta(microseconds=1)).until == datetime(2026, 11, 23, tzinfo=UTC)
    assert permit(ledger, now=end)


def test_a_date_a_little_behind_is_no_difference_of_clocks() -> None:
    ledger, one = permit(Reservations())

    ledger = record_answer(ledger, one, rates(1, at=NOW - timedelta(seconds=2)), now=NOW)

    assert ledger.skew == timedelta(0)


def test_a_reserve_is_left_for_others() -> None:
    assert permit(known(7), keep=2)
    assert plan(known(8), keep=2).limit == "15-minute overall"


def test_who_never_came_back_is_counted_and_forgotten() -> None:
    ledger, _ = permit(known(5))

    ledger, _ = reserve(ledger, READ, now=NOW + timedelta(minutes=4))

    assert len(ledger.pending) == 1
    found = known_rates(ledger, NOW + timedelta(minutes=4))
    assert found is not None
    assert found.overall.quarter_used == 7


def test_a_full_read_budget_leaves_uploads_free() -> None:
    ledger, one = permit(Reservations())
    full = Rates(at=NOW, overall=rates(5, limit=100).overall, read=rates(10).read)
    ledger = record_answer(ledger, one, full, now=NOW)

    assert plan(ledger).limit == "15-minute read"
    assert permit(ledger, UPLOAD)


@dataclass
class Server:
    """Counts as the service does, by its own clock, and shows it or not."""

    limit: int
    day_limit: int
    overall: dict[datetime, int] = field(default_factory=dict)
    read: dict[datetime, int] = field(default_factory=dict)

    def answer(self, limit: LimitClass, now: datetime, shown: str) -> tuple[Rates | None, bool]:
        over = False
        for counts, counted in ((self.overall, True), (self.read, limit is READ)):
            if counted:
                for end, most in ((quarter_end(now), self.limit), (day_end(now) + timedelta(days=400), self.day_limit)):
                    counts[end] = counts.get(end, 0) + 1
                    over = over or counts[end] > most
        usages = [
            Usage(
                quarter_limit=self.limit,
                day_limit=self.day_limit,
                quarter_used=counts.get(quarter_end(now), 0),
                day_used=counts.get(day_end(now) + timedelta(days=400), 0),
            )
            for counts in (self.overall, self.read)
        ]
        if shown == "none":
            return None, over
        read = Usage(quarter_limit=self.limit, day_limit=self.day_limit) if shown == "comma" else usages[1]
        return Rates(at=now, overall=usages[0], read=read), over


ACTIONS = {"reserve": 8, "arrive": 6, "deliver": 6, "lose": 1, "unsent": 1, "pass": 1, "edge": 1}
SHOWN = {"all": 6, "comma": 1, "none": 1}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32),
    limit=st.integers(2, 30),
    start=st.integers(0, 1800),
    offset_ms=st.integers(-1500, 1500),
)
def test_no_sequence_of_answers_makes_us_overspend(seed: int, limit: int, start: int, offset_ms: int) -> None:
    """Requests are reserved, reach the server and are answered in any order; the two clocks differ a little.

    A process looks at its clock, then waits for the lock of the ledger: its time may lie before what it finds there.
    """
    chance = random.Random(seed)
    now = NOW + timedelta(seconds=start)
    offset = timedelta(milliseconds=offset_ms)
    server = Server(limit=limit, day_limit=limit * 3)
    ledger = Reservations()
    underway: list[Permit] = []
    answered: list[tuple[Permit, Rates | None]] = []
    feelers: set[int] = set()  # sent while the limits were unknown: one at a time, and only they may be refused

    def take(items: list[Any]) -> Any:  # noqa: ANN401  # an item of either list
        return items.pop(chance.randrange(len(items)))

    for _ in range(400):
        now += timedelta(milliseconds=chance.choice([1, 10, 100]))
        action = chance.choices(list(ACTIONS), weights=list(ACTIONS.values()))[0]
        if action == "reserve":
            is_known = ledger.overall.usage.quarter_limit is not None and ledger.read.usage.quarter_limit is not None
            looked = now - timedelta(milliseconds=chance.choice([0, 0, 20, 400]))
            ledger, answer = reserve(ledger, chance.choice([READ, READ, UPLOAD]), now=looked)
            if isinstance(answer, Permit):
                underway.append(answer)
                feelers |= set() if is_known else {answer.number}
            elif answer.limit and not underway and not answered:
                now += timedelta(seconds=answer.seconds)
        elif action == "edge" and not underway and not answered:
            # Close to an edge, so that what is sent now falls on either side of it.
            now = quarter_end(now) - timedelta(seconds=chance.choice([0.5, 1.5, 3]))
        elif action == "pass":
            now += timedelta(seconds=chance.choice([0.5, 2, 20]))
        elif action in {"arrive", "lose"} and underway:
            one = take(underway)
            shown = chance.choices(list(SHOWN), weights=list(SHOWN.values()))[0]
            seen, over = server.answer(one.limit, now + offset, shown)
            assert not over or one.number in feelers, "the server had to refuse"
            if action == "lose":
                ledger = record_answer(ledger, one, None, now=now)
            else:
                answered.append((one, seen and Rates(at=now, overall=seen.overall, read=seen.read)))
        elif action == "unsent" and underway:
            ledger = release(ledger, take(underway))
        elif action == "deliver" and answered:
            one, rates_seen = take(answered)
            ledger = record_answer(ledger, one, rates_seen, now=now)


def test_a_slow_answer_is_no_difference_of_clocks() -> None:
    ledger, one = permit(known(1))

    ledger = record_answer(ledger, one, rates(2, at=NOW + timedelta(seconds=1)), now=NOW + timedelta(seconds=40))

    assert ledger.skew == timedelta(0)


def test_a_clock_that_is_wrong_waits_by_the_servers() -> None:
    ahead = NOW + timedelta(minutes=3)
    ledger, one = permit(Reservations(), now=ahead)

    ledger = record_answer(ledger, one, rates(10), now=ahead)

    waiting = plan(ledger, now=ahead)
    assert waiting.until == quarter_end(NOW) + timedelta(minutes=3), "as the wrong clock will show it"
    assert waiting.seconds == 602


def test_a_ledger_survives_its_file() -> None:
    ledger, one = permit(known(5))
    ledger = record_answer(ledger, one, rates(6), now=NOW, is_refused=True)
    ledger, one = permit(ledger, UPLOAD, now=NOW + timedelta(hours=1))
    ledger = record_answer(ledger, one, None, now=NOW + timedelta(hours=1))
    ledger, _ = permit(ledger, UPLOAD, now=NOW + timedelta(hours=1))

    assert reservations_from_json(reservations_to_json(ledger)) == ledger


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


PLACES = ("next_number", "skew_s", "pending", "read.usage", "read.at", "overall.blind", "overall.closed_until")


@settings(max_examples=100, deadline=None)
@given(path=st.sampled_from(PLACES).map(lambda text: tuple(text.split("."))), value=JSON)
def test_a_file_that_is_damaged_is_read_or_refused_and_nothing_else(path: tuple[str, ...], value: object) -> None:
    whole = json.loads(reservations_to_json(Reservations()))
    place = whole
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value

    try:
        ledger = reservations_from_json(json.dumps(whole))
    except ValueError:
        return
    reserve(ledger, LimitClass.READ, now=datetime(2026, 11, 22, tzinfo=UTC))
