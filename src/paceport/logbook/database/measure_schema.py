"""Tables of what one run adds to questions about many: curves, durability, hills, heat, power, intensity.

They are the same in both databases. A row goes with the result of its activity, and expires with it.
"""

# One row a run. `effective_vo2max` is that of the athlete's own maximum heart rate; all else does not depend on them.
_MEASURE = """
    activity_id               INTEGER PRIMARY KEY,
    speed_spread_ratio        REAL,
    durability_ratio          REAL,
    durability_onset_m        REAL,
    climbed_m                 REAL,
    climb_rate_m_per_h        REAL,
    power_w                   REAL,
    normalised_power_w        REAL,
    work_kj                   REAL,
    device_temperature_c      REAL,
    effective_vo2max          REAL,
    speeds                    TEXT,  -- JSON: the first step of 0.05 m/s, then the moving seconds in each step
    drifts                    TEXT,  -- JSON: [start_m, ratio] of every later five kilometres
    climbs                    TEXT,  -- JSON: [start_s, end_s, rise_m] of every rise
    -- JSON: [grade_ratio, speed_mps, heartrate_bpm] of every steady minute
    grade_windows             TEXT
"""
_DURATION_BEST = """
    activity_id               INTEGER NOT NULL,
    duration_s                REAL NOT NULL,
    speed_mps                 REAL,
    adjusted_speed_mps        REAL,
    power_w                   REAL
"""
_GRADE_BIN = """
    activity_id               INTEGER NOT NULL,
    grade_percent             INTEGER NOT NULL,
    distance_m                REAL NOT NULL,
    moving_time_s             REAL NOT NULL,
    heart_beats               REAL NOT NULL,
    heart_s                   REAL NOT NULL
"""
# The tally `speeds` once more, so that questions about all runs need not read it as JSON.
ADD_PACKED_SPEEDS = "ALTER TABLE measure ADD COLUMN packed_speeds BLOB;"
MEASURE_FIGURES = (
    *("speed_spread_ratio", "durability_ratio", "durability_onset_m", "climbed_m", "climb_rate_m_per_h", "power_w"),
    *("normalised_power_w", "work_kj", "device_temperature_c"),
)
DURATION_BEST_COLUMNS = ("activity_id", "duration_s", "speed_mps", "adjusted_speed_mps", "power_w")
GRADE_BIN_COLUMNS = ("activity_id", "grade_percent", "distance_m", "moving_time_s", "heart_beats", "heart_s")
MEASURE_TABLES = ("measure", "duration_best", "grade_bin")


def add_measures(extra: str = "") -> str:
    """The statements that create the tables, with `extra` columns, and what keeps them with their results."""
    erased = "\n".join(f"    DELETE FROM {table} WHERE activity_id = old.activity_id;" for table in MEASURE_TABLES)  # noqa: S608  # names of ours
    statements = f"""
CREATE TABLE measure ({_MEASURE.rstrip()}{extra}
);
CREATE TABLE duration_best ({_DURATION_BEST.rstrip()}{extra},
    PRIMARY KEY (activity_id, duration_s)
) WITHOUT ROWID;
CREATE TABLE grade_bin ({_GRADE_BIN.rstrip()}{extra},
    PRIMARY KEY (activity_id, grade_percent)
) WITHOUT ROWID;
CREATE TRIGGER result_measures AFTER DELETE ON result BEGIN
{erased}
END;
"""
    if not extra:
        return statements
    shortened = "\n".join(
        f"    UPDATE {table} SET expires_at = new.expires_at WHERE activity_id = new.activity_id;"  # noqa: S608  # ours
        for table in MEASURE_TABLES
    )
    return f"""{statements}CREATE TRIGGER result_measures_expire AFTER UPDATE OF expires_at ON result BEGIN
{shortened}
END;
"""
