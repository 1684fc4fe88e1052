"""The documented views over what each run adds to questions about many; they stand on `any_…` views and on `run`."""

from paceport.logbook.database.measure_schema import DURATION_BEST_COLUMNS, GRADE_BIN_COLUMNS, MEASURE_FIGURES

MEASURE_COLUMNS = (
    *(
        "activity_id",
        *MEASURE_FIGURES,
        "effective_vo2max",
        "speeds",
        "drifts",
        "climbs",
        "grade_windows",
        "packed_speeds",
    ),
)
# What `any_measure` and its like show of which columns.
ANY_MEASURES = {
    "measure": MEASURE_COLUMNS,
    "duration_best": DURATION_BEST_COLUMNS,
    "grade_bin": GRADE_BIN_COLUMNS,
}
_OF_THE_RUN = "r.local_date, r.week, r.year, r.name, r.expires_at"
_STEP_MPS = 0.05
_FIGURES = ", ".join(f"m.{name}" for name in MEASURE_FIGURES)

MEASURE_VIEWS = {
    "run_measure": f"""
SELECT r.id AS run_id, {_FIGURES}, m.effective_vo2max,
    coalesce(r.temperature_c, m.device_temperature_c) AS temperature_c, {_OF_THE_RUN}
FROM any_measure AS m JOIN run AS r ON r.id = m.activity_id""",  # noqa: S608  # names of ours; no value goes in
    "best_by_duration": f"""
SELECT d.activity_id AS run_id, d.duration_s, d.speed_mps, d.adjusted_speed_mps, d.power_w, {_OF_THE_RUN}
FROM any_duration_best AS d JOIN run AS r ON r.id = d.activity_id""",  # noqa: S608  # names of ours
    "run_grade": f"""
SELECT g.activity_id AS run_id, g.grade_percent, g.distance_m, g.moving_time_s,
    g.distance_m / g.moving_time_s AS speed_mps,
    CASE WHEN g.heart_s > 0 THEN 60.0 * g.heart_beats / g.heart_s END AS average_heartrate_bpm, {_OF_THE_RUN}
FROM any_grade_bin AS g JOIN run AS r ON r.id = g.activity_id""",  # noqa: S608  # names of ours
    "run_speed": f"""
SELECT m.activity_id AS run_id, (json_extract(m.speeds, '$[0]') + s.key - 0.5) * {_STEP_MPS} AS speed_mps,
    s.value AS moving_time_s, {_OF_THE_RUN}
FROM any_measure AS m JOIN run AS r ON r.id = m.activity_id, json_each(m.speeds) AS s
WHERE json_valid(m.speeds) AND s.key > 0 AND s.value > 0""",  # noqa: S608  # names of ours
}
