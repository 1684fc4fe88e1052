"""What athletes call their activities: mostly what the clock says, sometimes what came to mind."""

from __future__ import annotations

from random import Random

# Copied to a clipboard, cleared screen, reversed reading: what a careless terminal would obey. Harmless content.
HOSTILE_NAME = "\x1b]52;c;cGFjZXBvcnQ=\x07Easy \u202enur\u202c \x1b[2J\x1b[31m10 km\x1b[0m"

SPORT_WORDS = {
    "Run": "Run",
    "TrailRun": "Trail Run",
    "VirtualRun": "Virtual Run",
    "Ride": "Ride",
    "Walk": "Walk",
    "WeightTraining": "Weight Training",
}
OWN_WORDS = {
    "easy": (
        "Älvstigen fram och tillbaka",
        "Easy does it 🐌",
        '"Easy", they said',
        "Shake-out & errands",
        "Regn, regn, regn ☔️",
        "Ran out of milk 🥛",
        "L'heure bleue",
        "Lunch loop w/ Åsa",
        "100% humidity <3",
        "ריצת בוקר",
        "朝ラン",
        "Podcast miles",
        "Just   spaces  ",
        "Nach der Arbeit & endlich Sonne",
        "🏃‍♀️🏃🏽‍♂️👩‍👩‍👧‍👦",
    ),
    "recovery": ("Recovery", "Legs = wood 🪵", "Återhämtning", "Very, very slow; ok?"),
    "long": (
        "Söndagslångpass ☕️",
        "Long run",
        "Long one, with hills ⛰️",
        'The "short" way home',
        "2 h i skogen",
        "Sunday service",
    ),
    "trail": ("Mud 🐗", "Berget runt", "Stigar", "Roots & rocks", "Ridge loop"),
    "commute": ("To work", "Till jobbet", "Run commute 🎒"),
    "treadmill": ("Löpband", "Treadmill", "Hamster wheel 🐹"),
    "manual": ("Watch was flat 🪫", "Forgot to start the watch"),
    "ride": ("Kaffetur", "Spin", "Round the lake"),
    "walk": ("Walk with Bosse 🐕", "Promenad"),
    "weights": ("Gym", "Styrka", "Core & stretch"),
}
DESCRIPTIONS = (
    "Felt good all the way.\nNew shoes, no blisters.",
    "Headwind out, headwind back.",
    "Pace by feel; heart rate a bit high → sleep!",
    "Tack Åsa för sällskapet 🙏",
    "Splits: 4:58, 4:55, 4:51 & a sprint",
    "<b>not bold</b> & \"quoted\" 'text', 50 % off; a,b,c",
)
NOTES = ("Left calf tight from 6 km.", "Coffee before, stomach fine.", "Knee: 2/10.", "Slept 5 h.")


def activity_title(rng: Random, kind: str, sport: str, hour: int) -> str:
    """A name for an activity of a kind that began at that hour, local time."""
    own = OWN_WORDS.get(kind)
    if own and rng.random() < 0.36:
        return rng.choice(own)
    return f"{time_of_day(hour)} {SPORT_WORDS[sport]}"


def time_of_day(hour: int) -> str:
    """What the service calls the time of day in a default name."""
    for before, word in ((11, "Morning"), (14, "Lunch"), (17, "Afternoon"), (21, "Evening")):
        if hour < before:
            return word
    return "Night"
