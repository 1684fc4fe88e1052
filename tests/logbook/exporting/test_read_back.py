"""What is exported reads back equal: the same distance, times and samples, whatever was cleaned."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from makers.spoiled_runs import as_fit, as_gpx, as_tcx, changed, moved, whole_run
from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.logbook.exporting.gpx import export_gpx
from paceport.logbook.exporting.parquet import export_parquet
from paceport.logbook.importing.import_paths import import_paths
from paceport.streams import Streams
from paceport.training.compute import compute_results

RUN = whole_run()
BUS = moved(RUN, 300, time_s=400, north_m=5000)
PAUSE = moved(RUN, 300, time_s=120)
SOURCES: dict[str, tuple[str, bytes]] = {
    "plain, places alone": ("gpx", as_gpx(RUN)),
    "a gap between two segments": ("gpx", as_gpx(BUS, begins=[300])),
    "a pause between two segments": ("gpx", as_gpx(PAUSE, begins=[300])),
    "places put back on the line": ("gpx", as_gpx(changed(RUN, range(200, 220), east_m=900))),
    "a counter in laps": ("tcx", as_tcx(PAUSE, laps=[0, 300])),
    "a counter that is longer than the way": (
        "fit",
        as_fit([changed([each], range(1), counter_m=each.counter_m * 1.05)[0] for each in RUN]),
    ),
}


def figures(store: Store) -> Sequence[object]:
    compute_results(store)
    (row,) = store.query("SELECT distance_m, moving_time_s, elapsed_time_s, elevation_gain_m FROM run").rows
    return row


def only(store: Store) -> Streams:
    (row,) = store.query("SELECT id FROM run").rows
    streams = store.streams(int(str(row[0])))
    assert streams is not None
    return streams


@pytest.mark.parametrize("kind", SOURCES)
def test_gpx_and_parquet_read_back_equal(tmp_path: Path, store: Store, clock: ManualClock, kind: str) -> None:
    suffix, content = SOURCES[kind]
    (tmp_path / f"run.{suffix}").write_bytes(content)
    import_paths([tmp_path / f"run.{suffix}"], store=store, clock=clock)
    before, streams = figures(store), only(store)

    (path,) = export_gpx(store, tmp_path / "out").files
    export_parquet(store, tmp_path / "table", samples=True)
    with Store(data_dir=tmp_path / "again", cache_dir=tmp_path / "cache again", clock=clock) as again:
        import_paths([path], store=again, clock=clock)
        assert figures(again) == pytest.approx(before, rel=1e-4)

    frame = pl.read_parquet(tmp_path / "table" / "sample" / "**" / "*.parquet")
    for name, channel in streams.channels().items():
        np.testing.assert_array_equal(frame[name].to_numpy(), channel)
    assert ("gpxdata:distance>" in path.read_text(encoding="utf-8")) == (suffix != "gpx")
