"""The documented views: `run`, `run_day`, `run_week`, `best_effort`, `lap`, `gear`, `any_sport`, `sport_week`, and
those of `measure_views`, `threshold_schema` and `athlete_schema`.

They exist twice under one name. In own.db they are persistent and show own data, so that `sqlite3 own.db` can use
them. On a connection with the cache attached, temporary views of the same names and columns hide those and show both: a
living cached value, else the own one. (SQLite allows a view over two files as a temporary one only.) Both kinds stand
on views of their own, `any_activity`, `any_lap`, `any_effort`, `any_load` and `any_gear`; what is above those is one
text. `any_sport` is `run` with the activities of every sport.

Own activities are read through `shown_activity`, `shown_stream` and `shown_track_lap`: as amended where they were
amended, else as they were imported. What was amended shows before a cached value.

`expires_at` is set where the run itself goes with the cache; `cached_until` wherever some value shown is a cached one.

`now_utc()` is the connection's own function: the clock's moment, so that what has expired is not shown even before the
next purge.
"""

import re

from paceport.logbook.database.athlete_schema import ATHLETE_VIEWS, JOINED_ATHLETE, OWN_ATHLETE
from paceport.logbook.database.load_views import JOINED_LOADS, OWN_LOADS, SPORT_VIEWS
from paceport.logbook.database.measure_views import ANY_MEASURES, MEASURE_VIEWS
from paceport.logbook.database.own_schema import ACTIVITY_COLUMNS
from paceport.logbook.database.record_views import (
    ASSESSMENT_COLUMNS,
    EFFORT_COLUMNS,
    RECORD_VIEWS,
    SUMS,
    VERDICTS,
    best_efforts,
    words,
)
from paceport.logbook.database.threshold_schema import JOINED_THRESHOLDS, OWN_THRESHOLDS, THRESHOLD_VIEWS
from paceport.sports import RUN_SPORTS

VIEW_NAMES = (
    *("run", "run_day", "run_week", "best_effort", "lap", "gear", "any_sport", "sport_week"),
    *MEASURE_VIEWS,
    *THRESHOLD_VIEWS,
    *ATHLETE_VIEWS,
)

_COLUMNS = tuple(re.findall(r"^ {4}(\w+) +(?:TEXT|REAL|INTEGER)", ACTIVITY_COLUMNS, re.MULTILINE))
# Bookkeeping, or a rule of its own below.
_HIDDEN = {"id", "source", "content", "track", "notes", "sport_given", "sport_track", "samples"}
# A blank from one side must not hide a word from the other.
_TEXT_COLUMNS = {"name", "description", "private_note", "gear", "device_name"}
# These belong together: a local start is nothing without its zone.
_START_TIME_COLUMNS = {"start_utc", "local_start", "timezone", "zone_source"}
# Where neither the export nor the API gives a figure, the analysis of the track does.
_COMPUTED = {
    *("distance_m", "moving_time_s", "elevation_gain_m", "elevation_loss_m", "average_gap_mps"),
    *("average_heartrate_bpm", "max_heartrate_bpm", "average_cadence_spm"),
}
_IS_CURRENT_NAME = "(kind, name) NOT IN (SELECT kind, name FROM former_gear_name)"
_LAP_COLUMNS = ("activity_id", "number", "start_s", "elapsed_s", "timer_s", "distance_m")
# What the API says of an activity as a whole stays true of an amended one.
_OF_THE_WHOLE = {*_TEXT_COLUMNS, "is_commute", "is_private"}
_AMENDED_ALONE = {"sport", "is_race"}
_SHOWN = tuple(name for name in _COLUMNS if name not in _HIDDEN)


