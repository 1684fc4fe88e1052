"""The sports the service knows: all of them, and what the older `type` calls the newer ones."""

from __future__ import annotations

# What a sport that came after `type` was frozen shows there; the mapping of most to Workout is assumed.
_NEWER: dict[str, str] = {
    "TrailRun": "Run",
    "GravelRide": "Ride",
    "MountainBikeRide": "Ride",
    "EMountainBikeRide": "EBikeRide",
    "VirtualRow": "Rowing",
    **dict.fromkeys(("Badminton", "Basketball", "Cricket", "Dance", "HighIntensityIntervalTraining"), "Workout"),
    **dict.fromkeys(("Padel", "PhysicalTherapy", "Pickleball", "Pilates", "Racquetball"), "Workout"),
    **dict.fromkeys(("Squash", "TableTennis", "Tennis", "Volleyball"), "Workout"),
}
_OLDER = (
    *("AlpineSki", "BackcountrySki", "Canoeing", "Crossfit", "EBikeRide", "Elliptical", "Golf", "Handcycle", "Hike"),
    *("IceSkate", "InlineSkate", "Kayaking", "Kitesurf", "NordicSki", "Ride", "RockClimbing", "RollerSki", "Rowing"),
    *("Run", "Sail", "Skateboard", "Snowboard", "Snowshoe", "Soccer", "StairStepper", "StandUpPaddling", "Surfing"),
    *("Swim", "Velomobile", "VirtualRide", "VirtualRun", "Walk", "WeightTraining", "Wheelchair", "Windsurf"),
    *("Workout", "Yoga"),
)
SPORTS = frozenset((*_OLDER, *_NEWER))
RUNS = frozenset({"Run", "TrailRun", "VirtualRun"})


def old_type(sport_type: str) -> str:
    """The deprecated `type` of a sport."""
    return _NEWER.get(sport_type, sport_type)


def is_run(sport_type: str) -> bool:
    """Whether an activity of this sport has shoes, splits and best efforts."""
    return sport_type in RUNS
