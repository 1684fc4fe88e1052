"""The sport words of the file formats → Strava's SportType words."""

import re

# What this package calls a run.
RUN_SPORTS = ("Run", "TrailRun", "VirtualRun")
# Kinds of sport: what a person asks for by one word, and within which loads and speeds are compared.
SPORT_GROUPS: dict[str, tuple[str, ...]] = {
    "run": RUN_SPORTS,
    "ride": (
        *("Ride", "GravelRide", "MountainBikeRide", "VirtualRide", "EBikeRide", "EMountainBikeRide", "Handcycle"),
        "Velomobile",
    ),
    "swim": ("Swim",),
    "walk": ("Walk",),
    "hike": ("Hike", "Snowshoe"),
    "ski": ("NordicSki", "BackcountrySki", "AlpineSki", "RollerSki", "Snowboard"),
    "row": ("Rowing", "VirtualRow", "Canoeing", "Kayaking", "StandUpPaddling"),
    "strength": ("WeightTraining", "Crossfit", "HighIntensityIntervalTraining", "Workout", "Pilates", "Yoga"),
}
_GROUP_OF = {sport: group for group, sports in SPORT_GROUPS.items() for sport in sports}
# Sports whose cadence is counted in steps of both feet here, and of one foot at Strava and in most files.
FOOT_SPORTS = frozenset({*RUN_SPORTS, "Walk", "Hike", "Snowshoe"})


def sport_group(sport: str) -> str:
    """The kind of sport that a SportType belongs to; a sport without one is a kind of its own."""
    return _GROUP_OF.get(sport, sport)


def sports_of_word(word: str) -> tuple[str, ...] | None:
    """The SportTypes that a person means by a word: a kind such as "ride" or "rides", or one type such as "TrailRun".

    None for a word that is neither.
    """
    plain = "".join(_parts(word))
    group = next((name for name in SPORT_GROUPS if plain in {name, f"{name}s", f"{name}ing"}), None)
    if group is not None:
        return SPORT_GROUPS[group]
    exact = next((sport for sport in SPORT_TYPES if sport.casefold() == plain), None)
    if exact is not None:
        return (exact,)
    named = sport_of_word(word)[0]
    return None if named is None else SPORT_GROUPS.get(sport_group(named), (named,))


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

