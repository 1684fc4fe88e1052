"""A year at the sandbox: whatever happens there, after a complete listing the logbook equals the world."""

from __future__ import annotations

import json
from datetime import timedelta
from math import ceil

import pytest

from api.conftest import Login
from logbook.syncing.conftest import CROPPED, Syncing
from paceport.clock import ManualClock
from paceport.errors import AppInactive, LoginNeeded, RateLimited, StravaDown, UsageError
from paceport.http_message import Request
from paceport.logbook.database.store import Store
from paceport.sandbox.state.rate_limits import Limits

DAY_S = 86_400.0


def test_the_first_sync_makes_the_logbook_equal_the_world(syncing: Syncing) -> None:
    account = syncing()

    assert syncing.differences() == []
    assert (account.new, account.changed, account.deleted, account.left) == (20, 0, 0, 0)
    assert (account.details, account.streams, account.quarantined) == (20, 19, 0)
    assert account.requests == sum(syncing.asked.values())


def test_activities_of_other_sports_are_said_to_have_no_samples(syncing: Syncing, store: Store) -> None:
    account = syncing()
    store.connection.execute(
        "UPDATE cache.activity SET sport = 'Ride' WHERE id IN "
        "(SELECT id FROM cache.activity WHERE NOT is_manual ORDER BY id LIMIT 3)"
    )

    assert (account.without_samples, store.synced.without_samples()) == (0, 3)
    assert syncing().without_samples == 3


def test_every_run_knows_its_gear_laps_and_local_time(syncing: Syncing, store: Store) -> None:
    syncing()

    newest = store.query("SELECT gear, timezone, zone_source, local_start, start_utc FROM run ORDER BY start_utc DESC")
    laps = store.query("SELECT count(*) FROM lap").rows

    gear, zone, source, local, start = newest.rows[0]
    assert gear
    assert (zone, source) == ("Europe/Stockholm", "strava")
    assert (str(local)[11:13], str(start)[11:13]) == ("07", "06")
    assert laps[0][0]


def test_nothing_new_costs_two_requests(syncing: Syncing, clock: ManualClock) -> None:
    syncing()
    clock.advance(23 * 3600)

    account = syncing()

    assert dict(syncing.asked) == {"list": 2}
    assert (account.new, account.changed, account.is_complete) == (0, 0, False)


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 399, 400, 450, 1000])
def test_a_complete_listing_costs_its_pages_and_three_more_at_most(
    syncing: Syncing, login: Login, clock: ManualClock, count: int
) -> None:
    login.fill(count)
    for number in range(count):
        syncing.edit(number, sport_type="Walk")
    syncing()
    clock.advance(DAY_S)

    account = syncing()

    assert account.is_complete
    assert dict(syncing.asked).keys() <= {"list"}
    assert syncing.asked["list"] <= 2 + ceil(count / 200) + 1


def test_what_is_new_is_found_with_the_small_listing(syncing: Syncing, clock: ManualClock) -> None:
    syncing()
    clock.advance(3600)
    syncing.add(777)

    account = syncing()

    assert (account.new, account.is_complete) == (1, False)
    assert dict(syncing.asked) == {"list": 2, "detail": 1, "streams": 1}
    assert syncing.differences() == []


def test_a_late_upload_of_the_week_is_found_without_a_complete_listing(syncing: Syncing, clock: ManualClock) -> None:
    syncing()
    clock.advance(3600)
    syncing.add(778, hours_after_newest=-30)

    assert syncing().new == 1
    assert syncing.differences() == []


def test_an_edit_far_back_shows_after_the_complete_listing(syncing: Syncing, clock: ManualClock) -> None:
    syncing()
    clock.advance(DAY_S)
    syncing.edit(16, name="The long way home")

    account = syncing()

    assert account.changed == 1
    assert dict(syncing.asked) == {"list": 3, "detail": 1}
    assert syncing.differences() == []


