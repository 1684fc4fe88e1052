"""own.db, migration by migration, to be read top to bottom: what is the athlete's own and stays until they remove it.

Moments are text, `2022-05-29T15:53:35Z`; a local start is the same clock face without the Z. Lengths are metres,
durations seconds, speeds metres a second. A migration never changes once it has been released; a new one is added.
"""

import re

from paceport.logbook.database.athlete_schema import create_athlete_table
from paceport.logbook.database.measure_schema import ADD_PACKED_SPEEDS, add_measures
from paceport.logbook.database.plot_schema import create_plot_table
from paceport.logbook.database.threshold_schema import create_threshold_table

# The columns of an activity, the same in both databases: own ones from the export and the files, cached ones from the
# API. `source` is archive, file or api. `sport` is Strava's SportType word, or the export's own word where that is not
# known; `sport_given` and `sport_track` are what the export and the file said. `zone_source` is position, setting,
# device, strava or unknown; where it is unknown `timezone` is null and the local columns hold UTC.
ACTIVITY_COLUMNS = """
    id                        INTEGER PRIMARY KEY,  -- Strava's; below zero for a file that came without one
    source                    TEXT NOT NULL,
    name                      TEXT NOT NULL DEFAULT '',
    description               TEXT NOT NULL DEFAULT '',
    private_note              TEXT NOT NULL DEFAULT '',
    sport                     TEXT NOT NULL,
    sport_given               TEXT NOT NULL DEFAULT '',
    sport_track               TEXT,
    start_utc                 TEXT NOT NULL,
    local_start               TEXT NOT NULL,
    timezone                  TEXT,
    zone_source               TEXT NOT NULL DEFAULT 'unknown',
    distance_m                REAL,
    moving_time_s             REAL,
    elapsed_time_s            REAL,
    elevation_gain_m          REAL,
    elevation_loss_m          REAL,
    elevation_low_m           REAL,
    elevation_high_m          REAL,
    average_speed_mps         REAL,
    max_speed_mps             REAL,
    average_gap_mps           REAL,
    average_heartrate_bpm     REAL,
    max_heartrate_bpm         REAL,
    average_cadence_spm       REAL,
    max_cadence_spm           REAL,
    average_power_w           REAL,
    max_power_w               REAL,
    temperature_c             REAL,
    calories_kcal             REAL,
    relative_effort           REAL,
    perceived_exertion        REAL,
    steps                     REAL,
    gear                      TEXT NOT NULL DEFAULT '',
    device_name               TEXT NOT NULL DEFAULT '',
    start_latitude_deg        REAL,
    start_longitude_deg       REAL,
    is_manual                 INTEGER NOT NULL DEFAULT 0,
    is_indoor                 INTEGER NOT NULL DEFAULT 0,
    is_commute                INTEGER,
    is_private                INTEGER,
    is_race                   INTEGER,
    samples                   INTEGER NOT NULL DEFAULT 0,  -- 0: no track
    track                     TEXT,                        -- JSON: pauses and the device's own totals
    notes                     TEXT NOT NULL DEFAULT '[]',  -- JSON: what was repaired, left out or could not be read
    -- a hash over everything the above was drawn from
    content                   TEXT NOT NULL
"""

