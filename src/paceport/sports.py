"""The sport words of the file formats → Strava's SportType words."""

# FIT profile, types sport and sub_sport, numbers as published by Garmin. Sports without a counterpart are missing.
FIT_SPORTS = {
    1: "Run",
    2: "Ride",
    4: "Workout",
    5: "Swim",
    6: "Basketball",
    7: "Soccer",
    8: "Tennis",
    10: "Workout",
    11: "Walk",
    12: "NordicSki",
    13: "AlpineSki",
    14: "Snowboard",
    15: "Rowing",
    16: "Hike",
    17: "Hike",
    19: "Canoeing",
    21: "EBikeRide",
    25: "Golf",
    30: "InlineSkate",
    31: "RockClimbing",
    32: "Sail",
    33: "IceSkate",
    35: "Snowshoe",
    37: "StandUpPaddling",
    38: "Surfing",
    41: "Kayaking",
    43: "Windsurf",
    44: "Kitesurf",
    48: "StairStepper",
    62: "HighIntensityIntervalTraining",
    65: "Wheelchair",
    66: "Wheelchair",
    71: "Cricket",
    75: "Volleyball",
    83: "Dance",
}
FIT_SUB_SPORTS = {
    (1, 3): "TrailRun",
    (1, 58): "VirtualRun",
    (2, 8): "MountainBikeRide",
    (2, 9): "MountainBikeRide",
    (2, 12): "Handcycle",
    (2, 28): "EBikeRide",
    (2, 46): "GravelRide",
    (2, 47): "EMountainBikeRide",
    (2, 58): "VirtualRide",
    (4, 14): "Rowing",
    (4, 15): "Elliptical",
    (4, 16): "StairStepper",
    (10, 20): "WeightTraining",
    (10, 43): "Yoga",
    (10, 44): "Pilates",
    (10, 70): "HighIntensityIntervalTraining",
    (13, 37): "BackcountrySki",
    (21, 47): "EMountainBikeRide",
    (64, 84): "Pickleball",
    (64, 85): "Padel",
    (64, 94): "Squash",
    (64, 95): "Badminton",
    (64, 96): "Racquetball",
    (64, 97): "TableTennis",
}
FIT_INDOOR = frozenset({1, 5, 6, 14, 15, 16, 25, 27, 45, 68, 86, 87, 88})  # sub_sport

# TCX knows Running, Biking and Other; GPX says what it likes. Strava's GPX export writes a number: 9 in the real run
# exports of stravalib's and Elevate's test suites; other numbers are not documented and stay unknown.
SPORT_WORDS = {
    "9": "Run",
    "run": "Run",
    "running": "Run",
    "street_running": "Run",
    "track_running": "Run",
    "treadmill_running": "Run",
    "indoor_running": "Run",
    "trail_run": "TrailRun",
    "trail_running": "TrailRun",
    "trailrun": "TrailRun",
    "virtual_run": "VirtualRun",
    "virtualrun": "VirtualRun",
    "biking": "Ride",
    "cycling": "Ride",
    "ride": "Ride",
    "bike": "Ride",
    "road_biking": "Ride",
    "indoor_cycling": "Ride",
    "mountain_biking": "MountainBikeRide",
    "mountainbikeride": "MountainBikeRide",
    "gravel_cycling": "GravelRide",
    "gravelride": "GravelRide",
    "ebikeride": "EBikeRide",
    "virtualride": "VirtualRide",
    "hike": "Hike",
    "hiking": "Hike",
    "walk": "Walk",
    "walking": "Walk",
    "swim": "Swim",
    "swimming": "Swim",
    "open_water_swimming": "Swim",
    "lap_swimming": "Swim",
    "nordicski": "NordicSki",
    "cross_country_skiing": "NordicSki",
    "rowing": "Rowing",
    "workout": "Workout",
}
INDOOR_SPORT_WORDS = frozenset({"treadmill_running", "indoor_running", "indoor_cycling"})
ON_FOOT = frozenset({"Run", "TrailRun", "VirtualRun", "Walk", "Hike", "Snowshoe"})


def sport_of_word(word: str) -> tuple[str | None, bool]:
    """The SportType for a sport written out in GPX or TCX, or None; and whether it is done indoors."""
    plain = word.strip().casefold().replace(" ", "_").replace("-", "_")
    return SPORT_WORDS.get(plain), plain in INDOOR_SPORT_WORDS


def is_on_foot(sport: str | None) -> bool:
    """Whether cadence counts the steps of one foot; an unknown sport is taken for a run."""
    return sport is None or sport in ON_FOOT


# Strava's SportType words (developers.strava.com, read November 2026); an export writes them with blanks.
SPORT_TYPES = (
    *("AlpineSki", "BackcountrySki", "Badminton", "Canoeing", "Crossfit", "EBikeRide", "Elliptical"),
    *("EMountainBikeRide", "Golf", "GravelRide", "Handcycle", "HighIntensityIntervalTraining", "Hike", "IceSkate"),
    *("InlineSkate", "Kayaking", "Kitesurf", "MountainBikeRide", "NordicSki", "Pickleball", "Pilates", "Racquetball"),
    *("Ride", "RockClimbing", "RollerSki", "Rowing", "Run", "Sail", "Skateboard", "Snowboard", "Snowshoe", "Soccer"),
    *("Squash", "StairStepper", "StandUpPaddling", "Surfing", "Swim", "TableTennis", "Tennis", "TrailRun"),
    *("Velomobile", "VirtualRide", "VirtualRow", "VirtualRun", "Walk", "WeightTraining", "Wheelchair", "Windsurf"),
    *("Workout", "Yoga"),
)