def own_views() -> str:
    """The statements that (re)create the persistent views of own.db."""
    shown_views = {
        "shown_activity": _amended_else_imported("activity", "id", _COLUMNS, extent=True),
        "shown_stream": _amended_else_imported("stream", "activity_id", ("activity_id", "channel", "block")),
        "shown_track_lap": _amended_else_imported("track_lap", "activity_id", _LAP_COLUMNS),
    }
    any_views = {
        # Two joins and not one over both tables: that one would first copy every row.
        "any_activity": f"""
{_own_activities("activity")}
WHERE a.id NOT IN (SELECT activity_id FROM amended)
UNION ALL
{_own_activities("amended_activity")}""",  # noqa: S608  # names of ours; no value goes in
        "any_other_recording": _own_others(""),
        "any_lap": f"SELECT {', '.join(_LAP_COLUMNS)} FROM shown_track_lap",  # noqa: S608  # names of ours
        "any_effort": f"SELECT {', '.join(EFFORT_COLUMNS)} FROM effort",  # noqa: S608  # names of ours
        "any_assessment": f"SELECT {', '.join(ASSESSMENT_COLUMNS)} FROM assessment",  # noqa: S608  # names of ours
        "record_word": words(""),
        "record_verdict": VERDICTS,
        **{
            f"any_{table}": f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608  # names of ours
            for table, columns in ANY_MEASURES.items()
        },
        "any_load": OWN_LOADS,
        "any_threshold": OWN_THRESHOLDS,
        "any_athlete_result": OWN_ATHLETE,
        "any_gear": f"SELECT kind, name, brand, model FROM named_gear WHERE {_IS_CURRENT_NAME}",  # noqa: S608  # ours
    }
    return "".join(f"{one};\n" for one in _statements(shown_views | any_views | _ABOVE | _ranked(None), "main")).rstrip(
        "\n"
    )


def joined_views() -> dict[str, str]:
    """The temporary views over both databases, name → text, in order; the cache is attached as `cache`."""
    any_views = {
        "any_activity": f"""
{_joined_activities(is_amended=False)}
WHERE o.id NOT IN (SELECT activity_id FROM main.amended)
UNION ALL
{_joined_activities(is_amended=True)}
UNION ALL
SELECT c.id, c.id AS strava_id, 'cache' AS source, {_select_list("c", None, ("rc",))},
    c.samples > 0 AS has_track, NULL AS deleted_at_strava, c.expires_at, c.expires_at AS cached_until
FROM cache.activity AS c
LEFT JOIN cache.result AS rc ON rc.activity_id = c.id AND rc.content = c.content AND rc.expires_at > now_utc()
WHERE c.expires_at > now_utc() AND NOT EXISTS (SELECT 1 FROM main.activity AS o WHERE o.id = c.id)
    AND NOT EXISTS (SELECT 1 FROM cache.same AS s WHERE s.activity_id = c.id AND s.expires_at > now_utc())""",  # noqa: S608  # names of ours; no value goes in
        "any_other_recording": f"""
{_own_others("main.")}
UNION ALL
SELECT r.activity_id, r.run_id, r.place, r.channels FROM cache.other_recording AS r WHERE r.expires_at > now_utc()
    AND EXISTS (SELECT 1 FROM cache.activity AS c WHERE c.id = r.activity_id AND c.expires_at > now_utc())
    AND (EXISTS (SELECT 1 FROM main.activity AS o WHERE o.id = r.run_id)
        OR EXISTS (SELECT 1 FROM cache.activity AS c WHERE c.id = r.run_id AND c.expires_at > now_utc()))""",  # noqa: S608  # names of ours; no value goes in
        "any_lap": _own_else_cached("track_lap", ", ".join(_LAP_COLUMNS), shown="shown_track_lap"),
        "any_effort": _own_else_cached_result("effort", EFFORT_COLUMNS),
        "any_assessment": _own_else_cached_result("assessment", ASSESSMENT_COLUMNS),
        "record_word": words("main."),
        "record_verdict": VERDICTS,
        **{f"any_{table}": _own_else_cached_result(table, columns) for table, columns in ANY_MEASURES.items()},
        "any_load": JOINED_LOADS,
        "any_threshold": JOINED_THRESHOLDS,
        "any_athlete_result": JOINED_ATHLETE,
        "any_gear": f"""
SELECT kind, name, brand, model FROM main.named_gear WHERE {_IS_CURRENT_NAME}
UNION ALL
SELECT c.kind, c.name, c.brand, c.model FROM cache.named_gear AS c
WHERE c.expires_at > now_utc()
    AND NOT EXISTS (SELECT 1 FROM main.named_gear AS o WHERE o.kind = c.kind AND o.name = c.name)""",  # noqa: S608  # names of ours; no value goes in
    }
    return any_views | _ABOVE | _ranked("now_utc()")


