"""The table of what all runs together say of the athlete, and the views over it.

The table is the same in both databases. That of the cache is made of all data, and while it lives it is what is shown.
"""

# The views, each with its columns; a row of the table holds one row of its view as JSON.
ATHLETE_COLUMNS = {
    "prediction": (
        *("distance_m", "time_s", "low_s", "high_s", "model", "chosen_by", "races", "is_within_range"),
        *("starts_from_no_race", "not_known_because"),
    ),
    "model_prediction": (
        *("distance_m", "model", "time_s", "is_within_range", "mean_error_ratio", "races", "not_known_because"),
    ),
    "maximum_heartrate": ("year", "max_bpm", "source", "doubts"),
    "heat_effect": (
        *("percent_per_c", "low_percent_per_c", "high_percent_per_c", "is_clear", "runs", "coldest_c", "warmest_c"),
        "not_known_because",
    ),
    "own_grade_factor": (
        *("grade_percent", "own_factor", "general_factor", "is_used", "own_error_bpm", "general_error_bpm", "hills_h"),
        "not_known_because",
    ),
}


def create_athlete_table(extra: str = "") -> str:
    """The statement that creates the table, with `extra` columns. All rows are written anew together."""
    return f"""CREATE TABLE athlete_result (
    view                      TEXT NOT NULL,  -- the view that shows the row
    place                     INTEGER NOT NULL,  -- its place among the rows of that view
    value                     TEXT NOT NULL,  -- JSON: its columns
    as_of                     TEXT NOT NULL,  -- the local day for which it was computed
    {extra.removeprefix(",").strip()}{"," if extra else ""}
    PRIMARY KEY (view, place)
);"""


# Of own data alone.
OWN_ATHLETE = "SELECT view, place, value, as_of, NULL AS expires_at FROM athlete_result WHERE json_valid(value)"
# Of both databases.
JOINED_ATHLETE = """
SELECT view, place, value, as_of, expires_at FROM cache.athlete_result
WHERE json_valid(value) AND expires_at > now_utc()
UNION ALL
SELECT view, place, value, as_of, NULL FROM main.athlete_result
WHERE json_valid(value) AND NOT EXISTS (SELECT 1 FROM cache.athlete_result WHERE expires_at > now_utc())"""


def _view(name: str, columns: tuple[str, ...]) -> str:
    values = ", ".join(f"json_extract(value, '$.{column}') AS {column}" for column in columns)
    return f"SELECT {values}, as_of, expires_at FROM any_athlete_result WHERE view = '{name}' ORDER BY place"  # noqa: S608  # names of ours


ATHLETE_VIEWS = {name: _view(name, columns) for name, columns in ATHLETE_COLUMNS.items()}