def test_a_crop_brings_the_new_samples(syncing: Syncing, clock: ManualClock, store: Store) -> None:
    syncing()
    clock.advance(DAY_S)
    cropped = syncing.edit(12, source=CROPPED)

    account = syncing()

    assert (account.changed, account.details, account.streams) == (1, 1, 1)
    assert syncing.differences() == []
    streams = store.streams(cropped.id)
    assert streams is not None
    assert len(streams) == 201


def test_samples_of_a_cropped_run_are_gone_even_if_the_new_ones_cannot_be_had(
    syncing: Syncing, clock: ManualClock, store: Store
) -> None:
    syncing()
    clock.advance(DAY_S)
    cropped = syncing.edit(12, source=CROPPED)
    syncing.world.plan("status", path=f"/api/v3/activities/{cropped.id}", times=100)

    account = syncing()

    assert account.quarantined == 1
    assert store.streams(cropped.id) is None
    assert store.query(f"SELECT count(*) FROM lap WHERE run_id = {cropped.id}").rows == [(0,)]


def test_hidden_and_private_runs_are_followed(syncing: Syncing, clock: ManualClock) -> None:
    syncing()
    clock.advance(DAY_S)
    syncing.edit(2, visibility="only_me")
    syncing.world.hide_start(syncing.theirs()[1].id)

    account = syncing()

    assert account.changed == 2
    assert syncing.differences() == []


def test_a_deletion_is_followed_by_the_complete_listing(syncing: Syncing, clock: ManualClock, store: Store) -> None:
    syncing()
    clock.advance(DAY_S)
    gone = syncing.theirs()[12]
    syncing.world.delete_activity(gone.id)

    account = syncing()

    assert account.deleted == 1
    assert syncing.differences() == []
    assert store.streams(gone.id) is None


def test_what_comes_back_is_new_again(syncing: Syncing, clock: ManualClock) -> None:
    syncing()
    clock.advance(DAY_S)
    gone = syncing.theirs()[12]
    syncing.world.delete_activity(gone.id)
    syncing()
    clock.advance(DAY_S)
    syncing.world.activity_store._changed[gone.id] = gone  # nobody but the service can undelete
    syncing.world.activity_store._forget(gone.athlete_id)  # as above

    assert syncing().new == 1
    assert syncing.differences() == []


def test_a_sudden_mass_loss_is_left_alone_until_it_is_accepted(
    syncing: Syncing, clock: ManualClock, store: Store
) -> None:
    syncing()
    clock.advance(DAY_S)
    for row in syncing.theirs()[5:16]:
        syncing.world.delete_activity(row.id)

    refused = syncing()

    assert (refused.deleted, refused.withheld) == (0, 11)
    assert store.query("SELECT count(*) FROM run").rows == [(20,)]
    accepted = syncing(accept=True)
    assert (accepted.deleted, accepted.withheld) == (11, 0)
    assert syncing.differences() == []


def test_what_vanished_and_was_left_alone_goes_within_48_hours(
    syncing: Syncing, clock: ManualClock, store: Store
) -> None:
    syncing()
    clock.advance(DAY_S)
    for row in syncing.theirs()[5:16]:
        syncing.world.delete_activity(row.id)
    syncing()

    clock.advance(2 * DAY_S + 1)

    assert store.query("SELECT count(*) FROM run").rows == [(9,)]


def test_a_narrower_login_claims_no_deletion(syncing: Syncing, clock: ManualClock, store: Store) -> None:
    syncing()
    clock.advance(DAY_S)
    syncing.is_proof = False
    syncing.world.delete_activity(syncing.theirs()[3].id)

    account = syncing()

    assert account.deleted == 1
    assert store.connection.execute("SELECT count(*) FROM cache.tombstone").fetchone() == (0,)


def test_a_cache_never_mixes_two_logins(syncing: Syncing, store: Store, clock: ManualClock) -> None:
    syncing()
    store.cached.set_state({"login": "somebody else"}, expires_at=clock.now() + timedelta(days=7))

    with pytest.raises(UsageError, match="another login"):
        syncing()
    store.cached.purge(all_rows=True)
    assert syncing().new == 20


