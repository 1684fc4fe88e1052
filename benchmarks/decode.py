"""A page of 200 activities to typed values, beside `json.loads` (untyped) and stravalib's models.

The rows have every field of a recorded summary, with invented values and a route of 400 characters.
"""

import json
import logging
import sys
import warnings
from collections.abc import Callable
from time import perf_counter

from paceport.api.models.activity import SummaryActivity
from paceport.api.models.decoding import decode_page

ROWS = 200
BAR_JSON, BAR_STRAVALIB = 3.0, 10.0


def made_row(number: int) -> dict[str, object]:
    """One activity as the service writes it: every documented and recorded field of a run with heart rate."""
    day = 1 + number % 28
    return {
        "resource_state": 2,
        "athlete": {"id": 4711, "resource_state": 1},
        "name": f"Morning Run {number}",
        "distance": 10_012.3 + number,
        "moving_time": 3_011 + number,
        "elapsed_time": 3_120 + number,
        "total_elevation_gain": 84.0,
        "type": "Run",
        "sport_type": "Run",
        "workout_type": 0,
        "id": 15_000_000_000 + number,
        "start_date": f"2026-03-{day:02}T05:30:00Z",
        "start_date_local": f"2026-03-{day:02}T06:30:00Z",
        "timezone": "(GMT+01:00) Europe/Berlin",
        "utc_offset": 3600.0,
        "location_city": None,
        "location_state": None,
        "location_country": None,
        "achievement_count": 3,
        "kudos_count": 12,
        "comment_count": 1,
        "athlete_count": 1,
        "photo_count": 0,
        "map": {"id": f"a{number}", "summary_polyline": "k{hwFzmcbMb[cG" * 28, "resource_state": 2},
        "trainer": False,
        "commute": False,
        "manual": False,
        "private": False,
        "visibility": "everyone",
        "flagged": False,
        "gear_id": "g3372291",
        "start_latlng": [51.5074, 7.1278],
        "end_latlng": [51.5079, 7.1281],
        "average_speed": 3.325,
        "max_speed": 5.2,
        "average_cadence": 86.1,
        "average_temp": 9,
        "has_heartrate": True,
        "average_heartrate": 151.2,
        "max_heartrate": 172.0,
        "heartrate_opt_out": False,
        "display_hide_heartrate_option": True,
        "elev_high": 131.2,
        "elev_low": 84.6,
        "upload_id": 16_000_000_000 + number,
        "upload_id_str": str(16_000_000_000 + number),
        "external_id": f"garmin_ping_{336_000_000_000 + number}",
        "from_accepted_tag": False,
        "pr_count": 1,
        "total_photo_count": 0,
        "has_kudoed": False,
        "suffer_score": 61.0,
        "device_name": "Garmin Forerunner 255",
    }


def best_s(work: Callable[[], object], times: int) -> float:
    """The shortest of several runs."""
    best = float("inf")
    for _ in range(times):
        started = perf_counter()
        work()
        best = min(best, perf_counter() - started)
    return best


def stravalib_reader() -> Callable[[bytes], object] | None:
    """The reading of a page as stravalib does it, or None where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from stravalib.model import SummaryActivity as Theirs
    except ImportError:
        return None
    logging.disable(logging.WARNING)
    return lambda body: [Theirs.model_validate(row) for row in json.loads(body)]


def main() -> int:
    """Measure, print a table, and say whether the bars are met."""
    body = json.dumps([made_row(number) for number in range(ROWS)], separators=(",", ":")).encode()
    page = decode_page(SummaryActivity, body)
    assert len(page.items) == ROWS
    assert not page.bad
    ours = best_s(lambda: decode_page(SummaryActivity, body), 80)
    untyped = best_s(lambda: json.loads(body), 40)
    print(f"{ROWS} rows, {len(body) / 1024:.0f} KiB\n")
    print(f"{'':<34}{'ms':>9}{'ours is faster by':>20}")
    print(f"{'paceport, typed':<34}{ours * 1e3:>9.2f}")
    print(f"{'json.loads, untyped':<34}{untyped * 1e3:>9.2f}{untyped / ours:>19.1f}x   bar {BAR_JSON:g}x")
    is_met = untyped / ours >= BAR_JSON
    theirs = stravalib_reader()
    if theirs is None:
        print("stravalib is not installed: no peer for typed values")
    else:
        typed = best_s(lambda: theirs(body), 8)
        print(f"{'stravalib, typed':<34}{typed * 1e3:>9.2f}{typed / ours:>19.1f}x   bar {BAR_STRAVALIB:g}x")
        is_met = is_met and typed / ours >= BAR_STRAVALIB
    print(f"\nbars {'met' if is_met else 'MISSED'}")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
