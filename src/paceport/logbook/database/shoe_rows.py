"""The shoes of the logbook: those that an export or the API lists, and those that only runs name."""

import sqlite3


def read_shoes(connection: sqlite3.Connection, *, own_only: bool) -> list[tuple[str, int, float, str | None]]:
    """Every pair as (name, runs, metres, local day of the last run), the one used last first."""
    schema = "main" if own_only else "temp"
    # Names of ours; no value goes in.
    query = f"""
SELECT name, runs, distance_m, last_used FROM {schema}.gear WHERE kind = 'shoe'
UNION ALL
SELECT r.gear, count(*), ifnull(sum(r.distance_m), 0.0), max(r.local_date) FROM {schema}.run AS r
WHERE r.gear <> '' AND NOT EXISTS
    (SELECT 1 FROM {schema}.any_gear AS g WHERE r.gear IN (g.name, trim(g.brand || ' ' || g.model)))
GROUP BY r.gear ORDER BY 4 DESC, 3 DESC, 1"""  # noqa: S608
    return [(str(name), runs, float(metres), day) for name, runs, metres, day in connection.execute(query)]


def read_former_names(connection: sqlite3.Connection) -> dict[str, str]:
    """The names that shoes had before they were renamed at Strava, with the names that they have now."""
    return dict(connection.execute("SELECT name, name_now FROM main.former_gear_name WHERE kind = 'shoe'").fetchall())
