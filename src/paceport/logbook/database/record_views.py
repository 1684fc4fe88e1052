"""The documented view over best efforts, ranked, and what it stands on; used by `views`."""

EFFORT_COLUMNS = ("activity_id", "span_m", "elapsed_s", "start_s", "doubt", "doubt_by_others")
ASSESSMENT_COLUMNS = ("activity_id", "best_minute_bpm", "doubt", "is_excluded", "race_signs")
# What moves like a ride is no running distance until a person says so.
SUMS = ", ".join(
    f"sum({name}) FILTER (WHERE doubt IS NULL) AS {name}"
    for name in ("distance_m", "moving_time_s", "elevation_gain_m")
)
# Why an effort does not count as a record; null where it does. A person's word goes before everything else.
_DOUBT = """CASE
        WHEN v.is_confirmed THEN NULL
        WHEN v.is_confirmed = 0 THEN 'you rejected this run'
        WHEN s.is_excluded THEN 'you excluded this run'
        WHEN r.sport = 'VirtualRun' THEN 'it is a virtual run'
        WHEN r.is_indoor THEN 'on a treadmill the distance is an estimate'
        ELSE coalesce(nullif(e.doubt, ''), nullif(s.doubt, ''), nullif(e.doubt_by_others, '')) END"""
RECORD_VIEWS = {
    # Of a confirmed run counts the fastest, not what would be left of it without its doubtful samples. Runs come first
    # (CROSS): otherwise SQLite looks each of the many efforts' runs up, which takes half as long again.
    "judged_effort": f"""
SELECT e.activity_id AS run_id, e.span_m, e.elapsed_s, e.start_s, r.local_date, r.week, r.year, r.name, r.expires_at,
    r.start_utc, ifnull(v.is_confirmed, 0) AS is_confirmed, {_DOUBT} AS doubt
FROM run AS r LEFT JOIN any_assessment AS s ON s.activity_id = r.id
LEFT JOIN record_verdict AS v ON v.activity_id = r.id
CROSS JOIN any_effort AS e ON e.activity_id = r.id
WHERE NOT (ifnull(v.is_confirmed, 0) AND EXISTS (SELECT 1 FROM any_effort AS f
    WHERE f.activity_id = e.activity_id AND f.span_m = e.span_m AND f.elapsed_s < e.elapsed_s))""",  # noqa: S608  # ours
    # Ranked are the efforts that count, one of each run. Why one does not count is in `doubt`.
    "best_effort": """
SELECT run_id, span_m, elapsed_s, start_s, local_date, week, year, name, expires_at,
    CASE WHEN doubt IS NULL
        THEN rank() OVER (PARTITION BY span_m, doubt IS NULL ORDER BY elapsed_s, start_utc, run_id) END AS place,
    CASE WHEN doubt IS NULL
        THEN rank() OVER (PARTITION BY span_m, doubt IS NULL, year ORDER BY elapsed_s, start_utc, run_id)
            END AS place_in_year,
    doubt, is_confirmed, start_utc
FROM judged_effort""",
}


def verdicts(schema: str) -> str:
    """A person's newest word, not undone, on whether the efforts of an activity count as records."""
    return f"""
SELECT activity_id, max(id) AS amendment_id, json_extract(value, '$.is_confirmed') AS is_confirmed
FROM {schema}amendment WHERE kind = 'record' AND undone_at IS NULL AND json_valid(value) GROUP BY activity_id"""  # noqa: S608  # ours
