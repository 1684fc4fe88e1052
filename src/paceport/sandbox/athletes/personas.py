"""Who the simulated athletes are: their towns, bodies, watches and years. All invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from paceport.sandbox.athletes.devices import BIKE_COMPUTER, PHONE, POD_WATCH, SMART_WATCH, WATCH, Device
from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.terrain import Place, create_place
from paceport.sandbox.athletes.training_plan import Race, TrainingProfile

HALF_M, FULL_M = 21097.5, 42195.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """One athlete before anything happened: `places[0]` is home; `devices` are (from this day on, what records).

    `flaws` are what the devices get wrong: `treadmill`, `spikes`, `phone`.
    """

    username: str | None
    firstname: str
    lastname: str
    sex: str
    bio: str | None
    weight_kg: float
    birth_year: int
    resting_heartrate_bpm: float
    threshold_heartrate_bpm: float
    sensor_share: float
    ftp_w: int | None
    imperial: bool
    premium: bool
    privacy_radius_m: int
    friends: int
    places: tuple[Place, ...]
    temperature_c: tuple[float, float]
    devices: tuple[tuple[date, Device], ...]
    bike_device: Device | None
    shoes: tuple[tuple[str, str], ...]
    bike: tuple[str, str] | None
    loops_m: tuple[int, ...]
    training: TrainingProfile
    flaws: frozenset[str] = frozenset()


def create_persona(seed: int, index: int) -> Persona:
    """The athlete of that number: 0 Nora of many years, 1 Tomás of some, 2 the newcomer, then ever others."""
    if index < 3:
        return (_nora, _tomas, _aiko)[index]()
    return _other(random_stream(f"{seed}/character/{index}"), index)


def _nora() -> Persona:
    return Persona(
        username="noralindqvist",
        firstname="Nora",
        lastname="Lindqvist",
        sex="F",
        bio="Springer i Norrvik. Kaffe först ☕️",
        weight_kg=58.5,
        birth_year=1988,
        resting_heartrate_bpm=50.0,
        threshold_heartrate_bpm=165.0,
        sensor_share=0.94,
        ftp_w=None,
        imperial=False,
        premium=True,
        privacy_radius_m=400,
        friends=63,
        places=_nora_places(),
        temperature_c=(7.0, 11.0),
        devices=((date(2020, 1, 1), PHONE), (date(2020, 9, 12), SMART_WATCH), (date(2023, 4, 1), WATCH)),
        bike_device=None,
        shoes=(("Tallbro", "Kilometer"), ("Tallbro", "Kilometer 2"), ("Vassund", "Cloudberry"), ("Tallbro", "Tempo")),
        bike=("Hjulsta", "Landsväg"),
        loops_m=_NORA_LOOPS_M,
        training=_nora_training(),
    )


def _nora_places() -> tuple[Place, ...]:
    home = create_place(
        "Norrvik", 59.612, 15.214, "Europe/Stockholm", state="Västmanland", country="Sweden", hilly=1.7, base_m=92.0
    )
    island = create_place(
        "Cala Serena", 39.62, 3.02, "Europe/Madrid", state="Islas Baleares", country="Spain", hilly=2.4, base_m=70.0
    )
    city = create_place(
        "Lindenau", 52.47, 13.33, "Europe/Berlin", state="Berlin", country="Germany", hilly=0.5, base_m=38.0
    )
    far = create_place("Hinodai", 35.70, 139.53, "Asia/Tokyo", state="Tokyo", country="Japan", hilly=1.1, base_m=55.0)
    return home, island, city, far


def _nora_training() -> TrainingProfile:
    return TrainingProfile(
        first_day=date(2020, 1, 4),
        speeds=_NORA_SPEEDS,
        weeks=_NORA_WEEKS,
        gaps=_NORA_GAPS,
        trips=_NORA_TRIPS,
        races=tuple(_nora_races()),
        missed=0.07,
        weights=0.3,
    )


def _nora_races() -> list[Race]:
    races = [
        Race(day=date(2022, 9, 25), name="Lindenau Marathon", distance_m=FULL_M, place=2, fade_ratio_per_h=0.045),
        Race(day=date(2024, 10, 12), name="Norrvik Marathon", distance_m=FULL_M, fade_ratio_per_h=0.02),
        Race(day=date(2026, 9, 27), name="Lindenau Marathon", distance_m=FULL_M, place=2, fade_ratio_per_h=0.01),
    ]
    for year in range(2020, 2027):
        spring, autumn = _weekday(year, 5, 10, 5), _weekday(year, 9, 3, 5)
        races += [
            Race(day=spring, name="Vårruset 10 km", distance_m=10000.0, effort_ratio=0.985 + 0.002 * (year % 7)),
            Race(day=autumn, name="Norrvik Half", distance_m=HALF_M, effort_ratio=0.985, fade_ratio_per_h=0.02),
        ]
        for month in (1, 3, 6, 8, 11):
            day = _weekday(year, month, 14, 5)
            races.append(
                Race(day=day, name="Sjöparken 5 km", distance_m=5000.0, effort_ratio=0.97 + 0.005 * (month % 5))
            )
    return sorted(races, key=lambda race: race.day)


def _tomas() -> Persona:
    home = create_place(
        "Cedar Mesa",
        39.853,
        -105.071,
        "America/Denver",
        state="Colorado",
        country="United States",
        hilly=2.2,
        base_m=1640.0,
    )
    return Persona(
        username="tomas_runs_uphill",
        firstname="Tomás",
        lastname="O'Reilly-Vega",
        sex="M",
        bio=None,
        weight_kg=79.0,
        birth_year=1979,
        resting_heartrate_bpm=56.0,
        threshold_heartrate_bpm=157.0,
        sensor_share=0.85,
        ftp_w=231,
        imperial=True,
        premium=False,
        privacy_radius_m=200,
        friends=21,
        places=(home,),
        temperature_c=(11.0, 12.0),
        devices=((date(2024, 1, 1), WATCH), (date(2026, 1, 1), POD_WATCH)),
        bike_device=BIKE_COMPUTER,
        shoes=(("Arroyo", "Switchback"), ("Arroyo", "Miler 4"), ("Arroyo", "Miler 5")),
        bike=("Pinyon", "Gravel One"),
        loops_m=(4800, 6400, 8000, 9700, 12900, 16100),
        training=_tomas_training(),
    )


def _tomas_training() -> TrainingProfile:
    return TrainingProfile(
        first_day=date(2024, 1, 8),
        speeds=((date(2024, 1, 1), 3.05), (date(2025, 6, 1), 3.3), (date(2026, 10, 1), 3.38)),
        weeks=((date(2024, 1, 1), 16.0), (date(2025, 5, 1), 30.0), (date(2026, 10, 1), 26.0)),
        gaps=((date(2024, 7, 1), date(2024, 7, 28)), (date(2025, 12, 20), date(2026, 1, 11))),
        races=(
            Race(day=date(2024, 5, 27), name="Mesa 10K", distance_m=10000.0, effort_ratio=0.98),
            Race(day=date(2025, 5, 26), name="Mesa 10K", distance_m=10000.0, effort_ratio=0.99),
            Race(day=date(2025, 10, 19), name="Canyon Half", distance_m=HALF_M, fade_ratio_per_h=0.03),
            Race(day=date(2026, 5, 25), name="Mesa 10K", distance_m=10000.0),
        ),
        missed=0.15,
        workouts=0.5,
        rides=0.5,
        weights=0.1,
        commutes=0.0,
    )


def _aiko() -> Persona:
    home = create_place(
        "Gull Harbour",
        -35.082,
        138.545,
        "Australia/Adelaide",
        state="South Australia",
        country="Australia",
        hilly=0.8,
        base_m=31.0,
    )
    return Persona(
        username=None,
        firstname="Aiko",
        lastname="Tanabe",
        sex="F",
        bio=None,
        weight_kg=54.0,
        birth_year=2001,
        resting_heartrate_bpm=64.0,
        threshold_heartrate_bpm=176.0,
        sensor_share=0.0,
        ftp_w=None,
        imperial=False,
        premium=False,
        privacy_radius_m=0,
        friends=2,
        places=(home,),
        temperature_c=(17.0, 6.0),
        devices=((date(2026, 1, 1), PHONE),),
        bike_device=None,
        shoes=(("Vassund", "First Steps"),),
        bike=None,
        loops_m=(3000, 4200, 5600),
        training=_aiko_training(),
    )


def _aiko_training() -> TrainingProfile:
    return TrainingProfile(
        first_day=date(2026, 10, 3),
        speeds=((date(2026, 10, 1), 2.6), (date(2026, 11, 15), 2.7)),
        weeks=((date(2026, 10, 1), 6.5), (date(2026, 11, 15), 9.0)),
        missed=0.2,
        workouts=0.0,
        rides=0.0,
        walks=0.1,
        weights=0.0,
        commutes=0.0,
        northern=False,
    )


def _other(rng: Random, index: int) -> Persona:
    firstname, lastname, sex = rng.choice(_FIRST), rng.choice(_LAST), rng.choice("MF")
    town, latitude, longitude, zone, state, country = rng.choice(_TOWNS)
    home = create_place(
        f"{town} {index}",
        latitude,
        longitude,
        zone,
        state=state,
        country=country,
        hilly=rng.uniform(0.6, 2.2),
        base_m=140.0,
    )
    first_day = date(2026, 11, 1) - timedelta(days=rng.randint(90, 900))
    return Persona(
        username=f"{firstname.lower()}{index}",
        firstname=firstname,
        lastname=lastname,
        sex=sex,
        bio=None,
        weight_kg=round(rng.uniform(52.0, 88.0), 1),
        birth_year=rng.randint(1958, 2004),
        resting_heartrate_bpm=rng.uniform(46.0, 62.0),
        threshold_heartrate_bpm=rng.uniform(155.0, 172.0),
        sensor_share=rng.choice((0.0, 0.9, 1.0)),
        ftp_w=None,
        imperial=rng.random() < 0.2,
        premium=rng.random() < 0.3,
        privacy_radius_m=rng.choice((0, 200, 400, 800)),
        friends=rng.randint(0, 80),
        places=(home,),
        temperature_c=(12.0, 9.0),
        devices=((first_day, rng.choice((PHONE, SMART_WATCH, WATCH))),),
        bike_device=None,
        shoes=(("Tallbro", "Kilometer"), ("Vassund", "Cloudberry")),
        bike=None,
        loops_m=(4000, 5500, 7000, 9000, 11000, 15000),
        training=_random_training(rng, first_day),
    )


def _random_training(rng: Random, first_day: date) -> TrainingProfile:
    speed, weekly = rng.uniform(2.7, 4.3), rng.uniform(12.0, 45.0)
    return TrainingProfile(
        first_day=first_day,
        speeds=((first_day, speed), (date(2026, 11, 1), speed * 1.06)),
        weeks=((first_day, weekly * 0.7), (date(2026, 11, 1), weekly)),
        rides=0.0,
    )


_FIRST = ("Ingrid", "Paweł", "Zoë", "Kwame", "Mei", "Ondřej", "Fatima", "Łucja", "Diego", "Sunniva", "Bram", "Priya")
_LAST = ("Ashdown", "Çelik", "van der Meer", "Nakamura", "Osei", "Dvořák", "Quiñones", "Svensson", "MacLeod", "Roy")
_TOWNS = (
    ("Altbrück", 48.09, 11.46, "Europe/Berlin", "Bayern", "Germany"),
    ("Saint-Orme", 45.72, 4.80, "Europe/Paris", "Rhône", "France"),
    ("Whitcombe", 51.43, -2.55, "Europe/London", "England", "United Kingdom"),
    ("Lakemere", 41.92, -87.80, "America/Chicago", "Illinois", "United States"),
)
_NORA_LOOPS_M = (
    *(4100, 5200, 6000, 6600, 7400, 8100, 8800, 9700, 10400, 11500, 12600, 14000),
    *(16200, 18500, 21000, 24500, 29000, 33000),
)
_NORA_SPEEDS = (
    (date(2020, 1, 1), 3.12),
    (date(2020, 9, 1), 3.34),
    (date(2021, 9, 1), 3.55),
    (date(2022, 9, 20), 3.78),
    (date(2023, 2, 10), 3.80),
    (date(2023, 5, 20), 3.48),
    (date(2023, 11, 1), 3.68),
    (date(2024, 10, 1), 3.93),
    (date(2025, 9, 1), 4.02),
    (date(2026, 9, 25), 4.12),
)
_NORA_WEEKS = (
    (date(2020, 1, 1), 17.0),
    (date(2020, 8, 1), 30.0),
    (date(2021, 6, 1), 38.0),
    (date(2022, 8, 1), 56.0),
    (date(2022, 12, 1), 40.0),
    (date(2023, 6, 1), 24.0),
    (date(2024, 8, 25), 64.0),
    (date(2025, 1, 10), 46.0),
    (date(2026, 8, 30), 68.0),
    (date(2026, 11, 15), 44.0),
)
_NORA_GAPS = (
    (date(2020, 3, 16), date(2020, 3, 27)),
    (date(2020, 12, 21), date(2020, 12, 29)),
    (date(2021, 2, 3), date(2021, 2, 11)),
    (date(2021, 11, 8), date(2021, 11, 15)),
    (date(2022, 1, 17), date(2022, 1, 24)),
    (date(2022, 9, 26), date(2022, 10, 2)),
    (date(2023, 2, 26), date(2023, 4, 21)),
    (date(2024, 2, 5), date(2024, 2, 13)),
    (date(2024, 10, 13), date(2024, 10, 18)),
    (date(2024, 12, 22), date(2024, 12, 27)),
    (date(2025, 11, 3), date(2025, 11, 10)),
    (date(2026, 10, 1), date(2026, 10, 6)),
)
_NORA_TRIPS = (
    (date(2021, 7, 12), date(2021, 7, 25), 1),
    (date(2022, 9, 22), date(2022, 9, 25), 2),
    (date(2023, 7, 3), date(2023, 7, 16), 1),
    (date(2024, 4, 8), date(2024, 4, 21), 3),
    (date(2025, 7, 7), date(2025, 7, 20), 1),
    (date(2026, 9, 24), date(2026, 9, 30), 2),
)


def _weekday(year: int, month: int, day: int, weekday: int) -> date:
    """The first such weekday (Monday 0) on or after a day."""
    start = date(year, month, day)
    return start + timedelta(days=(weekday - start.weekday()) % 7)


def joined_at(training: TrainingProfile) -> datetime:
    """When an athlete opened the account: some days before the first activity."""
    return datetime(
        training.first_day.year, training.first_day.month, training.first_day.day, 18, 4, 9, tzinfo=UTC
    ) - timedelta(days=9)