def test_an_activity_that_answers_500_for_ever_is_set_aside_and_tried_later(
    syncing: Syncing, clock: ManualClock, store: Store
) -> None:
    bad = syncing.theirs()[5 + 3]
    syncing.world.plan("status", path=f"/api/v3/activities/{bad.id}", times=5)

    first = syncing()
    again = syncing()
    clock.advance(3 * 3600)
    third = syncing()

    assert (first.quarantined, first.details, first.streams, first.left) == (1, 19, 18, 0)
    assert (again.quarantined, dict(syncing.asked)["list"]) == (0, 2)
    assert (third.quarantined, third.details, third.streams) == (0, 1, 1)
    assert store.summary().quarantined == ()
    assert syncing.differences() == []


def test_a_refused_activity_is_named_with_its_reason(syncing: Syncing, store: Store) -> None:
    bad = syncing.theirs()[8]
    syncing.world.plan("status", path=f"/api/v3/activities/{bad.id}", times=1000)

    syncing()

    (held,) = store.summary().quarantined
    assert held.place == f"activity {bad.id}"
    assert "500" in held.why
    assert not held.is_own


def test_a_service_that_is_down_sets_nothing_aside(syncing: Syncing, store: Store) -> None:
    syncing.world.plan("html", path="/api/v3", times=10_000, after=4)

    with pytest.raises(StravaDown):
        syncing()

    assert store.summary().quarantined == ()
    syncing.world.faults.clear()
    assert syncing().left == 0
    assert syncing.differences() == []


def test_many_bad_activities_do_not_stop_the_rest(syncing: Syncing) -> None:
    for row in syncing.theirs()[8:12]:
        syncing.world.plan("status", path=f"/api/v3/activities/{row.id}", times=1000)

    account = syncing()

    assert (account.quarantined, account.details, account.left) == (4, 16, 0)


@pytest.mark.parametrize(
    ("field", "value", "is_lost"),
    [
        ("start_date", b'"9999-12-31T23:59:59-14:00"', True),
        ("start_date", b'"0001-01-01T00:00:00Z"', True),
        ("id", b"18446744073709551616", True),
        ("name", b'"half a pair: \\ud800"', False),
        ("start_date_local", b'"\\ud800"', False),
        ("distance", b"1e308", False),
        ("elapsed_time", b"9" * 5_000, False),
    ],
)
def test_rows_with_impossible_values_cost_no_other_row_and_no_detail(
    syncing: Syncing, field: str, value: bytes, is_lost: bool
) -> None:
    """A dozen of them: more than may be refused one by one."""

    def spoil(request: Request, body: bytes) -> bytes:
        if "/athlete/activities" not in request.url or body == b"[]":
            return body
        rows = json.loads(body)
        for row in rows[:12]:
            row[field] = "HERE"
        return json.dumps(rows).encode().replace(b'"HERE"', value)

    syncing.login.wire.spoil = spoil

    report = syncing()

    lost = 12 if is_lost else 0
    assert (report.new, report.details, report.left) == (20 - lost, 20 - lost, 0)
    # The check that the list is complete may meet one of them again.
    assert report.quarantined in (lost, lost + 1)
    assert tuple(syncing.store.run_rows.bad_rows()) == ()


def test_an_activity_deleted_between_list_and_detail_is_forgotten(syncing: Syncing) -> None:
    gone = syncing.theirs()[8]

    def before(request: object) -> None:
        if f"/activities/{syncing.theirs()[0].id}" in getattr(request, "url", "") and gone in syncing.theirs():
            syncing.world.delete_activity(gone.id)

    syncing.login.wire.before = before

    account = syncing()

    assert (account.new, account.deleted) == (20, 1)
    assert syncing.differences() == []


@pytest.mark.parametrize("error", [LoginNeeded, AppInactive])
def test_a_dead_login_or_an_inactive_app_ends_it_and_keeps_what_is_there(
    syncing: Syncing, store: Store, clock: ManualClock, error: type[Exception]
) -> None:
    syncing()
    clock.advance(3600)
    if error is AppInactive:
        syncing.world.set_inactive()
    else:
        syncing.world.plan("revoked", path="/api/v3", times=1000)

    with pytest.raises(error):
        syncing()

    assert store.query("SELECT count(*) FROM run").rows == [(20,)]


