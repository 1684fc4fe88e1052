"""The user's `config.toml`, decoded and checked: every wrong value and every unknown name is an error that names it."""

from __future__ import annotations

import codecs
import difflib
import re
import tomllib
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from paceport.errors import StoreUnreadable, UsageError
from paceport.maps.place import RADIUS_M, SMALLEST_RADIUS_M, Place
from paceport.profile.athlete_settings import AthleteSettings
from paceport.profile.config_values import ConfigFile
from paceport.profile.service_settings import ServiceSettings
from paceport.sports import SPORT_GROUPS, sports_of_word
from paceport.training.metrics.load_source import LoadChoice
from paceport.units import MILE_M

_PLACE = re.compile(r"(.*) - at `\$\.?([^`]*)`$", re.DOTALL)
# They end in \Z, because $ lets a newline follow.
_PACE = r"^ *[0-9]{1,2}:[0-5][0-9](?: *(?:min)? */ *(?:km|mi|mile))? *\Z"
# Of a street map: https, or this machine; nothing that could end or widen the browser's list of allowed hosts.
_TILES = r"^(https://[A-Za-z0-9.-]+(:[0-9]{1,5})?|http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?)/[!-~]*\{z\}[!-~]*\{x\}[!-~]*\{y\}[!-~]*\Z|^\Z"
LoadWord = Literal["auto", "trimp", "hrtss", "edwards", "power", "work", "pace", "rpe"]
# The short words for what the analysis calls by longer names.
_LOADS: dict[LoadWord, LoadChoice] = {
    "auto": "auto",
    "trimp": "trimp",
    "work": "work",
    "hrtss": "heart-rate-stress",
    "edwards": "edwards-trimp",
    "power": "power-stress",
    "pace": "pace-stress",
    "rpe": "session-rpe",
}
_PROFILE = r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?\Z"
# A number, an address or a path behind the colon would be ignored, so it is refused.
_VAULT = r"^(file|keyring|postgres):?\Z"
# What each setting may be, for the error that refuses it.
_MAY_BE = {
    "units": '"auto", "km" or "mi"',
    "timezone": 'the name of a zone, such as "Europe/Berlin"',
    "api_data": '"on" or "off"',
    "map_tiles": 'an address such as "https://tile.example.org/{z}/{x}/{y}.png"',
    "private_radius_m": "a length in metres, 200 to 5000, such as 500, or 0",
    "private_places": 'a table, [private_places], of lines such as "Parents" = [52.5163, 13.3777]',
    "shoe_limit_km": "kilometres, 10 to 10000, such as 700",
    "shoe_limits_km": 'a table, [shoe_limits_km], of lines such as "Blue ones" = 600, from 10 to 10000 kilometres',
    "profile": "at most 64 letters, digits, dots, dashes and underscores",
    "vault": '"file", "keyring:" or "postgres:"',
    "key_command": 'a command that prints the key, such as "pass show paceport"',
    "api_generation": "2026 (today's host) or 2027 (the new host)",
    "client_id": "the client id of your app, a number",
    "oauth_url": "a web address in quotes",
    "api_url": "a web address in quotes",
    "service": "a table: [service], then its lines",
    "service.base_url": 'what browsers reach the service at, such as "https://runs.example.org"',
    "service.capacity": "how many athletes your app may have at Strava, such as 10",
    "service.asks_for": '"runs", "activities", "upload", "edit" or "everything"',
    "athlete": "a table: [athlete], then its lines",
    "athlete.max_heartrate": "beats per minute, 25 to 250",
    "athlete.max_heartrate_by_year": "a table, [athlete.max_heartrate_by_year], of lines such as 2024 = 188",
    "athlete.rest_heartrate": "beats per minute, 25 to 250",
    "athlete.threshold_heartrate": "beats per minute, 25 to 250",
    "athlete.zones": "the rates where zones 2, 3 … begin, such as [120, 140, 160, 175]",
    "athlete.sex": '"male" or "female"',
    "athlete.trimp": '"banister" or "fellrnr"',
    "athlete.not_records": "ids of runs, such as [1234567890]",
    "athlete.threshold_pace": 'minutes and seconds for a kilometre or a mile, such as "4:10 /km"',
    "athlete.threshold_power": "watts, 20 to 700",
    "athlete.load": '"auto", "trimp", "hrtss", "edwards", "power", "work", "pace" or "rpe"',
    "athlete.form_sports": 'words such as ["run", "ride", "swim"], or "all"',
}
# What settings that are gone are called now.
_RENAMED = {"route_trim_m": "private_radius_m = 500"}
_ShoeLimit = Annotated[float, msgspec.Meta(ge=10, le=10000)]
_PlaceLine = Annotated[tuple[float, ...], msgspec.Meta(min_length=2, max_length=3)]
_FASTEST_PACE_S = 90
_YEARS = range(1900, 2100)
_HeartRate = Annotated[float, msgspec.Meta(ge=25, le=250)]


