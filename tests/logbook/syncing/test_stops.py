"""Stopping anywhere and going on equals never stopping; archive and API commute; a purge leaves no byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.conftest import Login, Wire
from logbook.syncing.conftest import Syncing
from makers.export_writer import Written, gpx, write_zip
from paceport.clock import ManualClock
from paceport.http_message import Request
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.syncing.write_activity import match_own_data


class Stopped(BaseException):
    """As hard as a Ctrl-C, and nobody catches it."""


def stop_at(wire: Wire, number: int) -> None:
    """The n-th request from now never goes out."""
    left = [number]

    def before(request: Request) -> None:
        if "/api/v3/" in request.url:
            left[0] -= 1
            if left[0] < 0:
                raise Stopped

    wire.before = before


def carry_on(wire: Wire) -> None:
    wire.before = lambda request: None


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5, 6, 20, 43])
def test_a_stop_costs_at_most_the_request_under_way(syncing: Syncing, number: int) -> None:
    stop_at(syncing.login.wire, number)
    with pytest.raises(Stopped):
        syncing()
    carry_on(syncing.login.wire)
    first = sum(syncing.asked.values()) - 1

    account = syncing()

    assert syncing.differences() == []
    assert account.left == 0
    # Never stopping takes 44. A resumed list is followed by a look at what is newer: two requests.
    assert first + sum(syncing.asked.values()) <= 44 + 3


def test_a_list_of_many_pages_goes_on_where_it_was(syncing: Syncing, login: Login) -> None:
    login.fill(900)
    for number in range(900):
        syncing.edit(number, sport_type="Ride")
    stop_at(login.wire, 3)
    with pytest.raises(Stopped):
        syncing()
    carry_on(login.wire)
    seen = len(syncing.store.synced.listed_digests())

    account = syncing()

    assert seen == 200 + 199 + 199 - 1
    assert account.new == 900 - seen
    assert sorted(syncing.store.synced.listed_digests()) == sorted(login.ids())
    # Three pages were read; two are left, one that shows the end, the empty one, and two for what is newer.
    assert syncing.asked["list"] <= 6


def test_what_came_and_went_while_a_list_was_stopped_is_followed(
    syncing: Syncing, login: Login, clock: ManualClock
) -> None:
    login.fill(500)
    for number in range(500):
        syncing.edit(number, sport_type="Ride")
    stop_at(login.wire, 2)
    with pytest.raises(Stopped):
        syncing()
    carry_on(login.wire)
    syncing.add(777, hours_after_newest=1)
    seen_before, not_seen = login.ids()[300], login.ids()[450]
    login.world.delete_activity(seen_before)
    login.world.delete_activity(not_seen)

    syncing()

    assert syncing.store.synced.listed_digests().keys() ^ set(login.ids()) == {seen_before}
    clock.advance(86_400)
    assert syncing().deleted == 1
    assert syncing.store.synced.listed_digests().keys() == set(login.ids())


def test_two_of_one_second_at_the_place_of_the_stop_are_both_listed(syncing: Syncing, login: Login) -> None:
    login.fill(300)
    for number in range(300):
        syncing.edit(number, sport_type="Ride")
    # A batch is 199 rows: the next row begins in the very second of its last one.
    syncing.edit(199, start=syncing.theirs()[198].start)
    stop_at(login.wire, 1)
    with pytest.raises(Stopped):
        syncing()
    carry_on(login.wire)

    syncing()

    assert syncing.store.synced.listed_digests().keys() == set(login.ids())


def test_a_list_that_stopped_long_ago_begins_anew(syncing: Syncing, login: Login, clock: ManualClock) -> None:
    stop_at(login.wire, 1)
    with pytest.raises(Stopped):
        syncing()
    carry_on(login.wire)
    login.world.delete_activity(login.ids()[0])
    clock.advance(7 * 3600)

    account = syncing()

    assert account.is_complete
    assert syncing.differences() == []


def export_of(syncing: Syncing, path: Path) -> Path:
    """An export of a third of the world's runs, as the archive has them, with tracks of their own."""
    rows = [row for row in syncing.theirs() if not row.manual][::3]
    return write_zip(
        path,
        [
            Written(
                id=row.id,
                start=row.start,
                name=row.name,
                sport="Run" if row.sport_type == "Run" else "Trail Run",
                distance_m=row.distance_m,
                moving_time_s=row.summary.moving_time_s,
                elapsed_time_s=row.summary.elapsed_time_s,
                filename=f"activities/{row.upload_id}.gpx",
                track=gpx(row.start, seconds=60, latitude=59.61, longitude=15.21),
            )
            for row in rows
        ],
    )


