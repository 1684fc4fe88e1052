"""The part of the FIT profile that a track needs: messages, fields, units, device names.

Numbers, scales and offsets: FIT SDK profile, as published by Garmin; each is compared with fitdecode's copy in
tests/formats/tracks/test_fit_profile.py.
"""

from dataclasses import field
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.units import MILE_M

if TYPE_CHECKING:
    from paceport.streams import Channel

FIT_EPOCH_S = 631_065_600  # 1989-12-31T00:00:00Z
OLDEST_DATE = 0x10000000  # below it a timestamp counts seconds since the device was switched on
DEGREES_PER_SEMICIRCLE = 180 / 2**31
TIMESTAMP = 253
RECORD, FIELD_DESCRIPTION = 20, 206

# base type number (the low five bits) → numpy type, the value that means "nothing"
BASE_TYPES: dict[int, tuple[str, int | None]] = {
    0x00: ("u1", 0xFF),
    0x01: ("i1", 0x7F),
    0x02: ("u1", 0xFF),
    0x03: ("i2", 0x7FFF),
    0x04: ("u2", 0xFFFF),
    0x05: ("i4", 0x7FFFFFFF),
    0x06: ("u4", 0xFFFFFFFF),
    0x08: ("f4", None),
    0x09: ("f8", None),
    0x0A: ("u1", 0),
    0x0B: ("u2", 0),
    0x0C: ("u4", 0),
    0x0E: ("i8", 0x7FFFFFFFFFFFFFFF),
    0x0F: ("u8", 0xFFFFFFFFFFFFFFFF),
    0x10: ("u8", 0),
}
TEXT, BYTE = 0x07, 0x0D
# numpy type → the same for `struct`
STRUCT_CODES = dict(zip(("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"), "BbHhIiQqfd", strict=True))


@dataclass(frozen=True, slots=True)
class Field:
    """How one field is called and scaled: value = raw / scale - offset. A list holds raw numbers."""

    name: str
    scale: float = 1
    offset: float = 0
    is_text: bool = False
    is_list: bool = False


_TIMES = {
    2: Field("start_time"),
    7: Field("total_elapsed_time", 1000),
    8: Field("total_timer_time", 1000),
    9: Field("total_distance", 100),
    TIMESTAMP: Field("timestamp"),
}
MESSAGES: dict[int, tuple[str, dict[int, Field]]] = {
    0: (
        "file_id",
        {0: Field("type"), 1: Field("manufacturer"), 2: Field("product"), 8: Field("product_name", is_text=True)},
    ),
    12: ("sport", {0: Field("sport"), 1: Field("sub_sport")}),
    18: ("session", {**_TIMES, 5: Field("sport"), 6: Field("sub_sport"), 22: Field("total_ascent")}),
    19: ("lap", {**_TIMES, 25: Field("sport"), 39: Field("sub_sport")}),
    RECORD: (
        "record",
        {
            0: Field("position_lat"),
            1: Field("position_long"),
            2: Field("altitude", 5, 500),
            3: Field("heart_rate"),
            4: Field("cadence"),
            5: Field("distance", 100),
            6: Field("speed", 1000),
            7: Field("power"),
            8: Field("compressed_speed_distance"),
            13: Field("temperature"),
            52: Field("cadence256", 256),
            53: Field("fractional_cadence", 128),
            73: Field("enhanced_speed", 1000),
            78: Field("enhanced_altitude", 5, 500),
            TIMESTAMP: Field("timestamp"),
        },
    ),
    21: ("event", {0: Field("event"), 1: Field("event_type"), TIMESTAMP: Field("timestamp")}),
    23: (
        "device_info",
        {
            0: Field("device_index"),
            1: Field("device_type"),
            2: Field("manufacturer"),
            4: Field("product"),
            25: Field("source_type"),
            27: Field("product_name", is_text=True),
        },
    ),
    34: ("activity", {5: Field("local_timestamp"), TIMESTAMP: Field("timestamp")}),
    132: (
        "hr",
        {
            0: Field("fractional_timestamp", 32768),
            6: Field("filtered_bpm", is_list=True),
            9: Field("event_timestamp", 1024, is_list=True),
            10: Field("event_timestamp_12", is_list=True),
            TIMESTAMP: Field("timestamp"),
        },
    ),
    FIELD_DESCRIPTION: (
        "field_description",
        {
            0: Field("developer_data_index"),
            1: Field("field_definition_number"),
            2: Field("fit_base_type_id"),
            3: Field("field_name", is_text=True),
            8: Field("units", is_text=True),
            14: Field("native_mesg_num"),
            15: Field("native_field_num"),
        },
    ),
}
# Stryd and others, and Garmin's Running Power app, which names no native field.
POWER_NAMES = {"power", "runningpower", "rppower"}
WATTS = {"w", "watt", "watts"}
DEVELOPER_CHANNELS = {3: "developer_heart_rate", 4: "developer_cadence", 7: "developer_power"}
NATIVE_SPEED = 6
# Connect IQ apps write any of these.
SPEED_SCALES = {
    **dict.fromkeys(("m/s", "mps", "m/sec", "meters/second", "metres/second", "meters per second"), 1.0),
    **dict.fromkeys(("km/h", "kmh", "kph", "kmph", "km/hr", "kilometers/hour", "kilometres/hour"), 3.6),
    **dict.fromkeys(("mph", "mi/h", "miles/hour"), 3600 / MILE_M),
}