# Tables that hang on an activity, the same in both databases. A block is in the format of formats/stream_codec. The
# figures of `result` are those of the analysis of that `version`; `figures` is the whole of it as JSON. It was made
# anew later: `RESULT_WITH_COLUMNS`.
ACTIVITY_PARTS = {
    "stream": """
    activity_id               INTEGER NOT NULL,
    channel                   TEXT NOT NULL,
    block                     BLOB NOT NULL
""",
    "track_lap": """
    activity_id               INTEGER NOT NULL,
    number                    INTEGER NOT NULL,
    start_s                   REAL NOT NULL,
    elapsed_s                 REAL,
    timer_s                   REAL,
    distance_m                REAL
""",
    "result": """
    activity_id               INTEGER NOT NULL,
    version                   INTEGER NOT NULL,
    content                   TEXT NOT NULL,  -- the activity's content it was computed from
    figures                   TEXT NOT NULL,
    distance_m                REAL,
    moving_time_s             REAL,
    elevation_gain_m          REAL,
    elevation_loss_m          REAL,
    average_gap_mps           REAL,
    average_heartrate_bpm     REAL,
    max_heartrate_bpm         REAL,
    average_cadence_spm       REAL,
    training_load             REAL
""",
    "effort": """
    activity_id               INTEGER NOT NULL,
    span_m                    REAL NOT NULL,
    elapsed_s                 REAL NOT NULL,
    start_s                   REAL NOT NULL
""",
}
# The table `result` with a column for every figure that lists of runs show, before the long text: what stands behind
# it is only found by reading through it.
RESULT_WITH_COLUMNS = """
    activity_id               INTEGER PRIMARY KEY,
    version                   INTEGER NOT NULL,
    content                   TEXT NOT NULL,  -- the activity's content it was computed from
    distance_m                REAL,
    moving_time_s             REAL,
    elevation_gain_m          REAL,
    elevation_loss_m          REAL,
    average_gap_mps           REAL,
    average_heartrate_bpm     REAL,
    max_heartrate_bpm         REAL,
    average_cadence_spm       REAL,
    training_load             REAL,
    elapsed_time_s            REAL,
    adjusted_speed_mps        REAL,
    efficiency_factor         REAL,
    decoupling_percent        REAL,
    heart                     TEXT,           -- JSON: seconds at each heart rate
    polyline                  TEXT,
    figures                   TEXT NOT NULL   -- JSON: the whole of it
"""
# What is doubted: an effort over doubtful samples stands beside the best believable one of its run. `doubt` is what its
# own samples say, `doubt_by_others` what the athlete's other runs say, each as a clause to show; empty without one.
DOUBTED_EFFORT = """
    activity_id               INTEGER NOT NULL,
    span_m                    REAL NOT NULL,
    elapsed_s                 REAL NOT NULL,
    start_s                   REAL NOT NULL,
    doubt                     TEXT NOT NULL DEFAULT '',
    doubt_by_others           TEXT NOT NULL DEFAULT ''
"""
# What is known of a run beside its figures. `race_signs` is found by comparing it with the athlete's other runs.
ASSESSMENT = """
    activity_id               INTEGER PRIMARY KEY,
    best_minute_bpm           REAL,                       -- the highest mean heart rate over a minute
    doubt                     TEXT NOT NULL DEFAULT '',   -- why nothing in it counts as a record
    is_excluded               INTEGER NOT NULL DEFAULT 0, -- the settings say that it sets no records
    race_signs                TEXT NOT NULL DEFAULT ''    -- why it looks like a race, if it does
"""
# Why a whole run is none beside the athlete's other runs; empty without a reason.
ADD_RUN_DOUBT = "ALTER TABLE assessment ADD COLUMN doubt_by_others TEXT NOT NULL DEFAULT '';"
_ADDED_COLUMNS = (
    *("elapsed_time_s", "adjusted_speed_mps", "efficiency_factor", "decoupling_percent", "heart", "polyline"),
)
PART_KEYS = {"stream": "channel", "track_lap": "number", "result": "version", "effort": "span_m"}


def create_part_tables(prefix: str = "", extra: str = "") -> str:
    """The statements that create the parts' tables, with `extra` columns, one row for each key."""
    made = []
    for table, columns in ACTIVITY_PARTS.items():
        key = "" if table == "result" else f", {PART_KEYS[table]}"
        made.append(f"CREATE TABLE {prefix}{table} ({columns.rstrip()}{extra},\n    PRIMARY KEY (activity_id{key})\n);")
    return "\n".join(made)


def remake_result(extra: str = "") -> str:
    """The statements that put `result` with its columns in place of the first one, with `extra` columns at the end."""
    kept = [
        name for name in re.findall(r"^ {4}(\w+) ", RESULT_WITH_COLUMNS, re.MULTILINE) if name not in _ADDED_COLUMNS
    ]
    kept += re.findall(r"^ {4}(\w+) ", extra, re.MULTILINE)
    figures = ", ".join(
        f"CASE WHEN json_valid(figures) THEN json_extract(figures, '$.{name}') END" for name in _ADDED_COLUMNS
    )
    return f"""
CREATE TABLE result_with_columns ({RESULT_WITH_COLUMNS.rstrip().replace("-- JSON: the whole of it", "")}{extra}
);
INSERT INTO result_with_columns ({", ".join((*kept, *_ADDED_COLUMNS))})
    SELECT {", ".join(kept)}, {figures} FROM result;
DROP TABLE result;
ALTER TABLE result_with_columns RENAME TO result;
"""  # noqa: S608  # names of ours; no value goes in