class AthleteTable(msgspec.Struct, frozen=True, kw_only=True):
    """The table as it stands in the file: heart rates in beats per minute, None where not set."""

    max_heartrate: _HeartRate | None = None
    max_heartrate_by_year: dict[str, _HeartRate] = msgspec.field(default_factory=dict)
    rest_heartrate: _HeartRate | None = None
    threshold_heartrate: _HeartRate | None = None
    zones: Annotated[tuple[_HeartRate, ...], msgspec.Meta(max_length=9)] = ()
    sex: Literal["male", "female"] | None = None
    trimp: Literal["banister", "fellrnr"] = "banister"
    not_records: tuple[int, ...] = ()
    threshold_pace: Annotated[str, msgspec.Meta(pattern=_PACE)] | None = None
    threshold_power: Annotated[float, msgspec.Meta(ge=20, le=700)] | None = None
    load: LoadWord = "auto"
    form_sports: str | Annotated[tuple[str, ...], msgspec.Meta(max_length=60)] = ()


class ServiceTable(msgspec.Struct, frozen=True, kw_only=True):
    """The table as it stands in the file."""

    base_url: str | None = None
    capacity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 10
    asks_for: Literal["runs", "activities", "upload", "edit", "everything"] = "runs"


class ConfigTable(msgspec.Struct, frozen=True, kw_only=True):
    """The file as it stands; None and the defaults where it says nothing."""

    units: Literal["auto", "km", "mi"] = "auto"
    timezone: str | None = None
    api_data: bool | Literal["on", "off"] | None = None
    map_tiles: Annotated[str, msgspec.Meta(pattern=_TILES)] = ""
    private_radius_m: Annotated[float, msgspec.Meta(ge=0, le=5000)] = RADIUS_M
    private_places: dict[str, _PlaceLine] = msgspec.field(default_factory=dict)
    shoe_limit_km: _ShoeLimit | None = None
    shoe_limits_km: dict[str, _ShoeLimit] = msgspec.field(default_factory=dict)
    profile: Annotated[str, msgspec.Meta(pattern=_PROFILE)] | None = None
    vault: Annotated[str, msgspec.Meta(pattern=_VAULT)] = "file"
    key_command: str | None = None
    api_generation: int | Literal["2026", "2027", ""] = 2026
    client_id: str | int | None = None
    oauth_url: str | None = None
    api_url: str | None = None
    service: ServiceTable = ServiceTable()
    athlete: AthleteTable = AthleteTable()


