"""The views over the loads of activities, and the sums of each sport."""

from paceport.logbook.database.record_views import SUMS

# Of own data alone.
OWN_LOADS = "SELECT activity_id, load, source, NULL AS expires_at FROM activity_load"
# Of both databases: the cache holds those that are others with what the API said.
JOINED_LOADS = """
SELECT c.activity_id, c.load, c.source, c.expires_at FROM cache.activity_load AS c WHERE c.expires_at > now_utc()
UNION ALL
SELECT o.activity_id, o.load, o.source, NULL FROM main.activity_load AS o
WHERE o.activity_id NOT IN (SELECT c.activity_id FROM cache.activity_load AS c WHERE c.expires_at > now_utc())"""
SPORT_VIEWS = {
    "sport_week": f"""
SELECT week, sport, count(*) AS activities, count(DISTINCT local_date) AS days, {SUMS},
    max(distance_m) FILTER (WHERE doubt IS NULL) AS longest_m, sum(training_load) AS training_load,
    sum(expires_at IS NOT NULL) AS activities_that_expire
FROM any_sport GROUP BY week, sport"""  # noqa: S608  # names of ours
}