# TCX knows Running, Biking and Other; GPX says what it likes. Strava's GPX export writes a number: 1, 9, 16 and 17 were
# seen in real exports of its own; other numbers are not documented and stay unknown. Words are those of Strava, Garmin
# Connect, Polar Flow, Suunto, COROS, Zepp, Runkeeper, OpenTracks and Sports Tracker, plain and with "_" for a blank.
_WORDS_OF_SPORT = {
    "Run": (
        *("9", "run", "runs", "running", "street_running", "road_running", "track_running", "treadmill_running"),
        *("treadmill", "indoor_running", "outdoor_running", "outdoor_run", "indoor_run", "jog", "jogging", "race"),
        *("running_street", "running_road", "track_run", "road_run", "run_outdoor", "run_indoor", "ultra_run"),
        *("obstacle_run", "orienteering", "marathon", "laufen", "lauf", "joggen", "course_a_pied", "course_à_pied"),
        *("correr", "carrera", "corsa", "corrida", "hardlopen", "løb", "løping", "löpning", "juoksu", "bieganie"),
    ),
    "TrailRun": ("trail_run", "trail_running", "trailrun", "trailrunning", "trail", "mountain_running", "sky_running"),
    "VirtualRun": ("virtual_run", "virtualrun", "virtual_running", "indoor_virtual_run"),
    "Ride": (
        *("1", "ride", "biking", "cycling", "bike", "bicycling", "bicycle", "road_biking", "road_cycling"),
        *("road_bike", "indoor_cycling", "indoor_biking", "spinning", "cycling_sport", "cycling_transport"),
        *("commuting", "track_cycling", "cyclocross", "cyclo_cross", "recumbent", "touring_bicycle", "radfahren"),
        *("outdoor_cycling", "outdoor_biking", "race_cycling", "velo", "vélo", "ciclismo"),
    ),
    "MountainBikeRide": (
        *("mountain_biking", "mountainbikeride", "mountain_bike", "mountain_bike_ride", "mtb", "mountainbiking"),
        *("downhill_biking", "enduro_mtb", "mountain_cycling"),
    ),
    "GravelRide": ("gravel_cycling", "gravelride", "gravel_ride", "gravel", "gravel_biking"),
    "EBikeRide": ("ebikeride", "e_bike_ride", "e_bike", "ebike", "e_biking", "e_bike_fitness", "ebiking"),
    "EMountainBikeRide": ("emountainbikeride", "e_mountain_bike_ride", "e_bike_mountain", "e_mtb"),
    "VirtualRide": ("17", "virtualride", "virtual_ride", "virtual_cycling"),
    "Hike": ("hike", "hiking", "trekking", "mountaineering", "wandern", "backpacking", "via_ferrata"),
    "Walk": (
        *("walk", "walking", "speed_walking", "casual_walking", "nordic_walking", "walking_sport", "race_walking"),
        *("walking_transport", "dog_walking", "stroll", "spazieren", "outdoor_walking", "indoor_walking"),
    ),
    "Swim": (
        *("16", "swim", "swimming", "open_water_swimming", "open_water_swim", "lap_swimming", "pool_swim"),
        *("pool_swimming", "openwater_swimming", "indoor_swimming"),
    ),
    "NordicSki": (
        *("nordicski", "nordic_ski", "cross_country_skiing", "xc_skiing", "cross_country_ski", "skate_skiing"),
        *("skating_skiing", "cross_country_classic_skiing", "skiing_cross_country", "biathlon"),
    ),
    "AlpineSki": (
        *("alpineski", "alpine_ski", "alpine_skiing", "downhill_skiing", "resort_skiing", "skiing", "ski"),
        *("resort_skiing_snowboarding",),
    ),
    "BackcountrySki": ("backcountryski", "backcountry_ski", "backcountry_skiing", "ski_touring", "touring_skiing"),
    "RollerSki": ("rollerski", "roller_ski", "roller_skiing"),
    "Snowboard": ("snowboard", "snowboarding"),
    "Snowshoe": ("snowshoe", "snowshoeing", "snow_shoe", "snow_shoeing"),
    "IceSkate": ("iceskate", "ice_skate", "ice_skating", "skating_ws"),
    "InlineSkate": ("inlineskate", "inline_skate", "inline_skating", "skating", "roller_skating", "rollerblading"),
    "Skateboard": ("skateboard", "skateboarding"),
    "Rowing": ("rowing", "row", "indoor_rowing"),
    "VirtualRow": ("virtualrow", "virtual_row"),
    "Canoeing": ("canoeing", "canoe"),
    "Kayaking": ("kayaking", "kayak", "paddling", "whitewater_kayaking"),
    "StandUpPaddling": ("standuppaddling", "stand_up_paddling", "stand_up_paddleboarding", "sup"),
    "Surfing": ("surfing", "surf"),
    "Windsurf": ("windsurf", "windsurfing", "wind_kite_surfing"),
    "Kitesurf": ("kitesurf", "kitesurfing", "kiteboarding"),
    "Sail": ("sail", "sailing"),
    "Elliptical": ("elliptical", "elliptical_trainer", "cross_trainer", "crosstrainer"),
    "StairStepper": ("stairstepper", "stair_stepper", "stair_climbing", "stair_climber"),
    "WeightTraining": ("weighttraining", "weight_training", "strength_training", "strength", "weights"),
    "HighIntensityIntervalTraining": ("highintensityintervaltraining", "high_intensity_interval_training", "hiit"),
    "Yoga": ("yoga",),
    "Pilates": ("pilates",),
    "RockClimbing": ("rockclimbing", "rock_climbing", "climbing", "bouldering", "indoor_climbing"),
    "Golf": ("golf",),
    "Soccer": ("soccer", "football"),
    "Tennis": ("tennis",),
    "Wheelchair": ("wheelchair", "wheelchair_push_run", "wheelchair_push_walk"),
    "Handcycle": ("handcycle", "hand_cycling", "handcycling"),
    "Velomobile": ("velomobile",),
    "Workout": ("workout", "fitness_equipment", "indoor_cardio", "cardio", "gym", "fitness", "circuit_training"),
}
SPORT_WORDS = {word: sport for sport, words in _WORDS_OF_SPORT.items() for word in words}
INDOOR_SPORT_WORDS = frozenset(
    {
        *("treadmill", "treadmill_running", "indoor_running", "indoor_run", "run_indoor", "indoor_walking"),
        *(
            "indoor_cycling",
            "indoor_biking",
            "spinning",
            "indoor_rowing",
            "indoor_swimming",
            "virtual_run",
            "virtualrun",
        ),
    }
)


_INDOORS = frozenset({"indoor", "indoors", "treadmill"})


def sport_of_word(word: str) -> tuple[str | None, bool]:
    """The SportType for a sport written out in GPX or TCX, or None; and whether it is done indoors."""
    plain = "_".join(_parts(word))
    return SPORT_WORDS.get(plain), plain in INDOOR_SPORT_WORDS


def sport_of_file_word(word: str) -> tuple[str | None, bool]:
    """The same, and for words nobody listed what their parts say: "running_race", "OutdoorRun", "cycling road".

    None where the parts name two sports, as "swim_run" does.
    """
    sport, is_indoor = sport_of_word(word)
    if sport is not None:
        return sport, is_indoor
    parts = _parts(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word))
    if (spaced := SPORT_WORDS.get("_".join(parts))) is not None:
        return spaced, "_".join(parts) in INDOOR_SPORT_WORDS
    named = {SPORT_WORDS[part] for part in parts if part in SPORT_WORDS and not part.isdigit()}
    return (named.pop() if len(named) == 1 else None), not _INDOORS.isdisjoint(parts)


def _parts(word: str) -> list[str]:
    return word.strip().casefold().replace("-", " ").replace("_", " ").replace("/", " ").split()


def sport_of_title(title: str) -> str | None:
    """The SportType that the first word of a title names, or None: Runkeeper's files are called "Running 5/4/24"."""
    first = title.strip().split(" ", 1)[0].rstrip(",:;")
    return sport_of_word(first)[0] if first.isalpha() else None


def is_on_foot(sport: str | None) -> bool:
    """Whether cadence counts the steps of one foot; an unknown sport is taken for a run."""
    return sport is None or sport in FOOT_SPORTS


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