# What a run takes from its other recording, because that one has more of the channel.
_BY_CHANNEL = {
    "average_heartrate_bpm": "heartrate_bpm",
    "max_heartrate_bpm": "heartrate_bpm",
    "average_cadence_spm": "cadence_spm",
    "max_cadence_spm": "cadence_spm",
    "average_power_w": "power_w",
    "max_power_w": "power_w",
    "temperature_c": "temperature_c",
    **dict.fromkeys(("elevation_gain_m", "elevation_loss_m", "elevation_low_m", "elevation_high_m"), "altitude_m"),
}
# True of the recording that counts, whatever the other one says.
_OF_THE_MAIN = {*_START_TIME_COLUMNS, "is_manual", "is_indoor"}
# What another recording says of the run as a whole, which a cut or a true distance changes nothing about.
_OF_THE_RUN = {*_TEXT_COLUMNS, "is_commute", "is_private", "is_race", "perceived_exertion", "strava_id"}
# The best of the other recordings of a run; of one that was cut, whose totals say nothing of it, the best one's words.
_OTHERS, _OF_CUT = ("m1", "m2", "m3"), "t"


def _each(name: str, *, of_the_run: bool) -> str:
    """A column of the other recordings, the best first, as arguments of `coalesce`."""
    sides = (*_OTHERS, _OF_CUT) if of_the_run else _OTHERS
    texts = (f"nullif({side}.{name}, '')" if name in _TEXT_COLUMNS else f"{side}.{name}" for side in sides)
    return ", ".join(texts)


def _run_value(name: str) -> str:
    """A column of a run: from the recording that counts (a), from the others what it lacks or has worse."""
    if name in _OF_THE_MAIN:
        return f"a.{name}"
    others = _each(name, of_the_run=name in _OF_THE_RUN)
    if name == "gear":
        # A name that the gear had before it was renamed.
        gear = f"coalesce(nullif(a.gear, ''), {others}, '')"
        newer = f"SELECT f.name_now FROM former_gear_name AS f WHERE f.name = {gear}"  # noqa: S608  # names of ours
        return f"coalesce(({newer}), {gear}) AS gear"
    if name == "name":
        # A title that a person gave at Strava, before the name of a file.
        titles = " ".join(f"WHEN {side}.strava_id IS NOT NULL THEN {side}.name" for side in (*_OTHERS, _OF_CUT))
        title = f"CASE WHEN a.strava_id IS NOT NULL THEN a.name {titles} END"
        return f"coalesce(nullif({title}, ''), nullif(a.name, ''), {others}, '') AS name"
    if name in _TEXT_COLUMNS:
        return f"coalesce(nullif(a.{name}, ''), {others}, '') AS {name}"
    if name in _BY_CHANNEL:
        channel = _BY_CHANNEL[name]
        given = " ".join(f"WHEN instr({side}.channels, '\"{channel}\"') THEN {side}.{name}" for side in _OTHERS)
        return f"coalesce(CASE {given} END, a.{name}, {others}) AS {name}"
    return f"coalesce(a.{name}, {others}) AS {name}"


def _run_columns(*names: str) -> str:
    return ", ".join(map(_run_value, names))


_MEASURES = tuple(name for name in _SHOWN if name.startswith(("elevation", "average", "max")))


