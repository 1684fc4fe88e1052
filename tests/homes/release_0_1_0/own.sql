PRAGMA application_id = 1348684898;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE activity (
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
    content                   TEXT NOT NULL,
    original                  TEXT,           -- sha256 of the file under originals/, byte for byte
    part                      INTEGER NOT NULL DEFAULT 0,  -- which activity of that file
    filename                  TEXT NOT NULL DEFAULT '',    -- as the export or the user named it
    header                    TEXT REFERENCES header (sha256),
    cells                     TEXT            -- JSON: the row's cells, verbatim
);
INSERT INTO "activity" VALUES(-1044493233292673,'file','Seven minutes','','','Run','','Run','2025-05-04T06:30:00Z','2025-05-04T08:30:00','Europe/Zurich','position',1.16198858844085702913e+03,NULL,418.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','test',47.37,8.54,0,0,NULL,NULL,NULL,210,'{"pauses": [], "elapsed_s": null, "timer_s": null, "distance_m": null, "ascent_m": null, "utc_offset_s": null, "has_barometer": null}','[]','3ac1332f3a80518f24bba85b613b73ec','ed7d820901626997c02c78c801ccd5b1e5fbbe14408750f54562580c42bdf6fa',0,'run.gpx',NULL,NULL);
CREATE TABLE effort (
    activity_id               INTEGER NOT NULL,
    span_m                    REAL NOT NULL,
    elapsed_s                 REAL NOT NULL,
    start_s                   REAL NOT NULL,
    PRIMARY KEY (activity_id, span_m)
);
INSERT INTO "effort" VALUES(-1044493233292673,400.0,1.4388848920863307512e+02,44.0);
INSERT INTO "effort" VALUES(-1044493233292673,804.672,2.89461151079136641333e+02,122.0);
INSERT INTO "effort" VALUES(-1044493233292673,1000.0,3.5972661870503588944e+02,46.0);
CREATE TABLE header (                       -- a header row of activities.csv, once for all rows that stood under it
    sha256                    TEXT PRIMARY KEY,
    names                     TEXT NOT NULL,  -- JSON, as written
    fields                    TEXT NOT NULL,  -- JSON: what each was recognised as, null where kept only
    date_order                TEXT
);
CREATE TABLE intake (                         -- one line for each import that ran to its end
    finished                  TEXT NOT NULL,
    place                     TEXT NOT NULL,
    account                   TEXT NOT NULL   -- JSON
);
INSERT INTO "intake" VALUES('2026-11-28T20:23:15Z','run.gpx','{"read": 1, "new": 1, "changed": [], "unchanged": 0, "without_track": 0, "unknown_zone": 0, "quarantined": [], "notes": [], "took_s": 0.187}');
CREATE TABLE named_gear (
    kind                      TEXT NOT NULL,  -- shoe or bike
    name                      TEXT NOT NULL,
    brand                     TEXT NOT NULL DEFAULT '',
    model                     TEXT NOT NULL DEFAULT '',
    cells                     TEXT NOT NULL,  -- JSON, verbatim
    PRIMARY KEY (kind, name)
);
CREATE TABLE original (                       -- every file seen, and whose it is: the identity of what has no id
    sha256                    TEXT NOT NULL,
    part                      INTEGER NOT NULL,
    activity_id               INTEGER NOT NULL,
    name                      TEXT NOT NULL,
    bytes                     INTEGER NOT NULL,
    PRIMARY KEY (sha256, part)
);
INSERT INTO "original" VALUES('ed7d820901626997c02c78c801ccd5b1e5fbbe14408750f54562580c42bdf6fa',0,-1044493233292673,'run.gpx',18867);
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
CREATE TABLE result (
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
    training_load             REAL,
    PRIMARY KEY (activity_id)
);
INSERT INTO "result" VALUES(-1044493233292673,1001,'3ac1332f3a80518f24bba85b613b73ec','{"version": 1, "samples": 210, "elapsed_time_s": 418.0, "moving_time_s": 418.0, "distance_m": 1161.99, "is_distance_measured": true, "speed_mps": 2.7798803827751195, "elevation_gain_m": 0.0, "elevation_loss_m": 0.0, "lowest_m": 410.0, "highest_m": 415.0, "is_barometric": false, "adjusted_speed_mps": 2.7986446586231355, "adjusted_speed_minetti_mps": 2.7958608965366163, "heartrate_bpm": null, "highest_heartrate_bpm": null, "heartrate_coverage_ratio": 0.0, "efficiency_factor": null, "decoupling_percent": null, "cadence_spm": null, "step_length_m": null, "best_efforts": [{"span_m": 400.0, "elapsed_time_s": 143.88848920863308, "start_s": 44.0, "end_s": 187.88848920863308, "start_m": 122.31}, {"span_m": 804.672, "elapsed_time_s": 289.46115107913664, "start_s": 122.0, "end_s": 411.46115107913664, "start_m": 339.14}, {"span_m": 1000.0, "elapsed_time_s": 359.7266187050359, "start_s": 46.0, "end_s": 405.7266187050359, "start_m": 127.87}], "splits_km": [{"number": 1, "distance_m": 1000.0, "elapsed_time_s": 359.72661870503595, "moving_time_s": 359.72661870503595, "speed_mps": 2.7798888044478223, "adjusted_speed_mps": 2.799167612743074, "elevation_difference_m": 2.7266187050359463, "heartrate_bpm": null}, {"number": 2, "distance_m": 161.99, "elapsed_time_s": 58.273381294964054, "moving_time_s": 58.273381294964054, "speed_mps": 2.7798283950617275, "adjusted_speed_mps": 2.79541641764719, "elevation_difference_m": 2.2733812949640537, "heartrate_bpm": null}], "splits_mile": [{"number": 1, "distance_m": 1161.99, "elapsed_time_s": 418.0, "moving_time_s": 418.0, "speed_mps": 2.7798803827751195, "adjusted_speed_mps": 2.7986446586231355, "elevation_difference_m": 5.0, "heartrate_bpm": null}], "polyline": "o}b`H_~bs@i`A?", "heart": null}',1161.99,418.0,0.0,0.0,2.79864465862313549493e+00,NULL,NULL,NULL,NULL);
CREATE TABLE stream (
    activity_id               INTEGER NOT NULL,
    channel                   TEXT NOT NULL,
    block                     BLOB NOT NULL,
    PRIMARY KEY (activity_id, channel)
);
INSERT INTO "stream" VALUES(-1044493233292673,'time_s',X'010101D20000000100000002000000000000000000000028B52FFD0000450000080001004E0A0801');
INSERT INTO "stream" VALUES(-1044493233292673,'distance_m',X'010201D2000000640000000000000000000000000000002C0200000000000028B52FFD00009D0000200001020005002084670A854B950078860657');
INSERT INTO "stream" VALUES(-1044493233292673,'latitude_deg',X'010101D200000040420F003200000010CFD2020000000028B52FFD0000450000080001004E0A0801');
INSERT INTO "stream" VALUES(-1044493233292673,'longitude_deg',X'010001D200000040420F00604F820028B52FFD0000450000080001004E0A0801');
INSERT INTO "stream" VALUES(-1044493233292673,'altitude_m',X'010001D2000000010000009D01000028B52FFD0000750000380501020603000401004851C508');
CREATE TABLE track_lap (
    activity_id               INTEGER NOT NULL,
    number                    INTEGER NOT NULL,
    start_s                   REAL NOT NULL,
    elapsed_s                 REAL,
    timer_s                   REAL,
    distance_m                REAL,
    PRIMARY KEY (activity_id, number)
);
CREATE TABLE written (                        -- files written with cached data in them, which expire elsewhere too
    place                     TEXT PRIMARY KEY,
    written_at                TEXT NOT NULL,
    cached_until              TEXT NOT NULL
);
CREATE INDEX activity_start ON activity (start_utc);
CREATE INDEX original_activity ON original (activity_id);
CREATE VIEW any_activity AS 
SELECT a.id, CASE WHEN a.id > 0 THEN a.id END AS strava_id, 'own' AS source, a.name AS name,
    a.description AS description,
    a.private_note AS private_note,
    a.sport AS sport,
    a.start_utc AS start_utc,
    a.local_start AS local_start,
    a.timezone AS timezone,
    a.zone_source AS zone_source,
    coalesce(a.distance_m, r.distance_m) AS distance_m,
    coalesce(a.moving_time_s, r.moving_time_s) AS moving_time_s,
    a.elapsed_time_s AS elapsed_time_s,
    coalesce(a.elevation_gain_m, r.elevation_gain_m) AS elevation_gain_m,
    coalesce(a.elevation_loss_m, r.elevation_loss_m) AS elevation_loss_m,
    a.elevation_low_m AS elevation_low_m,
    a.elevation_high_m AS elevation_high_m,
    a.average_speed_mps AS average_speed_mps,
    a.max_speed_mps AS max_speed_mps,
    coalesce(a.average_gap_mps, r.average_gap_mps) AS average_gap_mps,
    coalesce(a.average_heartrate_bpm, r.average_heartrate_bpm) AS average_heartrate_bpm,
    coalesce(a.max_heartrate_bpm, r.max_heartrate_bpm) AS max_heartrate_bpm,
    coalesce(a.average_cadence_spm, r.average_cadence_spm) AS average_cadence_spm,
    a.max_cadence_spm AS max_cadence_spm,
    a.average_power_w AS average_power_w,
    a.max_power_w AS max_power_w,
    a.temperature_c AS temperature_c,
    a.calories_kcal AS calories_kcal,
    a.relative_effort AS relative_effort,
    a.perceived_exertion AS perceived_exertion,
    a.steps AS steps,
    a.gear AS gear,
    a.device_name AS device_name,
    a.start_latitude_deg AS start_latitude_deg,
    a.start_longitude_deg AS start_longitude_deg,
    a.is_manual AS is_manual,
    a.is_indoor AS is_indoor,
    a.is_commute AS is_commute,
    a.is_private AS is_private,
    a.is_race AS is_race,
    r.training_load, a.samples > 0 AS has_track, NULL AS deleted_at_strava, NULL AS expires_at, NULL AS cached_until
FROM activity AS a LEFT JOIN result AS r ON r.activity_id = a.id AND r.content = a.content;
CREATE VIEW any_lap AS SELECT activity_id, number, start_s, elapsed_s, timer_s, distance_m FROM track_lap;
CREATE VIEW any_effort AS SELECT activity_id, span_m, elapsed_s, start_s FROM effort;
CREATE VIEW any_gear AS SELECT kind, name, brand, model FROM named_gear;
CREATE VIEW run AS 
SELECT id, strava_id, source, name, sport, start_utc, local_start, date(local_start) AS local_date,
    date(local_start, '-6 days', 'weekday 1') AS week, strftime('%Y-%m', local_start) AS month,
    CAST(strftime('%Y', local_start) AS INTEGER) AS year, timezone, zone_source,
    distance_m, moving_time_s, elapsed_time_s,
    CASE WHEN distance_m > 0 THEN moving_time_s * 1000.0 / distance_m END AS pace_s_per_km,
    elevation_gain_m, elevation_loss_m, elevation_low_m, elevation_high_m, average_speed_mps, max_speed_mps, average_gap_mps, average_heartrate_bpm, max_heartrate_bpm, average_cadence_spm, max_cadence_spm, average_power_w, max_power_w,
    temperature_c, calories_kcal, relative_effort, perceived_exertion, training_load, steps, gear, device_name,
    description, private_note, start_latitude_deg, start_longitude_deg,
    is_manual, is_indoor, is_commute, is_private, is_race, has_track, deleted_at_strava, expires_at, cached_until
FROM any_activity WHERE sport IN ('Run', 'TrailRun', 'VirtualRun');
CREATE VIEW run_day AS 
SELECT local_date, count(*) AS runs, sum(distance_m) AS distance_m, sum(moving_time_s) AS moving_time_s,
    sum(elevation_gain_m) AS elevation_gain_m, sum(training_load) AS training_load,
    sum(expires_at IS NOT NULL) AS runs_that_expire
FROM run GROUP BY local_date;
CREATE VIEW run_week AS 
SELECT week, count(*) AS runs, count(DISTINCT local_date) AS days, sum(distance_m) AS distance_m,
    max(distance_m) AS longest_m, sum(moving_time_s) AS moving_time_s, sum(elevation_gain_m) AS elevation_gain_m,
    sum(training_load) AS training_load, sum(expires_at IS NOT NULL) AS runs_that_expire
FROM run GROUP BY week;
CREATE VIEW best_effort AS 
SELECT e.activity_id AS run_id, e.span_m, e.elapsed_s, e.start_s, r.local_date, r.week, r.year, r.name, r.expires_at,
    rank() OVER (PARTITION BY e.span_m ORDER BY e.elapsed_s, r.start_utc) AS place
FROM any_effort AS e JOIN run AS r ON r.id = e.activity_id;
CREATE VIEW lap AS 
SELECT l.activity_id AS run_id, l.number, l.start_s, l.elapsed_s, l.timer_s, l.distance_m, r.local_date, r.name,
    r.expires_at
FROM any_lap AS l JOIN run AS r ON r.id = l.activity_id;
CREATE VIEW gear AS 
SELECT g.kind, g.name, g.brand, g.model, count(r.id) AS runs, ifnull(sum(r.distance_m), 0.0) AS distance_m,
    min(r.local_date) AS first_used, max(r.local_date) AS last_used
FROM any_gear AS g LEFT JOIN run AS r ON r.gear IN (g.name, trim(g.brand || ' ' || g.model))
GROUP BY g.kind, g.name, g.brand, g.model;
COMMIT;