def add_assessments(extra: str = "") -> str:
    """The statements that put `effort` with doubts in place of the first one, and create `assessment`.

    An assessment goes with the result that it belongs to.
    """
    kept = ", ".join(
        ("activity_id", "span_m", "elapsed_s", "start_s", *re.findall(r"^ {4}(\w+) ", extra, re.MULTILINE))
    )
    return f"""
CREATE TABLE effort_with_doubts ({DOUBTED_EFFORT.rstrip()}{extra},
    PRIMARY KEY (activity_id, span_m, doubt)
);
INSERT INTO effort_with_doubts ({kept}) SELECT {kept} FROM effort;
DROP TABLE effort;
ALTER TABLE effort_with_doubts RENAME TO effort;
CREATE TABLE assessment ({ASSESSMENT.rstrip().replace("-- why it looks like a race, if it does", "")}{extra}
);
CREATE TRIGGER result_assessment AFTER DELETE ON result BEGIN
    DELETE FROM assessment WHERE activity_id = old.activity_id;
END;
"""  # noqa: S608  # names of ours; no value goes in


def create_load_table(extra: str = "") -> str:
    """The statement that creates the table of loads, with `extra` columns. They are all written anew together."""
    return f"""CREATE TABLE activity_load (
    activity_id               INTEGER PRIMARY KEY,
    load                      REAL NOT NULL,
    source                    TEXT NOT NULL,  -- what it was computed from
    ratio                     REAL NOT NULL{extra}  -- what the source's own load was times
);"""


def _triggers(*tables: str) -> str:
    """Every change of what runs are made of takes the word back that all of it was checked."""
    return "\n".join(
        f"CREATE TRIGGER {table}_{change} AFTER {change} ON {table} BEGIN DELETE FROM checked; END;"  # noqa: S608  # names of ours
        for table in tables
        for change in ("INSERT", "UPDATE", "DELETE")
    )


