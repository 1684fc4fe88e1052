"""The simulated people: an athlete, the gear and the clubs that are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gear:
    """A pair of shoes (id `g…`) or a bike (id `b…`); its distance is `Population.gear_distance_m`."""

    id: str
    athlete_id: int
    brand: str
    model: str
    nickname: str | None
    retired: bool
    primary: bool
    first_day: date
    notification_distance_m: int | None = None
    frame_type: int | None = None
    weight_kg: float | None = None

    @property
    def name(self) -> str:
        """Brand, model and nickname in one, as activities show it since 2023."""
        return " ".join(word for word in (self.brand, self.model, self.nickname) if word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Club:
    """An invented club that people of the world belong to."""

    id: int
    name: str
    sport_type: str
    city: str
    state: str
    country: str
    private: bool
    member_count: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One athlete. `home` (latitude, longitude) with `privacy_radius_m` is the privacy zone.

    `heartrate_zones_bpm` are the four upper bounds of zones 1 to 4: round(0.65, 0.81, 0.89, 0.97 of the maximum),
    the maximum being 220 less the age. `measurement_preference` is `meters` or `feet`. `ftp_w` is None without a
    power meter.
    """

    id: int
    username: str | None
    firstname: str
    lastname: str
    city: str
    state: str
    country: str
    sex: str
    bio: str | None
    weight_kg: float
    birth_year: int
    max_heartrate_bpm: int
    heartrate_zones_bpm: tuple[int, int, int, int]
    custom_zones: bool = False
    ftp_w: int | None
    timezone: str
    measurement_preference: str
    date_preference: str
    premium: bool
    created_at: datetime
    updated_at: datetime
    follower_count: int
    friend_count: int
    athlete_type: int = 1
    home: tuple[float, float]
    privacy_radius_m: int
    shoes: tuple[Gear, ...]
    bikes: tuple[Gear, ...]
    clubs: tuple[Club, ...]
    starred_segment_ids: tuple[int, ...]