def shown(store: Store) -> list[list[tuple[object, ...]]]:
    return [
        store.query(f"SELECT * FROM {view} ORDER BY 1, 2, 3").rows  # names of ours
        for view in ("run", "run_week", "gear")
    ]


def test_archive_then_api_equals_api_then_archive(syncing: Syncing, tmp_path: Path, clock: ManualClock) -> None:
    export = export_of(syncing, tmp_path / "export.zip")
    import_paths([export], store=syncing.store, clock=clock)
    first = syncing()
    archive_first = shown(syncing.store)
    other = Store(data_dir=tmp_path / "other", cache_dir=tmp_path / "other cache", clock=clock)
    with other:
        syncing.store = other
        second = syncing()
        import_paths([export], store=other, clock=clock)
        match_own_data(other)
        api_first = shown(other)

    for left, right in zip(archive_first, api_first, strict=True):
        for one, two in zip(left, right, strict=True):
            assert one == two
    assert (first.streams, second.streams) == (19 - 7, 19)


def test_runs_with_own_tracks_cost_no_request(syncing: Syncing, tmp_path: Path, clock: ManualClock) -> None:
    import_paths([export_of(syncing, tmp_path / "export.zip")], store=syncing.store, clock=clock)

    account = syncing()

    assert (account.details, account.streams) == (20 - 7, 19 - 7)


def test_a_file_of_a_listed_run_is_known_to_be_that_run(syncing: Syncing, tmp_path: Path, clock: ManualClock) -> None:
    row = syncing.theirs()[3]
    path = tmp_path / "watch.gpx"
    seconds = round(row.distance_m / 3)
    path.write_bytes(gpx(row.start, seconds=seconds, latitude=59.61, longitude=15.21))
    import_paths([path], store=syncing.store, clock=clock)

    account = syncing()

    assert account.streams == 18
    assert syncing.store.query("SELECT count(*), sum(source = 'both') FROM run").rows == [(20, 1)]


def test_after_expiry_only_own_data_is_left(syncing: Syncing, tmp_path: Path, clock: ManualClock) -> None:
    import_paths([export_of(syncing, tmp_path / "export.zip")], store=syncing.store, clock=clock)
    own_before = shown(syncing.store)
    syncing()
    clock.advance(7 * 86_400 + 61)
    syncing.reopen()

    assert shown(syncing.store) == own_before


def test_a_deletion_at_strava_leaves_own_data_marked(syncing: Syncing, tmp_path: Path, clock: ManualClock) -> None:
    import_paths([export_of(syncing, tmp_path / "export.zip")], store=syncing.store, clock=clock)
    syncing()
    gone = next(row for row in syncing.theirs() if not row.manual)
    syncing.world.delete_activity(gone.id)
    for _day in range(10):
        clock.advance(86_400)
        syncing.reopen()
        syncing()

    marked = syncing.store.query("SELECT id, source, has_track FROM run WHERE deleted_at_strava IS NOT NULL").rows
    assert marked == [(gone.id, "own", 1)]
    assert syncing.store.streams(gone.id) is not None


def test_own_data_of_a_run_that_comes_back_is_not_marked_any_more(
    syncing: Syncing, tmp_path: Path, clock: ManualClock
) -> None:
    import_paths([export_of(syncing, tmp_path / "export.zip")], store=syncing.store, clock=clock)
    syncing()
    gone = next(row for row in syncing.theirs() if not row.manual)
    syncing.world.delete_activity(gone.id)
    clock.advance(86_400)
    syncing()
    syncing.world.activity_store._changed[gone.id] = gone  # nobody but the service can undelete
    syncing.world.activity_store._forget(gone.athlete_id)  # as above
    clock.advance(86_400)

    syncing()

    assert syncing.store.query("SELECT count(*) FROM run WHERE deleted_at_strava IS NOT NULL").rows == [(0,)]
    assert syncing.store.query(f"SELECT source FROM run WHERE id = {gone.id}").rows == [("both",)]


@pytest.mark.parametrize("how", ["expiry", "purge"])
def test_no_byte_from_the_api_stays_in_any_file(syncing: Syncing, tmp_path: Path, clock: ManualClock, how: str) -> None:
    secret = b"Meadowlark seventeen"
    for number in range(20):
        syncing.edit(number, name=secret.decode(), description=secret.decode() * 300)
    syncing()
    blocks = [bytes(row[0])[:64] for row in syncing.store.connection.execute("SELECT block FROM cache.stream LIMIT 50")]
    if how == "purge":
        syncing.store.cached.purge(all_rows=True)
    else:
        clock.advance(7 * 86_400 + 61)
        syncing.reopen()

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    everything = b"".join(path.read_bytes() for path in files)

    assert len(blocks) == 50
    assert secret not in everything
    assert not [block for block in blocks if len(block) > 16 and block in everything]