def _counted_activities(sports: tuple[str, ...] = ()) -> str:
    """The activities that count, of these sports or of all: without those that another one stands for."""
    chosen = f"a.sport IN ({', '.join(map(repr, sports))}) AND" if sports else ""
    # Asked once: what is behind it is long.
    join = "LEFT JOIN other AS {0} ON {0}.run_id = a.id AND {0}.number = {1} AND {2} {0}.is_cut"
    joins = [join.format(side, number, "NOT") for number, side in enumerate(_OTHERS, 1)] + [join.format(_OF_CUT, 1, "")]
    sources = " AND ".join(f"ifnull({side}.source, a.source) = a.source" for side in (*_OTHERS, _OF_CUT))
    until = ", ".join(f"ifnull({side}.cached_until, '~')" for side in ("a", *_OTHERS, _OF_CUT))
    distance_m, moving_s = (
        f"coalesce(a.{name}, {_each(name, of_the_run=False)})" for name in ("distance_m", "moving_time_s")
    )
    return f"""
WITH other AS (
    SELECT r.run_id, row_number() OVER (PARTITION BY r.run_id ORDER BY r.place) AS number, r.channels,
        r.run_id IN (SELECT activity_id FROM amended WHERE extent > 1) AS is_cut, x.*
    FROM any_other_recording AS r JOIN any_activity AS x ON x.id = r.activity_id)
SELECT a.id, coalesce(a.strava_id, {_each("strava_id", of_the_run=True)}) AS strava_id,
    CASE WHEN {sources} THEN a.source ELSE 'both' END AS source, {_run_columns("name")},
    a.sport, a.start_utc, a.local_start, date(a.local_start) AS local_date,
    date(a.local_start, '-6 days', 'weekday 1') AS week, strftime('%Y-%m', a.local_start) AS month,
    CAST(strftime('%Y', a.local_start) AS INTEGER) AS year, a.timezone, a.zone_source,
    {_run_columns("distance_m", "moving_time_s", "elapsed_time_s")},
    CASE WHEN {distance_m} > 0 THEN {moving_s} * 1000.0 / {distance_m} END AS pace_s_per_km,
    {_run_columns(*_MEASURES, "temperature_c", "calories_kcal", "relative_effort", "perceived_exertion")},
    l.load AS training_load, l.source AS load_source,
    {_run_columns("steps", "gear", "device_name", "description", "private_note")},
    {_run_columns("start_latitude_deg", "start_longitude_deg", "is_manual", "is_indoor", "is_commute", "is_private")},
    {_run_columns("is_race")}, a.has_track OR coalesce({_each("has_track", of_the_run=False)}, 0) AS has_track,
    a.deleted_at_strava, a.expires_at, nullif(min({until}, ifnull(l.expires_at, '~')), '~') AS cached_until,
    (SELECT count(*) FROM any_other_recording AS r WHERE r.run_id = a.id) AS other_recordings,
    (SELECT nullif(s.race_signs, '') FROM any_assessment AS s WHERE s.activity_id = a.id) AS race_signs,
    (SELECT coalesce(nullif(s.doubt, ''), nullif(s.doubt_by_others, '')) FROM any_assessment AS s
    WHERE s.activity_id = a.id AND NOT EXISTS
        (SELECT 1 FROM record_verdict AS v WHERE v.activity_id = a.id AND v.is_confirmed)) AS doubt
FROM any_activity AS a {" ".join(joins)}
LEFT JOIN any_load AS l ON l.activity_id = a.id
WHERE {chosen} a.id NOT IN (SELECT activity_id FROM any_other_recording)"""  # noqa: S608  # names of ours; no value goes in


_RUNS = f"({', '.join(map(repr, RUN_SPORTS))})"
_DOCUMENTED = {
    "any_sport": _counted_activities(),
    "run": _counted_activities(RUN_SPORTS),
    **RECORD_VIEWS,
    "run_day": f"""
SELECT local_date, count(*) AS runs, {SUMS}, sum(training_load) AS training_load,
    sum(expires_at IS NOT NULL) AS runs_that_expire
FROM run GROUP BY local_date""",  # noqa: S608  # names of ours
    # A week is named by its Monday.
    "run_week": f"""
SELECT week, count(*) AS runs, count(DISTINCT local_date) AS days,
    max(distance_m) FILTER (WHERE doubt IS NULL) AS longest_m, {SUMS}, sum(training_load) AS training_load,
     sum(expires_at IS NOT NULL) AS runs_that_expire
FROM run GROUP BY week""",  # noqa: S608  # names of ours
    **SPORT_VIEWS,
    "lap": """
SELECT l.activity_id AS run_id, l.number, l.start_s, l.elapsed_s, l.timer_s, l.distance_m, r.local_date, r.name,
    r.expires_at
FROM any_lap AS l JOIN run AS r ON r.id = l.activity_id""",
    # Shoes count the metres run in them, bikes every ride.
    "gear": f"""
SELECT g.kind, g.name, g.brand, g.model, count(r.id) AS runs, ifnull(sum(r.distance_m), 0.0) AS distance_m,
    min(r.local_date) AS first_used, max(r.local_date) AS last_used
FROM any_gear AS g LEFT JOIN any_sport AS r ON r.gear IN (g.name, trim(g.brand || ' ' || g.model))
    AND (g.kind <> 'shoe' OR r.sport IN {_RUNS})
GROUP BY g.kind, g.name, g.brand, g.model""",  # noqa: S608  # names of ours
}


