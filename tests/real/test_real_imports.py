"""Real files: a part of a real bulk export, and runs of real watches."""

from collections.abc import Callable
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths

ID = 12070555079


def test_the_real_export_imports_whole(shared_file: Callable[[str], Path], tmp_path: Path, clock: ManualClock) -> None:
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock) as store:
        account = import_paths([shared_file("export")], store=store, clock=clock)
        answer = store.query(
            "SELECT id, moving_time_s, elapsed_time_s, distance_m, elevation_gain_m, elevation_loss_m, "
            "elevation_low_m, elevation_high_m, average_gap_mps, average_cadence_spm, timezone, local_start, sport, "
            "has_track FROM run"
        )
        streams = store.streams(ID)
        again = import_paths([shared_file("export")], store=store, clock=clock)

    assert (account.new, account.without_track, account.quarantined) == (1, 0, ())
    run = dict(zip(answer.columns, answer.rows[0], strict=True))
    assert (run["id"], run["moving_time_s"], run["elapsed_time_s"]) == (ID, 1411.0, 1428.0)
    assert run["distance_m"] == pytest.approx(3322.95, abs=0.01)
    heights = [run[f"elevation_{name}_m"] for name in ("gain", "loss", "low", "high")]
    assert heights == pytest.approx([61.88, 86.0, 357.2, 376.7], abs=0.01)
    assert run["average_gap_mps"] == pytest.approx(2.461942, abs=1e-6)
    # 71.26 in the table is one foot's; 3,344 steps in 1,411 s are 142.2 a minute.
    assert run["average_cadence_spm"] == pytest.approx(142.5, abs=0.1)
    assert (run["timezone"], run["local_start"]) == ("Europe/Berlin", "2022-05-29T17:53:35")
    assert (run["sport"], run["has_track"]) == ("Run", 1)
    assert streams is not None
    assert streams.time_s[-1] == 1428.0
    assert again.unchanged == 1


def test_real_files_import_with_their_zones(
    shared_file: Callable[[str], Path], tmp_path: Path, clock: ManualClock
) -> None:
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock) as store:
        account = import_paths([shared_file("runs")], store=store, clock=clock)
        zones = store.query("SELECT local_date, timezone FROM run ORDER BY start_utc").rows
        again = import_paths([shared_file("runs")], store=store, clock=clock)

    assert (account.new, account.unknown_zone, account.quarantined) == (6, 1, ())
    assert zones == [
        ("2017-03-19", "Europe/Paris"),
        ("2018-10-21", "Europe/Paris"),
        ("2019-06-15", "America/New_York"),
        ("2020-02-02", None),
        ("2020-03-04", "Europe/Amsterdam"),
        ("2020-03-14", "Europe/Prague"),
    ]
    assert again.unchanged == 6


def test_the_exports_file_on_its_own_is_the_same_run(
    shared_file: Callable[[str], Path], tmp_path: Path, clock: ManualClock
) -> None:
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock) as store:
        first = import_paths([shared_file("export/activities/12866632127.fit.gz")], store=store, clock=clock)
        account = import_paths([shared_file("export")], store=store, clock=clock)

        assert first.new == 1
        assert [change.activity_id for change in account.changed] == [ID]
        assert store.query("SELECT id FROM run").rows == [(ID,)]
