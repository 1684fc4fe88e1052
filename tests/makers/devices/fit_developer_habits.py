"""Habits of apps that write fields of their own (developer fields) into FIT files, and of devices beside them."""

from collections.abc import Sequence
from functools import partial

from makers.devices.fit_pieces import BEGUN, RUN, closed, opened, raw, with_developer_field
from makers.devices.habit import Habit, Reads
from makers.fit_writer import FLOAT32, RECORD, TEXT, UINT8, UINT16, UINT32, FitWriter, Values

DISTANCE_FIELD, CADENCE_FIELD, POWER_FIELD = 5, 4, 7
FIELD_DESCRIPTION = 206
Described = tuple[int, str, str, int | None, float]


def with_fields(described: Sequence[Described], *, names: Sequence[str], starts_cm: int = 0) -> bytes:
    """Records with several developer fields, each (base type, name, unit, native field, value).

    The device's own power, where `names` has it, is 250 W; its distance starts at `starts_cm`.
    """
    writer = opened()
    for number, (base, name, units, native, _) in enumerate(described):
        writer.describe_developer_field(number, base, name, units, native)
    values = [value for *_, value in described]
    rows = []
    for second in RUN:
        own = {**raw(second), "power": 250, "distance": starts_cm + 300 * second}
        rows.append([*(own[name] for name in names), *values])
    fields = [(number, base) for number, (base, *_) in enumerate(described)]
    writer.records(names, rows, developer_fields=fields)
    return closed(writer)


def stryd_beside_native() -> bytes:
    return with_fields(
        [
            (UINT16, "Form Power", "Watts", None, 70),
            (FLOAT32, "Leg Spring Stiffness", "kN/m", None, 9.5),
            (FLOAT32, "Stryd Distance", "Meters", None, 999.0),
            (FLOAT32, "Stryd Speed", "Meters/Second", None, 9.0),
        ],
        names=("timestamp", "distance", "power"),
        starts_cm=100,
    )


def stryd_alone() -> bytes:
    return with_fields(
        [
            (UINT16, "Power", "Watts", POWER_FIELD, 250),
            (UINT8, "Cadence", "RPM", CADENCE_FIELD, 86),
            (UINT16, "Ground Time", "Milliseconds", None, 240),
        ],
        names=("timestamp", "distance"),
    )


def without_application_id() -> bytes:
    """A developer field that no application introduces, without a unit."""
    writer: FitWriter = opened(manufacturer=32)
    values: Values = [(0, UINT8, 0), (1, UINT8, 0), (2, UINT8, UINT16), (3, TEXT, "Front gear")]
    writer.message(15, FIELD_DESCRIPTION, values)
    writer.records(
        ("timestamp", "distance"), [[BEGUN + at, 300 * at, 39] for at in RUN], developer_fields=[(0, UINT16)]
    )
    return closed(writer)


def undescribed() -> bytes:
    """A developer field of which nothing is said at all."""
    writer: FitWriter = opened(manufacturer=32)
    writer.define(0, RECORD, [(253, 4, UINT32), (5, 4, UINT32)], developer_fields=[(3, 2, 1)])
    for at in RUN:
        writer.raw(0, writer.pack(UINT32, BEGUN + at) + writer.pack(UINT32, 300 * at) + b"\1\2")
    return closed(writer)


HABITS = [
    Habit(
        who="Garmin Running Power app",
        habit="developer field RP_Power in W, without a native field",
        source="Runalyze/Runalyze#2253",
        write=lambda: with_developer_field("RP_Power", "W", UINT16, 250),
        reads=Reads(power_w=250),
    ),
    Habit(
        who="Garmin Running Power app",
        habit="RP_Power beside the power of the device itself",
        source="Runalyze/Runalyze#2253",
        write=lambda: with_fields([(UINT16, "RP_Power", "W", None, 199)], names=("timestamp", "distance", "power")),
        reads=Reads(power_w=250),
    ),
    Habit(
        who="Garmin with Stryd",
        habit="developer power with native field 7 beside native power",
        source="jimmykane/sports-lib:src/specs/fixtures/runs/fit/6782987395.fit; mytourbook#801",
        write=lambda: with_fields(
            [(UINT16, "Power", "Watts", POWER_FIELD, 199)], names=("timestamp", "distance", "power")
        ),
        reads=Reads(power_w=250),
    ),
    Habit(
        who="Garmin with Stryd",
        habit="developer power, cadence (one foot) and ground time, and no such fields of the device",
        source="jimmykane/sports-lib:src/specs/fixtures/runs/fit/6782987395.fit; connectstats#79",
        write=stryd_alone,
        reads=Reads(power_w=250, cadence_spm=172),
    ),
    Habit(
        who="Running power apps",
        habit="developer field RunningPower in watts",
        source="Runalyze/Runalyze#2253",
        write=lambda: with_developer_field("RunningPower", "watts", UINT16, 250),
        reads=Reads(power_w=250),
    ),
    *(
        Habit(
            who="Connect IQ app",
            habit=f"developer speed in {units} under native field 6",
            source="GoldenCheetah/GoldenCheetah:test/rowing/RowingCIQspeed.FIT",
            write=partial(
                with_developer_field, "Speed", units, FLOAT32, value, native=6, names=("timestamp", "heart_rate")
            ),
            reads=Reads(note="from the speed"),
        )
        for units, value in (("km/h", 10.8), ("Meters/Second", 3.0), ("mph", 6.7108))
    ),
    Habit(
        who="Stryd",
        habit="developer distance under the native field's number",
        source="dtcooper/python-fitparse:tests/files/developer-types-sample.fit; GoldenCheetah/GoldenCheetah#2083",
        write=lambda: with_developer_field("Distance", "Meters", FLOAT32, 999.0, native=DISTANCE_FIELD),
    ),
    Habit(
        who="Stryd",
        habit="native power, developer form power, stiffness, distance, speed; the distance starts at 1 m",
        source="dtcooper/python-fitparse:tests/files/developer-types-sample.fit; GoldenCheetah/GoldenCheetah#2083",
        write=stryd_beside_native,
        reads=Reads(power_w=250, lacks=("speed_mps",)),
    ),
    Habit(
        who="Wahoo",
        habit="a developer field without an application id or a unit",
        source="tormoder/fit:testdata/misc/unterminated-strings.fit",
        write=without_application_id,
    ),
    Habit(
        who="Wahoo",
        habit="a developer field that nothing describes",
        source="tormoder/fit:testdata/misc/unterminated-strings.fit",
        write=undescribed,
    ),
]
