import re
from pathlib import Path

import pytest

from conftest import ROOT
from paceport.logbook.database.store import Store
from paceport.logbook.database.views import VIEW_NAMES
from paceport.training.metrics.definitions import find_metric

PAGE: Path = ROOT / "docs" / "reference" / "logbook.md"


def test_the_page_names_every_column_of_every_view_and_no_other(store: Store) -> None:
    text = PAGE.read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    named = {title: set(re.findall(r"`([a-z_0-9]+)`", section)) for title, section in _by_view(sections).items()}
    values = {"own", "cache", "both", "position", "setting", "device", "strava", "unknown", "gap"} | set(VIEW_NAMES)

    columns = {
        name: {column[0] for column in store.connection.execute(f"SELECT * FROM {name}").description}
        for name in VIEW_NAMES
    }

    assert named.keys() == columns.keys()
    for name in VIEW_NAMES:
        assert columns[name] <= named[name], name
    # Two views share one section, so strangers are looked for over all of them.
    assert set().union(*named.values()) - values <= set().union(*columns.values())


# metric: (view, column) and (section of json.md, key). That the keys are printed is tested with the pages.
REACHABLE = {
    "critical-speed": (("threshold_day", "critical_mps"), ("zones", "intensity.critical_speed_mps")),
    "activity-load": (("any_sport", "training_load"), ("runs", "[].load_source")),
    "race-detection": (("run", "race_signs"), ("predict", "races")),
    "pace-duration-curve": (("best_by_duration", "speed_mps"), ("curve", "overall[].speed_mps")),
    "durability": (("run_measure", "durability_ratio"), ("trends", "durability.long_runs[].ratio")),
    "pace-zones": (("run_pace_zone", "zone"), ("zones", "pace.zones[].time_s")),
    "effective-oxygen-uptake": (("run_measure", "effective_vo2max"), ("trends", "vo2max.runs[].effective_vo2max")),
    "heat": (("heat_effect", "percent_per_c"), ("trends", "heat.effect.percent_per_c")),
    "recommended-prediction": (("prediction", "low_s"), ("predict", "recommended[].low_s")),
    **dict.fromkeys(
        ("riegel", "vdot", "marathon-by-mileage", "marathon-by-training", "endurance-model"),
        (("model_prediction", "time_s"), ("predict", "model_times[].time_s")),
    ),
    "maximum-heart-rate": (("maximum_heartrate", "max_bpm"), ("zones", "max_bpm")),
    "intensity-distribution": (("month_intensity", "polarisation_index"), ("zones", "intensity.by_pace.easy_s")),
    "pace-by-grade": (("run_grade", "speed_mps"), ("trends", "hills.gradients[].speed_mps")),
    "own-grade-adjustment": (("own_grade_factor", "own_factor"), ("trends", "hills.gradients[].own_factor")),
    "climb-rate": (("run_measure", "climb_rate_m_per_h"), ("run", "measures.climb_rate_m_per_h")),
    "power": (("best_by_duration", "power_w"), ("run", "measures.power_w")),
    "one-run": (("run", "other_recordings"), ("run", "other_recordings")),
}


@pytest.mark.parametrize("metric", REACHABLE)
def test_what_runners_look_for_is_explained_and_reached_by_sql_and_json(store: Store, metric: str) -> None:
    (view, column), (section, key) = REACHABLE[metric]
    page = (ROOT / "docs" / "reference" / "json.md").read_text(encoding="utf-8")
    (text,) = re.findall(rf"^## {section}$(.*?)(?=^## |\Z)", page, flags=re.MULTILINE | re.DOTALL)

    assert find_metric(metric) is not None
    assert column in {found[0] for found in store.connection.execute(f"SELECT * FROM {view} LIMIT 0").description}
    assert f"| `{key}` |" in text


def _by_view(sections: list[str]) -> dict[str, str]:
    return {name: section for section in sections for name in re.findall(r"`(\w+)`", section.split("\n", 1)[0])}