def _ranked(today: str | None) -> dict[str, str]:
    """The view of ranked efforts. Only our own connections know what day it is."""
    return {"best_effort": best_efforts(today=today)}


_ABOVE = _DOCUMENTED | MEASURE_VIEWS | THRESHOLD_VIEWS | ATHLETE_VIEWS


def _statements(views: dict[str, str], where: str) -> list[str]:
    """What drops and makes these views; `where` is main or temp."""
    dropped = [f"DROP VIEW IF EXISTS {where}.{name}" for name in reversed(views)]
    create = "CREATE TEMP VIEW" if where == "temp" else "CREATE VIEW"
    return dropped + [f"{create} {name} AS {text}" for name, text in views.items()]


def temporary_views() -> list[str]:
    """The statements that make the views of `joined_views` anew."""
    return _statements(joined_views(), "temp")


def _own_others(schema: str) -> str:
    """The other recordings among own activities; one whose run is gone counts again by itself."""
    return (
        f"SELECT r.activity_id, r.run_id, r.place, r.channels FROM {schema}other_recording AS r "  # noqa: S608  # ours
        f"WHERE EXISTS (SELECT 1 FROM {schema}activity AS o WHERE o.id = r.run_id)"
    )


def _own_activities(table: str) -> str:
    """The own activities of a table, without anything of the cache."""
    return f"""SELECT a.id, CASE WHEN a.id > 0 THEN a.id END AS strava_id, 'own' AS source,
    {_select_list("a", None, ("r",))},
    a.samples > 0 AS has_track, NULL AS deleted_at_strava, NULL AS expires_at, NULL AS cached_until
FROM {table} AS a LEFT JOIN result AS r ON r.activity_id = a.id AND r.content = a.content"""  # noqa: S608  # names of ours; no value goes in


def _joined_activities(*, is_amended: bool) -> str:
    """Own activities, as imported or as amended, with what the cache holds of the same."""
    table = "activity"
    has_track = "o.samples > 0 OR ifnull(c.samples, 0) > 0"
    if is_amended:
        table = "amended_activity"
        has_track = "o.samples > 0 OR (o.extent < 2 AND ifnull(c.samples, 0) > 0)"
    return f"""SELECT o.id, coalesce(s.activity_id, CASE WHEN o.id > 0 THEN o.id END) AS strava_id,
    CASE WHEN c.id IS NULL THEN 'own' ELSE 'both' END AS source,
    {_select_list("o", "c", ("rc", "r"), is_amended=is_amended)},
    {has_track} AS has_track,
    t.noticed_at AS deleted_at_strava, NULL AS expires_at, c.expires_at AS cached_until
FROM main.{table} AS o
LEFT JOIN cache.same AS s ON s.own_id = o.id AND s.expires_at > now_utc()
LEFT JOIN cache.activity AS c ON c.id = coalesce(s.activity_id, o.id) AND c.expires_at > now_utc()
LEFT JOIN cache.tombstone AS t ON t.activity_id = coalesce(s.activity_id, o.id) AND t.expires_at > now_utc()
LEFT JOIN main.result AS r ON r.activity_id = o.id AND r.content = o.content
LEFT JOIN cache.result AS rc ON rc.activity_id = c.id AND rc.content = c.content AND rc.expires_at > now_utc()"""  # noqa: S608  # names of ours; no value goes in


