"""cache.db, migration by migration: what the API gave and what was computed from it. Every row has `expires_at`.

The whole file may be deleted at any time. Strava's API policy (1 June 2026) lets a reply be kept for seven days.
"""

from paceport.logbook.database.athlete_schema import create_athlete_table
from paceport.logbook.database.measure_schema import ADD_PACKED_SPEEDS, MEASURE_TABLES, add_measures
from paceport.logbook.database.own_schema import (
    ACTIVITY_COLUMNS,
    ADD_RUN_DOUBT,
    add_assessments,
    create_load_table,
    create_part_tables,
    remake_result,
)
from paceport.logbook.database.plot_schema import create_plot_table
from paceport.logbook.database.threshold_schema import create_threshold_table

_EXPIRES = ",\n    expires_at                TEXT NOT NULL"

CACHE_MIGRATIONS = (
    # 1: replies verbatim, columns drawn from them, and what sync must remember.
    f"""
CREATE TABLE reply (                          -- an API reply as it came, compressed
    key                       TEXT PRIMARY KEY,  -- the request's path and query
    activity_id               INTEGER,
    body                      BLOB NOT NULL,
    fetched_at                TEXT NOT NULL{_EXPIRES}
);
CREATE INDEX reply_activity ON reply (activity_id);
CREATE TABLE activity ({ACTIVITY_COLUMNS.rstrip()},
    gear_id                   TEXT{_EXPIRES}
);
CREATE INDEX activity_start_cached ON activity (start_utc);
{create_part_tables(extra=_EXPIRES)}
CREATE TABLE named_gear (
    id                        TEXT PRIMARY KEY,
    kind                      TEXT NOT NULL,
    name                      TEXT NOT NULL,
    brand                     TEXT NOT NULL DEFAULT '',
    model                     TEXT NOT NULL DEFAULT '',
    distance_m                REAL{_EXPIRES}
);
CREATE TABLE same (                           -- an own activity without an id, and the API's activity that it is
    own_id                    INTEGER PRIMARY KEY,
    activity_id               INTEGER NOT NULL{_EXPIRES}
);
CREATE TABLE tombstone (                      -- gone at Strava; own rows stay and are shown as deleted there
    activity_id               INTEGER PRIMARY KEY,
    noticed_at                TEXT NOT NULL{_EXPIRES}
);
CREATE TABLE quarantine (                     -- what the API refused to give
    place                     TEXT PRIMARY KEY,
    activity_id               INTEGER,
    why                       TEXT NOT NULL,
    retry_at                  TEXT NOT NULL,
    tries                     INTEGER NOT NULL DEFAULT 1{_EXPIRES}
);
CREATE TABLE state (                          -- sync's own memory: the last complete listing, counts
    key                       TEXT PRIMARY KEY,
    value                     TEXT NOT NULL{_EXPIRES}
);
""",
    # 2: what sync compares a listing with, and which parts of an activity it has asked for.
    f"""
CREATE TABLE listed (                         -- an activity as a listing showed it the last time
    activity_id               INTEGER PRIMARY KEY,
    listing                   TEXT NOT NULL,  -- the complete listing in or after which it was seen
    digest                    TEXT NOT NULL,  -- a hash over the fields that matter
    shape                     TEXT NOT NULL,  -- a hash over those that differ where the recording does
    -- when it began, or the end of that day where the hour is hidden
    place                     TEXT NOT NULL{_EXPIRES}
);
CREATE TABLE fetched (                        -- what was asked for beside the listing
    activity_id               INTEGER NOT NULL,
    part                      TEXT NOT NULL,  -- detail or streams
    asked_for                 TEXT NOT NULL,  -- the digest (detail) or shape (streams) of that time
    content                   TEXT NOT NULL,  -- a hash over what came; empty: there is nothing
    samples                   INTEGER NOT NULL DEFAULT 0{_EXPIRES},
    PRIMARY KEY (activity_id, part)
);
""",
    # 3: cached activities that are one run with another.
    f"""
CREATE TABLE compared (                       -- two activities at one time, one of them cached
    first_id                  INTEGER NOT NULL,
    second_id                 INTEGER NOT NULL,
    contents                  TEXT NOT NULL,
    is_one                    INTEGER NOT NULL{_EXPIRES},
    PRIMARY KEY (first_id, second_id)
);
CREATE TABLE other_recording (                -- a cached activity that another one stands for
    activity_id               INTEGER PRIMARY KEY,
    run_id                    INTEGER NOT NULL,
    place                     INTEGER NOT NULL,
    channels                  TEXT NOT NULL{_EXPIRES}
);
CREATE INDEX other_recording_run_cached ON other_recording (run_id, place);
""",
    # 4: results by column.
    remake_result(extra=_EXPIRES),
    # 5: what is doubted, and which runs look like races.
    add_assessments(extra=_EXPIRES),
    # 6: what each run adds to questions about many.
    add_measures(extra=_EXPIRES),
    # 7: the load of every activity, on one scale.
    f"""
ALTER TABLE result ADD COLUMN load_inputs TEXT;
{create_load_table(extra=_EXPIRES)}
""",
    # 8: the thresholds of speed of each day.
    create_threshold_table(extra=_EXPIRES),
    # 9: what all runs together say of the athlete.
    create_athlete_table(extra=_EXPIRES),
    # 10: what plots show.
    create_plot_table(extra=_EXPIRES),
    # 11: the seconds at each speed in binary too.
    ADD_PACKED_SPEEDS,
    # 12: which runs are no runs beside the athlete's others.
    ADD_RUN_DOUBT,
)
# Every table of cache.db; purge visits them all.
CACHE_TABLES = (
    *(
        "reply",
        "activity",
        "stream",
        "track_lap",
        "result",
        "effort",
        "assessment",
        "named_gear",
        "same",
        "tombstone",
        "quarantine",
        "state",
        "listed",
        "fetched",
        "compared",
        "other_recording",
        "activity_load",
        "stored_threshold",
        "athlete_result",
        "plot_series",
    ),
    *MEASURE_TABLES,
)
