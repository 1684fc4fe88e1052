"""The table of what plots show, and what keeps its rows with the results that they were computed with.

The table is the same in both databases.
"""


def create_plot_table(extra: str = "") -> str:
    """The statements that create the table, with `extra` columns."""
    expires = """
CREATE TRIGGER result_plot_series_expires AFTER UPDATE OF expires_at ON result BEGIN
    UPDATE plot_series SET expires_at = new.expires_at WHERE activity_id = new.activity_id;
END;"""
    return f"""CREATE TABLE plot_series (     -- channels of an activity at even steps, for plots
    activity_id               INTEGER PRIMARY KEY,
    is_by_distance            INTEGER NOT NULL,
    first                     REAL NOT NULL,  -- of the axis, in metres or seconds
    last                      REAL NOT NULL,
    speed_mps                 BLOB,           -- float32, the low byte first
    heartrate_bpm             BLOB,
    altitude_m                BLOB{extra}
);
CREATE TRIGGER result_plot_series AFTER DELETE ON result BEGIN
    DELETE FROM plot_series WHERE activity_id = old.activity_id;
END;{expires if extra else ""}
"""  # noqa: S608  # names of ours; no value goes in
