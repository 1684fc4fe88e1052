"""Real files: a part of a real bulk export, and runs of real watches."""

import pytest

from conftest import SharedFiles
from makers.known_facts import ExportFacts, Facts, RunFacts
from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths


def test_the_real_export_imports_whole(
    shared_file: SharedFiles, export: ExportFacts, archive_run: RunFacts, store: Store, clock: ManualClock
) -> None:
    account = import_paths([shared_file("export")], store=store, clock=clock)
    answer = store.query(
        "SELECT id, moving_time_s, elapsed_time_s, distance_m, elevation_gain_m, elevation_loss_m, "
        "elevation_low_m, elevation_high_m, average_gap_mps, average_cadence_spm, timezone, local_start, sport, "
        "has_track FROM run"
    )
    streams = store.streams(export.id)
    again = import_paths([shared_file("export")], store=store, clock=clock)

    assert (account.new, account.without_track, account.quarantined) == (1, 0, ())
    run = dict(zip(answer.columns, answer.rows[0], strict=True))
    times_s = (run["moving_time_s"], run["elapsed_time_s"])
    assert (run["id"], *times_s) == (export.id, export.moving_time_s, export.elapsed_s)
    assert run["distance_m"] == pytest.approx(export.distance_m, abs=0.01)
    heights = [run[f"elevation_{name}_m"] for name in ("gain", "loss", "low", "high")]
    assert heights == pytest.approx([export.gain_m, export.loss_m, export.lowest_m, export.highest_m], abs=0.01)
    assert run["average_gap_mps"] == pytest.approx(export.average_gap_mps, abs=1e-6)
    assert run["average_cadence_spm"] == pytest.approx(export.average_cadence_spm, abs=0.1)
    assert (run["timezone"], run["local_start"]) == (export.zone, export.local_start)
    assert (run["sport"], run["has_track"]) == ("Run", 1)
    assert streams is not None
    assert len(streams) == archive_run.samples
    assert streams.time_s[-1] == export.elapsed_s
    assert again.unchanged == 1


def test_real_files_import_with_their_zones(
    shared_file: SharedFiles, facts: Facts, store: Store, clock: ManualClock
) -> None:
    runs = [known for name, known in facts.runs.items() if name.startswith("runs/")]

    account = import_paths([shared_file("runs")], store=store, clock=clock)
    zones = store.query("SELECT local_date, timezone FROM run ORDER BY start_utc").rows
    again = import_paths([shared_file("runs")], store=store, clock=clock)

    assert (account.new, account.unknown_zone, account.quarantined) == (6, 0, ())
    assert zones == [(known.local_date, known.zone) for known in sorted(runs, key=lambda known: known.start)]
    assert again.unchanged == 6


def test_the_exports_file_on_its_own_is_the_same_run(
    shared_file: SharedFiles, export: ExportFacts, store: Store, clock: ManualClock
) -> None:
    first = import_paths([shared_file(f"export/{export.file}")], store=store, clock=clock)
    account = import_paths([shared_file("export")], store=store, clock=clock)

    assert first.new == 1
    assert [change.activity_id for change in account.changed] == [export.id]
    assert store.query("SELECT id FROM run").rows == [(export.id,)]
