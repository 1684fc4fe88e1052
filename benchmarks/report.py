"""The report of 2,000 runs: reading, charts, writing, and how large the file is.

Forty made runs of an hour stand for all: their samples and computed results are stored under 2,000 ids over nine
years, as an import and `compute` would store them.
"""

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from benchmarks.analysis import made_run
from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource, TrackFacts
from paceport.logbook.database.store import Store
from paceport.pictures.year_picture import year_picture_in_any_light
from paceport.report.build_page import ReportContent, build_page
from paceport.report.page import render
from paceport.training.compute import result_record
from paceport.training.history.history import read_history
from paceport.units import Units

RUNS, MADE, DETAILED = 2_000, 40, 20
TOTAL_S, FILE_MB = 6.0, 6.0
FIRST = datetime(2017, 12, 1, 6, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def fill(store: Store) -> None:
    """Write the runs and their results."""
    streams = [made_run(seed) for seed in range(MADE)]
    blocks = [encode_streams(one) for one in streams]
    results = [result_record(1, "", one, facts=TrackFacts(has_barometer=True)) for one in streams]
    step = (NOW - FIRST) / RUNS
    for number in range(RUNS):
        kind = number % MADE
        record = ActivityRecord(
            id=number + 1,
            source="archive",
            sport="Run",
            start=FIRST + number * step,
            content=str(number),
            name=f"Morning run {number}",
            timezone="Europe/Berlin",
            zone_source="position",
            gear=f"Pair {number // 150}",
            samples=len(streams[kind]),
        )
        store.own.save(record, ImportSource(), EncodedTrack(blocks=blocks[kind]))
        template = results[kind]
        efforts = tuple((span, seconds - number / 50, start) for span, seconds, start in template.efforts)
        store.save_results(
            [
                type(template)(
                    activity_id=record.id,
                    version=template.version,
                    content=record.content,
                    figures=template.figures,
                    columns=template.columns,
                    efforts=efforts,
                )
            ]
        )


def main() -> int:
    """Print the rows; 1 if a bar is missed."""
    clock = ManualClock(NOW + timedelta(hours=1))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with Store(data_dir=place / "data", cache_dir=place / "cache", clock=clock) as store:
            fill(store)
            started = perf_counter()
            history = read_history(store, now=clock.now(), with_routes=True)
            read_s = perf_counter() - started
            units = Units()
            page = build_page(
                store,
                history,
                ReportContent(
                    newest=DETAILED, units=units, draw_year=lambda facts: year_picture_in_any_light(facts, (), units)
                ),
            )
            assert page is not None
            text = render(page)
            (place / "report.html").write_text(text, encoding="utf-8")
            total_s = perf_counter() - started
        size_mb = (place / "report.html").stat().st_size / 1e6
    charts_s = total_s - read_s
    assert page.map is not None
    print(f"report of {RUNS} runs, {page.map.page.count} tracks on its map, every run, {DETAILED} in full")
    print(f"  reading the history    {read_s:6.2f} s")
    print(f"  charts, page, writing  {charts_s:6.2f} s")
    print(f"  in all                 {total_s:6.2f} s   (bar: {TOTAL_S} s)")
    print(f"  file                   {size_mb:6.2f} MB  (bar: {FILE_MB} MB)")
    return 0 if total_s <= TOTAL_S and size_mb <= FILE_MB else 1


if __name__ == "__main__":
    sys.exit(main())
