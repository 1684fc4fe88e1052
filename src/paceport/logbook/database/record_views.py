"""The documented view over best efforts, ranked, and what it stands on; used by `views`."""

EFFORT_COLUMNS = ("activity_id", "span_m", "elapsed_s", "start_s", "doubt", "doubt_by_others")
ASSESSMENT_COLUMNS = ("activity_id", "best_minute_bpm", "doubt", "is_excluded", "race_signs", "doubt_by_others")
# What moves like a ride is no running distance until a person says so.
SUMS = ", ".join(
    f"sum({name}) FILTER (WHERE doubt IS NULL) AS {name}"
    for name in ("distance_m", "moving_time_s", "elevation_gain_m")
)
REJECTED, LATER = "you rejected this run", "its date lies in the future"
# What `why_implausible` says of an effort: no word of a person makes it count.
IMPOSSIBLE = ("it took no time", "it is faster than the world record")
# Whether an effort is one that somebody can have run.
IS_POSSIBLE = f"doubt NOT IN ({', '.join(map(repr, IMPOSSIBLE))})"
# Why an effort does not count as a record; null where it does. A person's word goes before everything else, save that
# nobody is faster than the world record.
_DOUBT = f"""CASE
        WHEN v.is_confirmed THEN CASE WHEN e.{IS_POSSIBLE} THEN NULL ELSE e.doubt END
        WHEN v.is_confirmed = 0 THEN '{REJECTED}'
        WHEN s.is_excluded THEN 'you excluded this run'
        WHEN r.sport = 'VirtualRun' THEN 'it is a virtual run'
        WHEN r.is_indoor THEN 'on a treadmill the distance is an estimate'
        ELSE coalesce(nullif(e.doubt, ''), nullif(s.doubt, ''), nullif(e.doubt_by_others, '')) END"""
RECORD_VIEWS = {
    # Of a confirmed run counts the fastest that is possible, not what would be left of it without its doubtful samples.
    # Runs come first (CROSS): otherwise SQLite looks each of the many efforts' runs up, which takes half as long again.
    "judged_effort": f"""
SELECT e.activity_id AS run_id, e.span_m, e.elapsed_s, e.start_s, r.local_date, r.week, r.year, r.name, r.expires_at,
    r.start_utc, ifnull(v.is_confirmed, 0) AS is_confirmed, {_DOUBT} AS doubt
FROM run AS r LEFT JOIN any_assessment AS s ON s.activity_id = r.id
LEFT JOIN record_verdict AS v ON v.activity_id = r.id
CROSS JOIN any_effort AS e ON e.activity_id = r.id
WHERE NOT (ifnull(v.is_confirmed, 0) AND e.{IS_POSSIBLE} AND EXISTS (SELECT 1 FROM any_effort AS f
    WHERE f.activity_id = e.activity_id AND f.span_m = e.span_m AND f.{IS_POSSIBLE}
        AND (f.elapsed_s < e.elapsed_s OR (f.elapsed_s = e.elapsed_s AND f.doubt < e.doubt))))""",  # noqa: S608  # ours
}


def best_efforts(*, today: str | None) -> str:
    """The view `best_effort`: the efforts that count, ranked, one of each run. Why one does not count is in `doubt`.

    `today` is the UTC date as an expression, where the database knows it: runs that are dated later than tomorrow, the
    day that it may be already where a run was, do not count then.
    """
    later = "" if today is None else f"WHEN local_date > (SELECT date({today}, '+1 day')) THEN '{LATER}'"
    ranked = "ORDER BY elapsed_s, start_utc, run_id"
    return f"""
SELECT run_id, span_m, elapsed_s, start_s, local_date, week, year, name, expires_at,
    CASE WHEN doubt IS NULL THEN rank() OVER (PARTITION BY span_m, doubt IS NULL {ranked}) END AS place,
    CASE WHEN doubt IS NULL THEN rank() OVER (PARTITION BY span_m, doubt IS NULL, year {ranked}) END AS place_in_year,
    doubt, is_confirmed, start_utc
FROM (SELECT run_id, span_m, elapsed_s, start_s, local_date, week, year, name, expires_at, start_utc, is_confirmed,
    {"doubt" if today is None else f"CASE {later} ELSE doubt END AS doubt"} FROM judged_effort)"""  # noqa: S608  # names of ours; no value goes in


# A person's word on a run is kept with the recording that it was said of. It holds for the run that this is a recording
# of, for the run that it was merged into, and for both parts where it was split later.
def words(schema: str) -> str:
    """Every word, not undone, on whether the efforts of a run count as records, by each run that it holds for."""
    return f"""
WITH RECURSIVE word (activity_id, amendment_id, is_confirmed) AS (
    SELECT activity_id, id, json_extract(value, '$.is_confirmed') FROM {schema}amendment
    WHERE kind = 'record' AND undone_at IS NULL AND json_valid(value)
    UNION
    SELECT CASE a.kind WHEN 'merge' THEN a.activity_id ELSE json_extract(a.value, '$.other_id') END,
        w.amendment_id, w.is_confirmed
    FROM word AS w JOIN {schema}amendment AS a ON a.undone_at IS NULL AND json_valid(a.value) AND (
        (a.kind = 'merge' AND json_extract(a.value, '$.other_id') = w.activity_id)
        OR (a.kind = 'split' AND a.activity_id = w.activity_id AND a.id > w.amendment_id)))
SELECT ifnull(r.run_id, w.activity_id) AS activity_id, w.amendment_id, w.is_confirmed
FROM word AS w LEFT JOIN any_other_recording AS r ON r.activity_id = w.activity_id"""  # noqa: S608  # names of ours


# The newest word counts.
VERDICTS = """
SELECT activity_id, max(amendment_id) AS amendment_id, is_confirmed FROM record_word GROUP BY activity_id"""