def parse_config(content: bytes, path: Path) -> ConfigFile:
    """What the content of the settings file at `path` says.

    Raises StoreUnreadable for what is no TOML, UsageError for a value or a name that cannot be.
    """
    try:
        table = tomllib.loads(_text(content).replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise StoreUnreadable(
            path=str(path), why=f"line {line} holds a byte that is not UTF-8", fix="save the file as UTF-8"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise StoreUnreadable(path=str(path), why=f"it is not valid TOML: {error}", fix="correct that line") from error
    _check_names(table, ConfigTable, where="")
    for name, kind in (("athlete", AthleteTable), ("service", ServiceTable)):
        inner = table.get(name)
        if isinstance(inner, Mapping):
            _check_names(inner, kind, where=name)
    try:
        found = msgspec.convert(table, ConfigTable)
        if 0 < found.private_radius_m < SMALLEST_RADIUS_M:
            raise msgspec.ValidationError("too small - at `$.private_radius_m`")
    except msgspec.ValidationError as error:
        raise _wrong(table, str(error)) from error
    values = {name: getattr(found, name) for name in ConfigTable.__struct_fields__}
    places = {name: _private_place(name, line) for name, line in found.private_places.items()}
    service = ServiceSettings(
        base_url=found.service.base_url, capacity=found.service.capacity, asks_for=found.service.asks_for
    )
    read = {"athlete": _athlete_settings(found.athlete), "private_places": places, "service": service}
    return ConfigFile(**values | read)


def _text(content: bytes) -> str:
    # Windows' own editor and PowerShell write UTF-16, and say so in the first two bytes.
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_utf16 else "utf-8-sig")


def _check_names(table: Mapping[str, object], kind: type[msgspec.Struct], *, where: str) -> None:
    """Raise UsageError for a name that is no setting, with the nearest that is one."""
    known = kind.__struct_fields__
    place = f" under [{where}]" if where else ""
    for name in table:
        if name in known:
            continue
        if name in _RENAMED:
            raise UsageError(
                what=f"{name!r} in config.toml is no longer a setting",
                why="places where many runs begin or end are left out of every track, whole",
                fix=f"write instead: {_RENAMED[name]}, or remove the line",
            )
        top = ConfigTable.__struct_fields__
        everywhere = (*known, *ConfigTable.__struct_fields__, *AthleteTable.__struct_fields__)
        near = difflib.get_close_matches(name.lower().replace("-", "_"), everywhere, n=1)
        if not near:
            fix = "remove it, or put a # before it"
        elif near[0] in known:
            fix = f"did you mean: {near[0]}"
        else:
            fix = f"did you mean: {near[0]}, {'above every table' if near[0] in top else 'under [athlete]'}"
        raise UsageError(
            what=f"{name[:60]!r}{place} in config.toml is not a setting",
            why=f"the settings are {', '.join(known)}",
            fix=fix,
        )


def _wrong(table: Mapping[str, Any], message: str) -> UsageError:
    """The error for the value that msgspec refused, by the place that its message ends with."""
    found = _PLACE.match(message)
    names = re.sub(r"\[.*", "", found[2]).split(".") if found else []
    value: Any = table
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    where = f" under [{names[0]}]" if len(names) > 1 else ""
    may_be = _MAY_BE.get(".".join(names), found[1] if found else message)
    return UsageError(
        what=f"{names[-1] if names else 'a setting'} = {str(value)[:60]!r}{where} in config.toml is not valid",
        why=f"it must be {may_be}",
        fix="correct the line, or put a # before it",
    )


def _private_place(name: str, line: tuple[float, ...]) -> Place:
    """The place of a line. Raises UsageError where it is none on Earth."""
    latitude_deg, longitude_deg, radius_m = (*line, RADIUS_M)[:3]
    if not (abs(latitude_deg) <= 90 and abs(longitude_deg) <= 180 and SMALLEST_RADIUS_M <= radius_m <= 5000):
        raise UsageError(
            what=f"{name[:60]} = {list(line)} under [private_places] in config.toml is not valid",
            why="it must be latitude, longitude and perhaps a radius of 200 to 5000 metres, such as [52.5163, 13.3777]",
            fix="correct the line, or put a # before it",
        )
    return Place(latitude_deg=latitude_deg, longitude_deg=longitude_deg, radius_m=radius_m)


def _athlete_settings(table: AthleteTable) -> AthleteSettings:
    """The settings of a decoded table. Raises UsageError where two of its entries contradict each other."""
    most, rest = table.max_heartrate, table.rest_heartrate
    lowest = min((rate for rate in (most, *table.max_heartrate_by_year.values()) if rate is not None), default=None)
    if lowest is not None and rest is not None and rest >= lowest:
        raise _contradiction("rest_heartrate", rest, "less than max_heartrate, in every year")
    if any(low >= high for low, high in pairwise(table.zones)):
        raise _contradiction("zones", list(table.zones), "rising, such as [120, 140, 160, 175]")
    return AthleteSettings(
        max_bpm=most,
        max_bpm_by_year=_by_year(table.max_heartrate_by_year),
        rest_bpm=rest,
        threshold_bpm=table.threshold_heartrate,
        zones_bpm=table.zones,
        sex=table.sex,
        trimp=table.trimp,
        not_records=table.not_records,
        threshold_mps=_threshold_mps(table.threshold_pace),
        threshold_w=table.threshold_power,
        load=_LOADS[table.load],
        form_sports=_form_sports(table.form_sports),
    )


def _by_year(rates: Mapping[str, float]) -> tuple[tuple[int, float], ...]:
    """The rates with their years. Raises UsageError where one is no year."""
    for year in rates:
        if not (year.isascii() and year.isdigit() and len(year) == 4 and int(year) in _YEARS):
            raise _contradiction("max_heartrate_by_year", year, _MAY_BE["athlete.max_heartrate_by_year"])
    return tuple(sorted((int(year), rate) for year, rate in rates.items()))


def _threshold_mps(pace: str | None) -> float | None:
    """The speed of a pace that has the form of one; None for none."""
    if pace is None:
        return None
    minutes, seconds = pace.split("/")[0].removesuffix("min").strip().split(":")
    time_s = int(minutes) * 60 + int(seconds[:2])
    if time_s < _FASTEST_PACE_S:
        raise _contradiction("threshold_pace", pace, _MAY_BE["athlete.threshold_pace"])
    return (MILE_M if "mi" in pace.partition("/")[2] else 1000.0) / time_s


def _form_sports(words: str | tuple[str, ...]) -> tuple[str, ...]:
    """The SportTypes that count in fitness and form; empty for all."""
    named = (words,) if isinstance(words, str) else words
    if any(word.strip().casefold() in {"all", ""} for word in named):
        return ()
    found: list[str] = []
    for word in named:
        sports = sports_of_word(word)
        if sports is None:
            raise _contradiction("form_sports", word, f"one of {', '.join(SPORT_GROUPS)}, or Strava's word for a sport")
        found += sports
    return tuple(found)


def _contradiction(name: str, value: object, may_be: str) -> UsageError:
    return UsageError(
        what=f"{name} = {str(value)[:60]!r} under [athlete] in config.toml is not valid",
        why=f"it must be {may_be}",
        fix="correct the line",
    )
