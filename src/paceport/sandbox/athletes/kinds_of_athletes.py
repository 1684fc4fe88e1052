"""What makes the athletes behind the first three differ: how they train, where, and what their devices get wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from paceport.sandbox.athletes.devices import BIKE_COMPUTER, POD_WATCH, SMART_WATCH
from paceport.sandbox.athletes.personas import Persona
from paceport.sandbox.athletes.training_plan import Race

KINDS = ("mixed", "easy", "cyclist", "treadmill", "spikes", "phone", "hot", "racer")
_RACE_EACH = timedelta(days=42)
_RACES_M = (5000.0, 10000.0, 21097.5)


def kind_of(index: int) -> str:
    """The kind of the athlete of that number: `mixed` for the first three, then one kind after the other.

    easy runs easily and nothing else; cyclist rides most days; treadmill runs indoors on a belt that measures wrongly;
    spikes wears a watch whose places jump; phone carries a phone beside the watch, which records some runs once more;
    hot lives where it is hot all year; racer races every six weeks.
    """
    return "mixed" if index < 3 else KINDS[1 + (index - 3) % (len(KINDS) - 1)]


def with_kind(persona: Persona, index: int) -> Persona:
    """The persona as its number makes it."""
    training = persona.training
    match kind_of(index):
        case "easy":
            return replace(persona, training=replace(training, workouts=0.0, races=(), easy_only=True))
        case "cyclist":
            riding = replace(training, rides=4.0, weeks=tuple((day, 9.0) for day, _ in training.weeks))
            return replace(
                persona, training=riding, bike=("Pinyon", "Gravel One"), bike_device=BIKE_COMPUTER, ftp_w=245
            )
        case "treadmill":
            return replace(persona, training=replace(training, indoor_share=0.6), flaws=frozenset({"treadmill"}))
        case "spikes":
            # Without a barometer, heights come from the satellites, too, and jump with the places.
            device = replace(SMART_WATCH, barometer=False)
            return replace(persona, devices=((training.first_day, device),), flaws=frozenset({"spikes"}))
        case "phone":
            return replace(
                persona, devices=((training.first_day, POD_WATCH),), sensor_share=1.0, flaws=frozenset({"phone"})
            )
        case "hot":
            return replace(persona, temperature_c=(29.0, 4.0))
        case "racer":
            return replace(persona, training=replace(training, races=_races(training.first_day)))
        case _:
            return persona


def _races(first_day: date) -> tuple[Race, ...]:
    """A race every sixth Saturday, three distances in turn."""
    day = first_day + timedelta(days=28 + (5 - first_day.weekday()) % 7)
    found: list[Race] = []
    while day <= date(2026, 11, 14):
        metres = _RACES_M[len(found) % len(_RACES_M)]
        found.append(Race(day=day, name=f"{metres / 1000:.0f} km race", distance_m=metres))
        day += _RACE_EACH
    return tuple(found)
