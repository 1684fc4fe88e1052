from pathlib import Path

from logbook.importing.conftest import Importer, contents
from makers.export_writer import activities, gpx, renamed, write_zip
from paceport.clock import ManualClock
from paceport.formats.stream_codec import decode, encode
from paceport.logbook.database.activity_record import ResultRecord
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_report import ImportReport
from paceport.logbook.importing.rebuild import rebuild


def test_rebuilding_what_is_whole_changes_nothing(
    tmp_path: Path, store: Store, clock: ManualClock, importer: Importer
) -> None:
    (tmp_path / "a.gpx").write_bytes(gpx(activities(9)[8].start))
    (tmp_path / "b.gpx").write_bytes(gpx(activities(6)[4].start))
    written = [renamed(each, sport="Blubbing", distance_m=180.0) for each in activities(6)]
    importer(write_zip(tmp_path / "e.zip", written, more={"activities/1.gpx": b"broken"}), tmp_path / "a.gpx")
    importer(tmp_path / "b.gpx")
    before = contents(store)

    account = rebuild(store=store, clock=clock)

    assert (account.read, account.unchanged, account.changed) == (7, 7, ())
    assert contents(store) == before


def test_columns_and_samples_are_drawn_anew_without_the_export(
    tmp_path: Path, store: Store, clock: ManualClock, importer: Importer
) -> None:
    importer(write_zip(tmp_path / "e.zip", activities(4)))
    before = store.query("SELECT * FROM run ORDER BY id").rows
    samples = store.own.blocks(activities(1)[0].id)
    (tmp_path / "e.zip").unlink()
    store.connection.execute("UPDATE main.activity SET distance_m = 1, name = '', timezone = NULL")
    store.connection.execute("DELETE FROM main.stream")

    account = rebuild(store=store, clock=clock)

    assert len(account.changed) == 4
    assert store.query("SELECT * FROM run ORDER BY id").rows == before
    assert store.own.blocks(activities(1)[0].id) == samples


def test_results_are_computed_again_only_for_what_differs(
    tmp_path: Path, store: Store, clock: ManualClock, importer: Importer
) -> None:
    importer(write_zip(tmp_path / "e.zip", activities(3)))
    for pending in store.pending_results(1):
        store.save_results(
            [ResultRecord(activity_id=pending.activity_id, version=1, content=pending.content, figures={})]
        )
    changed = activities(3)[1].id
    store.connection.execute("DELETE FROM main.stream WHERE activity_id = ? AND channel = 'altitude_m'", (changed,))

    rebuild(store=store, clock=clock)

    assert [pending.activity_id for pending in store.pending_results(1)] == [changed]


def test_a_lost_original_leaves_its_activity_and_is_named(
    tmp_path: Path, store: Store, clock: ManualClock, importer: Importer
) -> None:
    importer(write_zip(tmp_path / "e.zip", activities(2)))
    before = store.query("SELECT * FROM run ORDER BY id").rows
    known = store.own.stored_activity(activities(1)[0].id)
    assert known is not None
    (store.originals_dir / f"{known.sha256}.gz").unlink()

    account = rebuild(store=store, clock=clock)

    assert [each.place for each in account.quarantined] == [f"originals/{known.sha256}"]
    assert store.query("SELECT * FROM run ORDER BY id").rows == before


def test_samples_that_are_packed_otherwise_are_the_same_samples(
    tmp_path: Path, store: Store, clock: ManualClock, importer: Importer
) -> None:
    importer(write_zip(tmp_path / "e.zip", activities(3)))
    for activity_id in store.own.ids():
        altitude = store.own.blocks(activity_id)["altitude_m"]
        as_floats = encode(decode(altitude), "no channel of ours, so kept to the bit")
        assert as_floats != altitude
        store.connection.execute(
            "UPDATE main.stream SET block = ? WHERE activity_id = ? AND channel = 'altitude_m'",
            (as_floats, activity_id),
        )

    account = rebuild(store=store, clock=clock)

    assert (account.unchanged, account.changed) == (3, ())


def test_what_another_process_removes_while_it_is_read_again_stays_removed(
    tmp_path: Path, store: Store, clock: ManualClock, importer: Importer
) -> None:
    importer(write_zip(tmp_path / "e.zip", activities(3)))
    store.connection.execute("UPDATE main.activity SET name = ''")
    first, second, third = (one.id for one in activities(3))
    with Store(data_dir=store.own_path.parent, cache_dir=store.cache_path.parent, clock=clock) as other:
        asked: list[str] = []

        def watch(statement: str) -> None:
            if len(asked) == 1 and statement != asked[0]:
                asked.append(statement)
                other.remove(second)
            elif not asked and statement.startswith(f"SELECT * FROM main.activity WHERE id = {second}"):
                asked.append(statement)

        store.connection.set_trace_callback(watch)
        account = rebuild(store=store, clock=clock)
        store.connection.set_trace_callback(None)

    assert len(asked) == 2
    assert store.own.ids() == [first, third]
    assert len(account.changed) == 2
    assert account.quarantined == ()


def test_what_is_just_being_removed_is_no_original_without_an_activity(
    tmp_path: Path, store: Store, clock: ManualClock, importer: Importer
) -> None:
    """The rows go first, the file follows: a rebuild in between must not bring it back."""
    importer(write_zip(tmp_path / "e.zip", activities(2)))
    first, second = (one.id for one in activities(2))
    with Store(data_dir=store.own_path.parent, cache_dir=store.cache_path.parent, clock=clock) as other:
        rebuilt: list[ImportReport] = []

        def watch(statement: str) -> None:
            if statement.startswith("COMMIT"):
                asked.append(statement)
            elif asked and not rebuilt:
                rebuilt.append(rebuild(store=other, clock=clock))

        asked: list[str] = []
        store.connection.set_trace_callback(watch)
        store.remove(second)
        store.connection.set_trace_callback(None)

    assert [account.read for account in rebuilt] == [1]
    assert store.own.ids() == [first]