def _select_list(side: str, over: str | None, results: tuple[str, ...], *, is_amended: bool = False) -> str:
    """The select list of an activity: `over` (may be absent) hides `side` value by value, `results` fill gaps.

    What was amended is not hidden.
    """
    return ",\n    ".join(f"{_value(name, side, over, results, is_amended)} AS {name}" for name in _SHOWN)


def _value(name: str, side: str, over: str | None, results: tuple[str, ...], is_amended: bool) -> str:
    if over is None:
        return _first_known(name, [side], results)
    usual = _first_known(name, [over, side], results)
    if name in _START_TIME_COLUMNS:
        rule = f"{over}.id IS NOT NULL AND ({over}.timezone IS NOT NULL OR {side}.timezone IS NULL)"
        usual = f"CASE WHEN {rule} THEN {over}.{name} ELSE {side}.{name} END"
    if not is_amended or name in _OF_THE_WHOLE:
        return usual
    least = 1 if name in _AMENDED_ALONE else 2
    return f"CASE WHEN {side}.extent >= {least} THEN {_first_known(name, [side], results[-1:])} ELSE {usual} END"


def _first_known(name: str, sides: list[str], results: tuple[str, ...]) -> str:
    *before, last = sides
    values = [f"nullif({side}.{name}, '')" if name in _TEXT_COLUMNS else f"{side}.{name}" for side in before]
    values.append(f"{last}.{name}")
    if name in _COMPUTED:
        values += [f"{result}.{name}" for result in results]
    return f"coalesce({', '.join(values)})" if len(values) > 1 else values[0]


def _amended_else_imported(table: str, key: str, columns: tuple[str, ...], *, extent: bool = False) -> str:
    """The rows of an own table, with the amended ones in place of those that were amended.

    Amendments of sport and race alone leave samples and laps as they are.
    """
    names, plain, amended = ", ".join(columns), ", 0 AS extent" if extent else "", ", extent" if extent else ""
    least = 1 if extent else 2
    return f"""
SELECT {names}{plain} FROM {table} WHERE {key} NOT IN (SELECT activity_id FROM amended WHERE extent >= {least})
UNION ALL
SELECT {names}{amended} FROM amended_{table}"""  # noqa: S608  # names of ours; no value goes in


def _own_else_cached_result(table: str, columns: tuple[str, ...]) -> str:
    """What was computed of own data, else of living cached data, by the id under which the run is shown."""
    cached = ", ".join(f"c.{name}" for name in columns[1:])
    return f"""
SELECT {", ".join(columns)} FROM main.{table}
UNION ALL
SELECT ifnull((SELECT s.own_id FROM cache.same AS s WHERE s.activity_id = c.activity_id AND s.expires_at > now_utc()),
    c.activity_id), {cached} FROM cache.{table} AS c WHERE c.expires_at > now_utc()
    AND NOT EXISTS (SELECT 1 FROM main.result AS o WHERE o.activity_id = c.activity_id OR o.activity_id =
        (SELECT s.own_id FROM cache.same AS s WHERE s.activity_id = c.activity_id AND s.expires_at > now_utc()))
    AND NOT EXISTS (SELECT 1 FROM main.amended AS a WHERE a.activity_id = c.activity_id AND a.extent > 1)"""  # noqa: S608  # names of ours; no value goes in


def _own_else_cached(table: str, columns: str, *, shown: str) -> str:
    """A part of an activity from own data, else from living cached data; never a mixture within one activity.

    An activity whose samples were amended, or that was merged into another, shows nothing of the API's.
    """
    return f"""
SELECT {columns} FROM main.{shown}
UNION ALL
SELECT {columns} FROM cache.{table} AS c WHERE c.expires_at > now_utc()
    AND NOT EXISTS (SELECT 1 FROM main.{table} AS o WHERE o.activity_id = c.activity_id)
    AND NOT EXISTS (SELECT 1 FROM main.amended AS a WHERE a.activity_id = c.activity_id AND a.extent > 1)"""  # noqa: S608  # names of ours; no value goes in
