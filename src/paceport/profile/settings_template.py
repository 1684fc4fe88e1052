"""The commented settings file that `init` writes once."""

from __future__ import annotations

from pathlib import Path

from paceport.storage.private_files import create_private, make_owner_folder

SETTINGS_TEMPLATE = """\
# Paceport's settings. This file is yours: commands never change it. Put no secret in it.
# Every line is optional; remove the # of a line to set it. The environment takes precedence over this file.

# units = "auto"            # auto (as at Strava, else as your locale says), km or mi
# timezone = "Europe/Berlin" # for activities that have no position
# api_data = "off"          # may `sync` keep API data for up to seven days? on or off; unset: asked once
# map_tiles = "https://tile.example.org/{z}/{x}/{y}.png" # streets under the map; that server sees where you look
# private_radius_m = 500    # nothing is shown to others this near to where many runs begin or end; 0: all is shown
# shoe_limit_km = 700       # you are warned when shoes have run nine tenths of it
# profile = "default"       # the profile used when none is named
# vault = "file"            # where the login is stored: file, keyring:, or postgres: (for many athletes)
# key_command = "pass show paceport" # prints the key for postgres:, where PACEPORT_KEY is not set
# api_generation = 2026     # 2027: the new API host, tokens in the header alone, revoke alone

# [athlete]                 # what the analysis cannot know from your runs
# max_heartrate = 190       # beats per minute; unset: from Strava's zones, else the third highest minute of your runs
# max_heartrate_by_year = { 2023 = 192, 2024 = 190 } # for years with a maximum of their own
# rest_heartrate = 50       # unset: 60 is assumed
# threshold_heartrate = 172 # what you hold for an hour; unset: no heart rate stress (hrTSS)
# threshold_pace = "4:10 /km" # the same for runs; unset: critical speed, else the best hour of your runs
# threshold_power = 250     # watts, the same for power; unset: no load on the TSS scale, only work in kJ
# load = "auto"             # the scale of all loads: auto, trimp, hrtss, edwards, power, work, pace or rpe
# form_sports = ["run", "ride"] # what counts in fitness and form; unset: every sport
# zones = [120, 140, 160, 175] # where zones 2, 3, 4 and 5 begin
# sex = "female"            # male or female: the training load's constants differ
# trimp = "banister"        # or "fellrnr", to compare with tools that use men's first constant for everybody
# not_records = [1234567890] # ids of runs that must set no record

# [service]                 # `paceport service`, for many athletes
# base_url = "https://runs.example.org" # what browsers and Strava reach it at; PACEPORT_BASE_URL takes precedence
# capacity = 10             # how many athletes your app may have at Strava
# asks_for = "runs"         # what athletes are asked for: runs, activities, upload, edit or everything

# [private_places]          # more of them: latitude, longitude and, where you like, a radius in metres
# "At my parents'" = [52.5163, 13.3777, 800]

# [shoe_limits_km]          # for a pair by its name; 0.9 of it warns as above
# "Blue ones" = 500
"""


def write_settings_template(path: Path) -> bool:
    """Write the commented settings file; an existing one is never touched. Whether it was written now.

    Raises StoreUnwritable.
    """
    make_owner_folder(path.parent)
    # Whoever may write it could name another server for the next login, whatever the umask allows.
    return create_private(path, SETTINGS_TEMPLATE.encode())