@pytest.mark.parametrize("awkward", range(12))
def test_a_429_anywhere_loses_nothing(syncing: Syncing, clock: ManualClock, awkward: int) -> None:
    syncing.world.plan("rate_limited", path="/api/v3", after=awkward)

    rounds = 0
    while True:
        rounds += 1
        try:
            account = syncing()
        except RateLimited:
            clock.advance(901)
            continue
        if not account.left:
            break
        clock.advance(901)

    assert rounds == 2
    assert syncing.differences() == []


def test_a_day_is_used_to_nine_tenths_and_the_next_goes_on(syncing: Syncing, clock: ManualClock) -> None:
    syncing.world.set_limits(Limits(read_quarter=1000, overall_quarter=1000, read_day=30, overall_day=60))

    first = syncing()

    meter = syncing.world.request_counts(syncing.world.app.client_id)
    assert meter.usage(clock.now())["read"][1] == 27
    assert first.left == 39 + 2 + 3 - 27
    assert "share of the day" in first.stopped
    clock.advance(DAY_S)
    assert syncing().left == 0
    assert syncing.differences() == []


def test_the_newest_come_first(syncing: Syncing) -> None:
    syncing.world.set_limits(Limits(read_quarter=1000, overall_quarter=1000, read_day=20, overall_day=100))

    syncing()

    newest = [row.id for row in syncing.theirs()]
    asked = [
        int(request.url.split("/activities/")[1].split("/")[0].split("?")[0])
        for request in syncing.login.wire.requests
        if "/activities/" in request.url
    ]
    assert list(dict.fromkeys(asked)) == newest[: len(set(asked))]


def test_no_more_is_held_than_six_days_can_renew(syncing: Syncing) -> None:
    # 90 % of 5 are 4 a day, 24 requests in six days: twelve runs of two.
    syncing.world.set_limits(Limits(read_quarter=1000, overall_quarter=1000, read_day=5, overall_day=100))

    account = syncing()

    assert account.held_back == 8


def test_reads_are_kept_for_others(syncing: Syncing) -> None:
    syncing.world.set_limits(Limits(read_quarter=30, overall_quarter=100, read_day=1000, overall_day=1000))

    account = syncing(keep=10)

    assert sum(syncing.asked.values()) == 20
    assert account.left == 39 + 2 - 17


def test_parts_are_renewed_before_they_expire_and_nothing_lapses(syncing: Syncing, clock: ManualClock) -> None:
    for _day in range(15):
        syncing.reopen()
        syncing()
        assert syncing.differences() == []
        clock.advance(DAY_S)


def test_without_sync_everything_from_the_api_is_gone_after_a_week(
    syncing: Syncing, clock: ManualClock, store: Store
) -> None:
    syncing()
    clock.advance(7 * DAY_S + 1)
    store.close()

    with store:
        assert store.query("SELECT count(*) FROM run").rows == [(0,)]
        counts = [
            store.connection.execute(f"SELECT count(*) FROM cache.{table}").fetchone()[0]  # names of ours
            for (table,) in store.connection.execute("SELECT name FROM cache.sqlite_master WHERE type = 'table'")
        ]
        assert counts == [0] * len(counts)


def test_a_run_outlives_its_samples_while_it_is_listed(syncing: Syncing, clock: ManualClock, store: Store) -> None:
    syncing()
    # Every part is refused from now on; the list is not.
    syncing.world.plan("status", path="/api/v3/activities/", times=100_000, status=400)
    for _day in range(8):
        clock.advance(DAY_S)
        syncing()

    assert store.query("SELECT count(*), sum(has_track), sum(description <> '') FROM run").rows == [(20, 0, 0)]


def test_syncing_twice_changes_nothing(syncing: Syncing, store: Store) -> None:
    syncing()
    before = store.query("SELECT * FROM run ORDER BY id").rows
    syncing()

    assert store.query("SELECT * FROM run ORDER BY id").rows == before