OWN_MIGRATIONS = (
    # 1: the export, files, and what is computed from them.
    f"""
CREATE TABLE header (                       -- a header row of activities.csv, once for all rows that stood under it
    sha256                    TEXT PRIMARY KEY,
    names                     TEXT NOT NULL,  -- JSON, as written
    fields                    TEXT NOT NULL,  -- JSON: what each was recognised as, null where kept only
    date_order                TEXT
);
CREATE TABLE activity ({ACTIVITY_COLUMNS.rstrip()},
    original                  TEXT,           -- sha256 of the file under originals/, byte for byte
    part                      INTEGER NOT NULL DEFAULT 0,  -- which activity of that file
    filename                  TEXT NOT NULL DEFAULT '',    -- as the export or the user named it
    header                    TEXT REFERENCES header (sha256),
    cells                     TEXT            -- JSON: the row's cells, verbatim
);
CREATE INDEX activity_start ON activity (start_utc);
CREATE TABLE original (                       -- every file seen, and whose it is: the identity of what has no id
    sha256                    TEXT NOT NULL,
    part                      INTEGER NOT NULL,
    activity_id               INTEGER NOT NULL,
    name                      TEXT NOT NULL,
    bytes                     INTEGER NOT NULL,
    PRIMARY KEY (sha256, part)
);
CREATE INDEX original_activity ON original (activity_id);
{create_part_tables()}
CREATE TABLE named_gear (
    kind                      TEXT NOT NULL,  -- shoe or bike
    name                      TEXT NOT NULL,
    brand                     TEXT NOT NULL DEFAULT '',
    model                     TEXT NOT NULL DEFAULT '',
    cells                     TEXT NOT NULL,  -- JSON, verbatim
    PRIMARY KEY (kind, name)
);
CREATE TABLE profile (                        -- profile.csv, verbatim
    name                      TEXT PRIMARY KEY,
    value                     TEXT NOT NULL
);
CREATE TABLE quarantine (                     -- what could not be read, and how to try again
    place                     TEXT PRIMARY KEY,
    activity_id               INTEGER,
    why                       TEXT NOT NULL,
    fix                       TEXT NOT NULL,
    cells                     TEXT,           -- JSON: a row that had no usable id or date, verbatim
    first_seen                TEXT NOT NULL,
    last_seen                 TEXT NOT NULL,
    tries                     INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE written (                        -- files written with cached data in them, which expire elsewhere too
    place                     TEXT PRIMARY KEY,
    written_at                TEXT NOT NULL,
    cached_until              TEXT NOT NULL
);
CREATE TABLE intake (                         -- one line for each import that ran to its end
    finished                  TEXT NOT NULL,
    place                     TEXT NOT NULL,
    account                   TEXT NOT NULL   -- JSON
);
""",
    # 2: activities that are one run, what a newer export lacks, shoes under an older name.
    """
CREATE TABLE compared (                       -- two own activities at one time, and whether they are one run
    first_id                  INTEGER NOT NULL,  -- the smaller of the two ids
    second_id                 INTEGER NOT NULL,
    contents                  TEXT NOT NULL,  -- of both, when they were compared
    is_one                    INTEGER NOT NULL,
    decided_by                TEXT NOT NULL DEFAULT 'rule',  -- rule or person; a person's word stays
    PRIMARY KEY (first_id, second_id)
);
CREATE TABLE other_recording (                -- an activity that another one stands for, because both are one run
    activity_id               INTEGER PRIMARY KEY,
    run_id                    INTEGER NOT NULL,  -- the activity that counts
    place                     INTEGER NOT NULL,  -- 1 is the best of the others
    channels                  TEXT NOT NULL   -- JSON: the channels that the run takes from this one
);
CREATE INDEX other_recording_run ON other_recording (run_id, place);
CREATE TABLE not_in_export (                  -- activities that an export had and a newer one has not
    activity_id               INTEGER PRIMARY KEY,
    noticed_at                TEXT NOT NULL
);
CREATE TABLE former_gear_name (               -- shoes and bikes that were renamed at Strava
    kind                      TEXT NOT NULL,
    name                      TEXT NOT NULL,
    name_now                  TEXT NOT NULL,
    PRIMARY KEY (kind, name)
);
""",
    # 3: results by column; whether every row was checked.
    f"""
{remake_result()}
CREATE TABLE checked (                        -- a row with a mark: since then nothing has changed that runs are made of
    token                     TEXT NOT NULL,  -- whose check it is
    mark                      TEXT NOT NULL   -- what was computed with; empty while the check goes on
);
{_triggers("activity", "result", "other_recording")}
""",  # 4: amendments, and what they make of the activities, which can be made again at any time.
    f"""
CREATE TABLE amendment (                      -- what the athlete corrected; undone ones stay, with the moment of that
    id                        INTEGER PRIMARY KEY,
    activity_id               INTEGER NOT NULL,  -- an own activity, or a part that a split made
    kind                      TEXT NOT NULL,
    value                     TEXT NOT NULL,  -- JSON
    made_at                   TEXT NOT NULL,
    undone_at                 TEXT
);
CREATE INDEX amendment_activity ON amendment (activity_id);
CREATE TABLE amended (                        -- the activities in whose place the rows of amended_activity are shown
    activity_id               INTEGER PRIMARY KEY,
    extent                    INTEGER NOT NULL  -- 1: sport or race alone; 2: samples and figures too
);
CREATE TABLE amended_activity ({ACTIVITY_COLUMNS.rstrip()},
    extent                    INTEGER NOT NULL
);
CREATE TABLE amended_stream ({ACTIVITY_PARTS["stream"].rstrip()},
    PRIMARY KEY (activity_id, channel)
);
CREATE TABLE amended_track_lap ({ACTIVITY_PARTS["track_lap"].rstrip()},
    PRIMARY KEY (activity_id, number)
);
{_triggers("amended", "amended_activity")}
""",
    # 5: what is doubted, and which runs look like races.
    f"""
{add_assessments()}
{_triggers("amendment")}
""",
    # 6: what each run adds to questions about many.
    add_measures(),
    # 7: the load of every activity, on one scale.
    f"""
ALTER TABLE result ADD COLUMN load_inputs TEXT;  -- JSON: sums that loads by power and pace come from
{create_load_table()}
""",
    # 8: the thresholds of speed of each day.
    create_threshold_table(),
    # 9: what all runs together say of the athlete.
    create_athlete_table(),
    # 10: what plots show.
    create_plot_table(),
    # 11: the seconds at each speed in binary too.
    ADD_PACKED_SPEEDS,
    # 12: which runs are no runs beside the athlete's others.
    ADD_RUN_DOUBT,
)