def developer_channel(*, name: str, units: str, native_field: float | None) -> Field | None:
    """The channel that a developer field fills where the device itself recorded none; None if it is not ours."""
    native = None if native_field is None else int(native_field)
    if native in DEVELOPER_CHANNELS:
        return Field(DEVELOPER_CHANNELS[native])
    unit = units.strip().casefold()
    if native == NATIVE_SPEED and unit in SPEED_SCALES:
        return Field("developer_speed", SPEED_SCALES[unit])
    plain = "".join(char for char in name.casefold() if char.isalnum())
    return Field("developer_power") if plain in POWER_NAMES and unit in WATTS else None


Row = dict[str, float | str | list[float]]


@dataclass(slots=True, kw_only=True)
class FitFile:
    """One FIT file taken apart: `records` by field name in file order, NaN where nothing is; the other messages as
    rows by message name, without what is not set; notes on damage."""

    records: "dict[str, Channel]" = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


MANUFACTURERS = {
    1: "Garmin",
    23: "Suunto",
    32: "Wahoo",
    38: "o-synce",
    41: "Shimano",
    70: "Sigma",
    71: "TomTom",
    89: "Tacx",
    95: "Stryd",
    123: "Polar",
    260: "Zwift",
    265: "Strava",
    267: "Bryton",
    289: "Hammerhead",
    294: "COROS",
}
GARMIN_PRODUCTS = {
    1328: "Forerunner 910XT",
    1345: "Forerunner 610",
    1482: "Forerunner 10",
    1551: "fenix",
    1623: "Forerunner 620",
    1632: "Forerunner 220",
    1765: "Forerunner 920XT",
    1903: "Forerunner 15",
    1967: "fenix 2",
    2050: "fenix 3",
    2148: "Forerunner 25",
    2153: "Forerunner 225",
    2156: "Forerunner 630",
    2157: "Forerunner 230",
    2158: "Forerunner 735XT",
    2337: "vivoactive HR",
    2413: "fenix 3 HR",
    2431: "Forerunner 235",
    2503: "Forerunner 35",
    2544: "fenix 5S",
    2604: "fenix 5X",
    2691: "Forerunner 935",
    2697: "fenix 5",
    2700: "vivoactive 3",
    2886: "Forerunner 645",
    2888: "Forerunner 645 Music",
    2891: "Forerunner 30",
    3076: "Forerunner 245",
    3077: "Forerunner 245 Music",
    3110: "fenix 5 Plus",
    3113: "Forerunner 945",
    3282: "Forerunner 45",
    3288: "fenix 6S",
    3290: "fenix 6",
    3291: "fenix 6X",
    3589: "Forerunner 745",
    3600: "Venu Sq",
    3652: "Forerunner 945 LTE",
    3869: "Forerunner 55",
    3905: "fenix 7S",
    3906: "fenix 7",
    3907: "fenix 7X",
    3990: "Forerunner 255 Music",
    3992: "Forerunner 255",
    4024: "Forerunner 955",
    4257: "Forerunner 265",
    4315: "Forerunner 965",
    4432: "Forerunner 165",
    4536: "fenix 8",
}
