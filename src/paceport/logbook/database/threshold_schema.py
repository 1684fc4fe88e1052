"""The table of thresholds by day, and the views that hold every run against those of its day.

The table is the same in both databases. That of the cache is made of all data, and while it lives it is what is shown.
"""

THRESHOLD_COLUMNS = ("day", "critical_mps", "reserve_m", "critical_as_of", "threshold_mps", "threshold_source")
_SHOWN = ", ".join(THRESHOLD_COLUMNS)


def create_threshold_table(extra: str = "") -> str:
    """The statement that creates the table, with `extra` columns. All rows are written anew together."""
    return f"""CREATE TABLE stored_threshold (
    day                       TEXT PRIMARY KEY,  -- a local day with a run
    critical_mps              REAL,
    reserve_m                 REAL,
    critical_as_of            TEXT,              -- the day whose efforts gave it, where that was an earlier one
    threshold_mps             REAL,
    threshold_source          TEXT{extra}
);"""


# Of own data alone.
OWN_THRESHOLDS = f"SELECT {_SHOWN}, NULL AS expires_at FROM stored_threshold"  # noqa: S608  # names of ours
# Of both databases.
JOINED_THRESHOLDS = f"""
SELECT {_SHOWN}, expires_at FROM cache.stored_threshold WHERE expires_at > now_utc()
UNION ALL
SELECT {_SHOWN}, NULL FROM main.stored_threshold
WHERE NOT EXISTS (SELECT 1 FROM cache.stored_threshold WHERE expires_at > now_utc())"""  # noqa: S608  # names of ours


# As `training.metrics.pace_zones.pace_zone` has it; tests hold them together.
_PERCENT = "round(100.0 * t.threshold_mps / s.speed_mps, 9)"
_ZONE = f"""CASE WHEN {_PERCENT} > 129 THEN '1' WHEN {_PERCENT} >= 114 THEN '2' WHEN {_PERCENT} >= 106 THEN '3'
        WHEN {_PERCENT} >= 101 THEN '4' WHEN {_PERCENT} >= 97 THEN '5a' WHEN {_PERCENT} >= 90 THEN '5b' ELSE '5c' END"""
# As `training.metrics.intensity_distribution` has it.
_MODERATE_FROM = "0.82 * t.critical_mps"
_POLARISATION_INDEX = """CASE WHEN easy_s <= 0 OR hard_s > easy_s THEN NULL WHEN hard_s = 0 THEN 0.0
        WHEN moderate_s > 0 THEN log10(easy_s / moderate_s * hard_s / all_s * 100.0)
        WHEN hard_s / all_s > 0.01 THEN log10(easy_s / all_s / 0.01 * (hard_s / all_s - 0.01) * 100.0)
        ELSE 0.0 END"""
_OF_THE_RUN = "s.local_date, s.week, s.year, s.name, s.expires_at"
THRESHOLD_VIEWS = {
    "threshold_day": f"SELECT {_SHOWN}, expires_at FROM any_threshold",  # noqa: S608  # names of ours
    "run_pace_zone": f"""
SELECT s.run_id, {_ZONE} AS zone, sum(s.moving_time_s) AS moving_time_s, t.threshold_mps, t.threshold_source,
    {_OF_THE_RUN}
FROM run_speed AS s JOIN any_threshold AS t ON t.day = s.local_date
WHERE t.threshold_mps > 0 GROUP BY s.run_id, 2""",  # noqa: S608  # names of ours
    "run_intensity": f"""
SELECT s.run_id, ifnull(sum(s.moving_time_s) FILTER (WHERE s.speed_mps < {_MODERATE_FROM}), 0.0) AS easy_s,
    ifnull(sum(s.moving_time_s) FILTER (WHERE s.speed_mps >= {_MODERATE_FROM} AND s.speed_mps <= t.critical_mps), 0.0)
        AS moderate_s,
    ifnull(sum(s.moving_time_s) FILTER (WHERE s.speed_mps > t.critical_mps), 0.0) AS hard_s, t.critical_mps,
    {_OF_THE_RUN}
FROM run_speed AS s JOIN any_threshold AS t ON t.day = s.local_date
WHERE t.critical_mps > 0 GROUP BY s.run_id""",  # noqa: S608  # names of ours
    "month_intensity": f"""
WITH month AS (
    SELECT substr(local_date, 1, 7) AS month, count(*) AS runs, sum(easy_s) AS easy_s, sum(moderate_s) AS moderate_s,
        sum(hard_s) AS hard_s, sum(easy_s + moderate_s + hard_s) AS all_s
    FROM run_intensity GROUP BY 1)
SELECT month, runs, easy_s, moderate_s, hard_s, {_POLARISATION_INDEX} AS polarisation_index FROM month""",  # noqa: S608  # names of ours
}
