"""The SQL of the token store in PostgreSQL. A row is found by three columns: server, client id, athlete."""

TAKE_LOCK = """SELECT 1 FROM paceport.grant_lock WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s) FOR UPDATE"""
MAKE_LOCK = """INSERT INTO paceport.grant_lock VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"""
DROP_UNUSED_LOCK = """
DELETE FROM paceport.grant_lock AS lock
WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s)
  AND NOT EXISTS (SELECT 1 FROM paceport.grant_record AS record
                  WHERE (record.oauth_origin, record.client_id, record.athlete)
                      = (lock.oauth_origin, lock.client_id, lock.athlete))
"""

READ_ALL = """SELECT oauth_origin, client_id, athlete, profile, sealed FROM paceport.grant_record"""
READ = f"{READ_ALL} WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s)"
READ_PROFILE = f"{READ_ALL} WHERE (profile, oauth_origin) = (%s, %s)"
IS_STORED = """
SELECT 1 FROM paceport.grant_record WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s) AND sealed = %s
"""
# The values come in one order for both: those of the record, then its key, then the generation that is expected.
INSERT = """
INSERT INTO paceport.grant_record
    (profile, generation, expires_at, status, sealed, oauth_origin, client_id, athlete)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
UPDATE = """
UPDATE paceport.grant_record
SET profile = %s, generation = %s, expires_at = %s, status = %s, sealed = %s, saved_at = now()
WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s) AND generation = %s
"""
DELETE = """DELETE FROM paceport.grant_record WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s)"""

READ_JOURNAL = """
SELECT head, sealed_answer FROM paceport.grant_journal WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s)
"""
BEGIN_JOURNAL = """
INSERT INTO paceport.grant_journal (oauth_origin, client_id, athlete, head, holder) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (oauth_origin, client_id, athlete) DO UPDATE
SET head = excluded.head, holder = excluded.holder, sealed_answer = NULL, is_over = false, noted_at = now()
"""
ADD_ANSWER = """
UPDATE paceport.grant_journal SET sealed_answer = %s
WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s) AND holder = %s
"""
END_JOURNAL = """
UPDATE paceport.grant_journal SET is_over = true
WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s) AND holder = %s
"""
DELETE_JOURNAL = """DELETE FROM paceport.grant_journal WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s)"""
# The keeper ends an exchange after 60 s: by then whoever lost the lock has its answer or never gets one.
WHO_AWAITS_ANSWER = """
SELECT holder FROM paceport.grant_journal
WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s)
  AND sealed_answer IS NULL AND NOT is_over AND noted_at > clock_timestamp() - interval '60 seconds'
"""
WHO_BEGAN = """
SELECT convert_from(head, 'UTF8')::json ->> 'begun_by' FROM paceport.grant_journal
WHERE (oauth_origin, client_id, athlete) = (%s, %s, %s)
"""

READ_APPS = """SELECT oauth_origin, client_id, sealed FROM paceport.app"""
READ_APP = f"{READ_APPS} WHERE (oauth_origin, client_id) = (%s, %s)"
SAVE_APP = """
INSERT INTO paceport.app (oauth_origin, client_id, sealed) VALUES (%s, %s, %s)
ON CONFLICT (oauth_origin, client_id) DO UPDATE SET sealed = excluded.sealed
"""
DELETE_APP = """DELETE FROM paceport.app WHERE (oauth_origin, client_id) = (%s, %s)"""

# What holds something encrypted: its table, how its rows are read, and how one is replaced if nobody else has done so.
RESEAL = {
    "paceport.grant_record": (
        "SELECT oauth_origin, client_id, athlete, sealed FROM paceport.grant_record",
        """
UPDATE paceport.grant_record SET sealed = %s
WHERE (oauth_origin, client_id, athlete, sealed) = (%s, %s, %s, %s)
""",
    ),
    "paceport.grant_journal": (
        """
SELECT oauth_origin, client_id, athlete, sealed_answer FROM paceport.grant_journal WHERE sealed_answer IS NOT NULL
""",
        """
UPDATE paceport.grant_journal SET sealed_answer = %s
WHERE (oauth_origin, client_id, athlete, sealed_answer) = (%s, %s, %s, %s)
""",
    ),
    "paceport.app": (
        READ_APPS,
        "UPDATE paceport.app SET sealed = %s WHERE (oauth_origin, client_id, sealed) = (%s, %s, %s)",
    ),
}
