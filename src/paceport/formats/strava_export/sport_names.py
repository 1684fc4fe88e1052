"""The names of sports as exports write them, in the languages they were seen in."""

from paceport.formats.strava_export.comparable_text import make_comparable
from paceport.sports import SPORT_TYPES

# Sport words seen in those exports → Strava's own words of the API ("SportType").
_SPORTS = {
    "Lauf": "Run", "Radfahrt": "Ride",  # de: issue 86 and a public import test
    "Course à pied": "Run", "Vélo": "Ride", "Marche": "Walk", "Natation": "Swim",  # fr
    "Carrera": "Run", "Entrenamiento con pesas": "WeightTraining",  # es
    "Pedalada": "Ride",  # pt
    "Hardloopsessie": "Run", "Fietsrit": "Ride", "Virtuele fietsrit": "VirtualRide", "Wandeling": "Walk",
    "Hiken": "Hike", "Krachttraining": "WeightTraining",  # nl
}  # fmt: skip


SPORTS = {make_comparable(word): sport for word, sport in _SPORTS.items()} | {
    make_comparable(spelling): sport
    for sport in SPORT_TYPES
    for spelling in (sport, "".join(f" {char}" if char.isupper() else char for char in sport))
}


def sport_word(given: str, extra: dict[str, str] | None = None) -> str | None:
    """Strava's word for a sport as an export writes it, in any language seen; None if it was not seen."""
    return (extra or {}).get(make_comparable(given)) or SPORTS.get(make_comparable(given))
