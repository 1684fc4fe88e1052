"""What the user's `config.toml` says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from paceport.lazy_dataclass import dataclass
from paceport.maps.place import RADIUS_M, Place
from paceport.profile.athlete_settings import AthleteSettings
from paceport.profile.service_settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """What stands in the file; None and the defaults where it says nothing."""

    units: Literal["auto", "km", "mi"] = "auto"
    timezone: str | None = None
    api_data: bool | Literal["on", "off"] | None = None
    map_tiles: str = ""
    private_radius_m: float = RADIUS_M
    private_places: Mapping[str, Place] = field(default_factory=dict)
    shoe_limit_km: float | None = None
    shoe_limits_km: Mapping[str, float] = field(default_factory=dict)
    profile: str | None = None
    vault: str = "file"
    key_command: str | None = None
    api_generation: int | str = 2026
    client_id: str | int | None = None
    oauth_url: str | None = None
    api_url: str | None = None
    service: ServiceSettings = field(default_factory=ServiceSettings)
    athlete: AthleteSettings = field(default_factory=AthleteSettings)
