"""Twins of all that tests ask of `../shared`, under the originals' names, and what is known of them.

The packed track of the export has a name of its own, as its facts say.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from makers.export_twin import FACTS as EXPORT_FACTS
from makers.export_twin import FILE, RUN, TOTALS, recorded_seconds, write_export_twin
from makers.fit_run_twins import (
    COROS_RUN,
    COROS_TOTALS,
    GARMIN_TRAIL_RUN,
    GARMIN_TRAIL_TOTALS,
    SUUNTO_RUN,
    SUUNTO_TOTALS,
    TREADMILL_RUN,
    TREADMILL_TOTALS,
    FitTotals,
    coros_run,
    garmin_trail_run,
    suunto_run,
    treadmill_run,
)
from makers.known_facts import Facts, RunFacts
from makers.known_run import MINETTI, STRAVA, KnownRun
from makers.openapi_twin import openapi_twin
from makers.recorded_replies import EFFORTS, HIGHEST_HEART_RATE_BPM, IDS, write_recorded_replies
from makers.xml_run_twins import (
    GPX_RUN,
    GPX_SECONDS,
    TCX_DEVICE,
    TCX_DISTANCE_M,
    TCX_LAPS,
    TCX_RUN,
    TCX_SECONDS,
    gpx_run,
    tcx_run,
)

WRITERS: Mapping[str, Callable[[], bytes]] = {
    "runs/trosku.fit": coros_run,
    "runs/bloemendaal.fit": suunto_run,
    "runs/sloatsburg.fit": garmin_trail_run,
    "runs/treadmill.fit": treadmill_run,
    "runs/20170319_run.gpx": gpx_run,
    "runs/20181021_run.tcx": tcx_run,
}


def write_twins(folder: Path) -> None:
    """The description of the API, and the folder of data: runs, one export, recorded replies."""
    data = folder / "data"
    (data / "runs").mkdir(parents=True)
    for name, write in WRITERS.items():
        (data / name).write_bytes(write())
    write_export_twin(data / "export")
    write_recorded_replies(data / "recorded")
    (folder / "strava-openapi.json").write_text(json.dumps(openapi_twin()), encoding="utf-8")


def _fit_facts(
    run: KnownRun,
    said: FitTotals,
    *,
    samples: int,
    device_name: str,
    local_date: str,
    zone: str | None,
    sport: str = "Run",
    has_barometer: bool | None = None,
    hears_in_pauses: bool = False,
    effort_spans_m: tuple[float, ...] = (400, 1000, 1609.344, 5000),
    thresholds_m: tuple[float, ...] = (),
) -> RunFacts:
    """A FIT run's facts: totals as the device says them, the rest from the legs."""
    return RunFacts(
        samples=samples,
        start=f"{run.start:%Y-%m-%dT%H:%M:%S}",
        sport=sport,
        device_name=device_name,
        distance_m=said.distance_m,
        way_m=run.distance_m,
        elapsed_s=said.elapsed_s,
        timer_s=said.timer_s,
        paused_s=run.paused_s,
        has_barometer=has_barometer,
        local_date=local_date,
        zone=zone,
        moving_time_s=run.moving_time_s(),
        effort_s={span_m: run.effort_s(span_m) for span_m in effort_spans_m},
        climbed_m={threshold_m: run.climbed_m(threshold_m) for threshold_m in thresholds_m},
        gain_m=sum(run.rises_m()),
        loss_m=sum(run.rises_m()),
        strava_pace_s=1000 * run.moving_time_s() / run.adjusted_m(STRAVA),
        model_pace_s=1000 * run.moving_time_s() / run.adjusted_m(STRAVA),
        minetti_pace_s=1000 * run.moving_time_s() / run.adjusted_m(MINETTI),
        mean_bpm=run.mean_bpm(in_pauses=hears_in_pauses),
        highest_bpm=max(leg.heartrate_bpm for leg in run.legs),
        strides_per_minute=run.mean_strides_per_minute(said.timer_s),
    )


FACTS = Facts(
    runs={
        "runs/trosku.fit": _fit_facts(
            COROS_RUN,
            COROS_TOTALS,
            samples=COROS_RUN.elapsed_s - 1,  # two seconds are missing near the start
            device_name="COROS APEX Pro",
            local_date="2023-04-16",
            zone="Asia/Tokyo",
            thresholds_m=(1, 2, 3, 5, 10),
        ),
        "runs/bloemendaal.fit": _fit_facts(
            SUUNTO_RUN,
            SUUNTO_TOTALS,
            samples=SUUNTO_RUN.elapsed_s + 1,
            sport="TrailRun",
            device_name="Suunto 9 Baro",
            has_barometer=True,
            hears_in_pauses=True,
            local_date="2022-11-03",
            zone="Europe/Helsinki",
        ),
        "runs/sloatsburg.fit": _fit_facts(
            GARMIN_TRAIL_RUN,
            GARMIN_TRAIL_TOTALS,
            samples=GARMIN_TRAIL_RUN.elapsed_s - 1,  # two records are missing on the way
            device_name="Garmin Forerunner 945",
            has_barometer=True,
            local_date="2021-07-10",
            zone="America/Denver",
            thresholds_m=(1, 2, 3, 5, 10),
        ),
        "runs/treadmill.fit": _fit_facts(
            TREADMILL_RUN,
            TREADMILL_TOTALS,
            samples=TREADMILL_RUN.elapsed_s + 1 - TREADMILL_RUN.paused_s + 3,  # each pause ends with a record
            device_name="Garmin Forerunner 945",
            local_date="2022-01-22",
            zone="Etc/GMT+5",
        ),
        f"export/{FILE}": _fit_facts(
            RUN,
            TOTALS,
            samples=len(recorded_seconds()),
            device_name="Garmin Venu Sq",
            local_date="2024-05-09",
            zone="Europe/Vienna",
            effort_spans_m=(400,),
            thresholds_m=(10,),
        ),
        "runs/20170319_run.gpx": RunFacts(
            samples=len(GPX_SECONDS),
            start=f"{GPX_RUN.start:%Y-%m-%dT%H:%M:%S}",
            sport="Run",
            device_name="StravaGPX Android",
            distance_m=GPX_RUN.distance_m,
            has_barometer=False,
            local_date="2016-05-07",
            zone="Europe/Lisbon",
        ),
        "runs/20181021_run.tcx": RunFacts(
            samples=len(TCX_SECONDS),
            start=f"{TCX_RUN.start:%Y-%m-%dT%H:%M:%S}",
            sport="Run",
            device_name=TCX_DEVICE,
            distance_m=TCX_DISTANCE_M,
            lap_count=len(TCX_LAPS),
            local_date="2017-09-30",
            zone="Europe/Madrid",
        ),
    },
    export=EXPORT_FACTS,
    ids=IDS,
    efforts=EFFORTS,
    highest_heart_rate_bpm=HIGHEST_HEART_RATE_BPM,
)
