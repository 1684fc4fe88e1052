"""All activities: complete, in order, once each, with the requests that were promised."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.conftest import Login, Wire
from paceport.api.client.listing import ListQuery, ReadOne, list_newest_first
from paceport.api.models.activity import SummaryActivity
from paceport.api.models.decoding import LeftOut, Page, decode_page, encode
from paceport.errors import StravaDown
from paceport.http_message import Request
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 450])
def test_one_at_a_time_takes_one_request_more_than_there_are_pages(login: Login, wire: Wire, count: int) -> None:
    login.fill(count)
    wire.requests.clear()

    ids = [activity.id for activity in login.client().activities(read_ahead=False)]

    assert ids == login.ids()
    assert len(wire.requests) == ceil(count / 200) + 1


@pytest.mark.parametrize("count", [0, 150, 1500, 1600])
def test_a_known_total_is_read_ahead_without_one_blind_request(login: Login, wire: Wire, count: int) -> None:
    login.fill(count)
    wire.requests.clear()

    ids = [activity.id for activity in login.client().activities(known_total=count)]

    assert ids == login.ids()
    assert sorted(wire.pages()) == list(range(1, ceil(count / 200) + 2))


@pytest.mark.parametrize(("left", "requests"), [(100_000, 7), (40, 6), (15, 4)])
def test_blind_reading_takes_a_tenth_of_what_is_left_at_the_most(
    login: Login, wire: Wire, left: int, requests: int
) -> None:
    login.fill(590)
    login.world.set_limits(Limits(overall_quarter=left, overall_day=left, read_quarter=left, read_day=left))

    found = list(login.client().activities())

    assert len(found) == 590
    assert len(wire.pages()) == requests


@pytest.mark.parametrize("count", [0, 60, 200, 400, 600, 1400, 1500])
def test_reading_ahead_blind_costs_at_most_seven_more(login: Login, wire: Wire, count: int) -> None:
    login.fill(count)
    wire.requests.clear()

    ids = [activity.id for activity in login.client().activities()]

    assert ids == login.ids()
    assert ceil(count / 200) + 1 <= len(wire.requests) <= ceil(count / 200) + 8


def test_pages_come_in_rounds_of_one_two_four_eight(login: Login, wire: Wire) -> None:
    login.fill(1500)
    wire.requests.clear()

    list(login.client().activities())

    rounds = [wire.pages()[start:end] for start, end in ((0, 1), (1, 3), (3, 7), (7, 15))]
    assert [sorted(pages) for pages in rounds] == [[1], [2, 3], [4, 5, 6, 7], list(range(8, 16))]


@pytest.mark.parametrize("read_ahead", [True, False])
def test_short_pages_are_not_the_end(world: World, wire: Wire, login: Login, read_ahead: bool) -> None:
    """Only You rows are filtered after the page is cut, for a login without activity:read_all."""
    login.fill(1500, hidden=lambda number: number % 3 == 0 or 250 <= number < 390)
    narrow = Login(world, wire, login.clock, "read,activity:read")
    assert narrow.athlete_id == login.athlete_id

    ids = [activity.id for activity in narrow.client().activities(read_ahead=read_ahead)]

    visible = [row.id for row in world.activities(login.athlete_id) if row.visibility != "only_me"]
    assert sorted(ids, reverse=True) == sorted(visible, reverse=True)
    assert ids == [row for row in login.ids() if row in set(visible)]
    if not read_ahead:
        assert wire.pages() == list(range(1, 10))


def test_after_alone_comes_oldest_first_and_is_turned(login: Login, wire: Wire) -> None:
    login.fill(500)
    oldest = login.world.activities(login.athlete_id)[449]
    wire.requests.clear()

    ids = [activity.id for activity in login.client().activities(after=oldest.start, read_ahead=False)]

    assert ids == login.ids()[:450]
    assert len(wire.requests) == 4


def test_after_and_before_together_come_newest_first(login: Login) -> None:
    login.fill(500)
    rows = login.world.activities(login.athlete_id)

    found = login.client().activities(after=rows[450].start, before=rows[20].start)

    assert [activity.id for activity in found] == login.ids()[21:451]


def test_a_limit_reads_no_more_pages_than_it_needs(login: Login, wire: Wire) -> None:
    login.fill(1000)
    wire.requests.clear()

    ids = [activity.id for activity in login.client().activities(limit=350)]

    assert ids == login.ids()[:350]
    assert sorted(wire.pages()) == [1, 2]


def test_activities_of_one_second_are_all_listed(login: Login) -> None:
    login.fill(450)
    same = login.world.activities(login.athlete_id)[0].start
    for row in login.world.activities(login.athlete_id)[100:350]:
        login.world.edit_activity(replace(row, start=same - timedelta(hours=100)))

    for options in ({}, {"read_ahead": False}, {"is_certain": True}):
        ids = [activity.id for activity in login.client().activities(**options)]  # type: ignore[arg-type]  # flags

        assert sorted(ids) == sorted(login.ids())


def test_the_first_rows_come_before_the_last_page_is_read(login: Login, wire: Wire) -> None:
    login.fill(1000)
    wire.requests.clear()

    next(iter(login.client().activities()))

    assert wire.pages() == [1]


def test_trouble_on_a_page_is_raised_and_not_taken_for_the_end(login: Login, world: World) -> None:
    login.fill(1000)
    world.plan("status", path="/api/v3/athlete/activities", after=2, times=50, status=500)

    with pytest.raises(StravaDown):
        list(login.client().activities())


def test_each_row_brings_its_json(login: Login) -> None:
    login.fill(3)

    for row in login.client().listed_activities():
        assert f'"id":{row.activity.id}'.encode() in row.raw.replace(b" ", b"")


# --- what arrives, changes and goes while we read -------------------------------------------------------------------


Change = tuple[str, int] | None


class Shelf:
    """A list that pages by position, as the service does; something may happen before each page is cut."""

    def __init__(self, starts: list[int], changes: Iterable[Change] = ()) -> None:
        self.rows = dict(enumerate(starts, 1))
        self.there_all_the_time = set(self.rows)
        self.changes = iter(changes)
        self.pages = 0

    def read(self, number: int, after: int | None, before: int | None) -> Page[SummaryActivity]:
        self.pages += 1
        change = next(self.changes, None)
        if change is not None:
            self.happen(change)
        rows = [
            (start, key)
            for key, start in self.rows.items()
            if (after is None or start > after - _DAY_0) and (before is None or start < before - _DAY_0)
        ]
        rows.sort(reverse=after is None or before is not None)
        chosen = rows[(number - 1) * 5 : number * 5]
        body = [
            {"id": key, "distance": 1.0, "moving_time": 1, "elapsed_time": 1, "start_date": _iso(start)}
            for start, key in chosen
        ]
        return decode_page(SummaryActivity, encode(body))

    def happen(self, change: tuple[str, int]) -> None:
        kind, value = change
        newest = max(self.rows.values(), default=0)
        if kind == "new":
            self.rows[1000 + self.pages] = newest + value
        elif kind == "old file":
            self.rows[1000 + self.pages] = max(1, newest - value)
        elif kind == "delete" and self.rows:
            gone = sorted(self.rows)[value % len(self.rows)]
            del self.rows[gone]
            self.there_all_the_time.discard(gone)


_DAY_0 = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())


def _iso(start: int) -> str:
    return f"2026-01-{1 + start // 86400:02}T{start // 3600 % 24:02}:{start // 60 % 60:02}:{start % 60:02}Z"


STARTS = st.lists(st.integers(10, 60), max_size=40).map(lambda gaps: [sum(gaps[: n + 1]) for n in range(len(gaps))])
ARRIVALS = st.lists(st.none() | st.tuples(st.just("new"), st.integers(1, 90)), max_size=20)
LATE_FILES = st.lists(st.none() | st.tuples(st.sampled_from(["new", "old file"]), st.integers(1, 900)), max_size=20)
ANYTHING = st.lists(
    st.none() | st.tuples(st.sampled_from(["new", "old file", "delete", "delete"]), st.integers(0, 900)), max_size=30
)


def listed(shelf: Shelf, *, threads: int = 1, is_certain: bool = False, **window: int | None) -> list[SummaryActivity]:
    rows = list_newest_first(shelf.read, ListQuery(per_page=5, **window), threads=threads, is_certain=is_certain)
    return [row.activity for row in rows]


def check(shelf: Shelf, rows: list[SummaryActivity]) -> None:
    ids = [row.id for row in rows]
    assert len(ids) == len(set(ids)), "a row came twice"
    assert shelf.there_all_the_time <= set(ids), "a row is missing"
    stayed = [row.start for row in rows if row.id in shelf.there_all_the_time]
    assert stayed == sorted(stayed, reverse=True)


MODEST = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MODEST
@given(starts=STARTS, changes=LATE_FILES)
def test_nothing_is_missed_or_doubled_while_activities_arrive(starts: list[int], changes: list[Change]) -> None:
    shelf = Shelf(starts, changes)

    check(shelf, listed(shelf))


# More than a page arrives while one round is read, and its first page is cut last.
CROWD: list[Change] = [None, None, *[("new", 1)] * 6]


@MODEST
@example(starts=[10, 20, 30, 40, 50, 60], changes=CROWD, seed=334, total=36)
@given(starts=STARTS, changes=ARRIVALS, seed=st.integers(0, 2**32), total=st.none() | st.integers(0, 45))
def test_nothing_is_missed_while_newer_ones_arrive_and_pages_are_cut_in_any_order(
    starts: list[int], changes: list[Change], seed: int, total: int | None
) -> None:
    shelf = Shelf(starts, changes)
    chance = random.Random(seed)

    def scattered(one: ReadOne, numbers: Sequence[int]) -> list[Page[SummaryActivity]]:
        cut = {number: one(number) for number in chance.sample(numbers, len(numbers))}
        return [cut[number] for number in numbers]

    window = ListQuery(per_page=5, known_total=total)
    rows = [row.activity for row in list_newest_first(shelf.read, window, threads=4, gather=scattered)]

    check(shelf, rows)


@MODEST
@given(starts=STARTS, changes=ANYTHING, after=st.none() | st.integers(0, 500))
def test_a_certain_list_misses_nothing_whatever_goes(
    starts: list[int], changes: list[Change], after: int | None
) -> None:
    shelf = Shelf(starts, changes)
    if after is not None:
        shelf.there_all_the_time = {key for key, start in shelf.rows.items() if start > after}

    check(shelf, listed(shelf, is_certain=True, after=None if after is None else after + _DAY_0))


def test_a_row_that_cannot_be_read_is_reported_and_costs_no_other() -> None:
    bodies = [b'[{"id":1,"distance":1,"moving_time":1,"elapsed_time":1,"start_date":"2026-01-01T00:00:00Z"},{"id":2}]']
    bad: list[LeftOut] = []

    def read(number: int, after: int | None, before: int | None) -> Page[SummaryActivity]:
        return decode_page(SummaryActivity, bodies[number - 1] if number == 1 else b"[]")

    rows = list(list_newest_first(read, ListQuery(), threads=1, left_out=bad.append))

    assert [row.activity.id for row in rows] == [1]
    assert [row.index for row in bad] == [1]


def test_the_world_may_change_under_a_real_listing(login: Login, wire: Wire) -> None:
    """Edited names, arrivals and late files between the pages of the simulated service."""
    login.fill(900)
    before = set(login.ids())
    model: Activity = login.world.activities(login.athlete_id)[0]
    steps = iter(range(1, 100))

    def meanwhile(request: Request) -> None:
        step = next(steps)
        late = timedelta(hours=300) if step % 2 else timedelta(hours=-step)
        login.world.activity_store.add(replace(model, id=50_000 + step, start=model.start - late))
        edited = login.world.activities(login.athlete_id)[step * 7]
        login.world.edit_activity(replace(edited, name=f"edited {step}"))

    wire.before = meanwhile
    ids = [activity.id for activity in login.client().activities(read_ahead=False)]

    assert len(ids) == len(set(ids))
    assert before <= set(ids)
