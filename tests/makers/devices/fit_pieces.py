"""Pieces of FIT files: the records of a run of two minutes at 3 m/s, and what devices do to them."""

from collections.abc import Callable, Iterable, Sequence

from makers.devices.gpx_pieces import START, place
from makers.fit_writer import FIT_EPOCH_S, FitWriter

BEGUN = int(START.timestamp()) - FIT_EPOCH_S
STOP, STOP_ALL = 1, 4
NAMES = (
    *("timestamp", "position_lat", "position_long", "distance", "enhanced_speed", "enhanced_altitude", "heart_rate"),
    "cadence",
)
RUN, FIRST, SECOND = range(120), range(60), range(60, 120)
Raw = dict[str, int | None]
Change = Callable[[int], Raw]


def raw(second: int, *, late_s: int = 0) -> Raw:
    """What a device writes at that second, as it stands in the file."""
    latitude, longitude = place(second)
    return {
        "timestamp": BEGUN + second + late_s,
        "position_lat": round(latitude / 180 * 2**31),
        "position_long": round(longitude / 180 * 2**31),
        "distance": second * 300,
        "enhanced_speed": 3000,
        "speed": 3000,
        "enhanced_altitude": 3500,
        "altitude": 3500,
        "heart_rate": 150,
        "cadence": 86,
        "fractional_cadence": 64,
    }


def records(
    writer: FitWriter,
    seconds: Iterable[int] = RUN,
    *,
    names: Sequence[str] = NAMES,
    late_s: int = 0,
    change: Change = lambda _: {},
    local: int = 0,
) -> None:
    """Records of these seconds with these fields; `change` says what is other at a second."""
    rows = [raw(second, late_s=late_s) | change(second) for second in seconds]
    writer.records(names, [[row[name] for name in names] for row in rows], local=local)


def without(*names: str) -> tuple[str, ...]:
    return tuple(name for name in NAMES if name not in names)


def opened(*, order: str = "<", manufacturer: int = 1) -> FitWriter:
    """A file that has begun."""
    writer = FitWriter(order=order)
    writer.file_id(manufacturer=manufacturer)
    return writer


def closed(
    writer: FitWriter,
    *,
    elapsed_s: float = 119,
    timer_s: float | None = None,
    distance_m: float = 357,
    sub_sport: int = 0,
    header_size: int = 14,
) -> bytes:
    """The file with its session."""
    writer.session(BEGUN, elapsed_s, sub_sport=sub_sport, distance_m=distance_m, timer_s=timer_s)
    return writer.finish(header_size=header_size)


def plain(
    *,
    seconds: Iterable[int] = RUN,
    names: Sequence[str] = NAMES,
    change: Change = lambda _: {},
    order: str = "<",
    manufacturer: int = 1,
    timer_s: float | None = None,
    distance_m: float = 357,
    sub_sport: int = 0,
    header_size: int = 14,
) -> bytes:
    """A file of one session with one change or none."""
    writer = opened(order=order, manufacturer=manufacturer)
    records(writer, seconds, names=names, change=change)
    return closed(writer, timer_s=timer_s, distance_m=distance_m, sub_sport=sub_sport, header_size=header_size)


def without_session(*, seconds: Iterable[int] = RUN, change: Change = lambda _: {}) -> bytes:
    writer = opened()
    records(writer, seconds, change=change)
    return writer.finish()


def paused(kind: int, *, elapsed_s: float = 419, timer_s: float | None = 118) -> bytes:
    """A stop of the timer after the first minute, five minutes long."""
    writer = opened()
    writer.timer(BEGUN, 0)
    records(writer, FIRST)
    writer.timer(BEGUN + 59, kind)
    writer.timer(BEGUN + 360, 0)
    records(writer, SECOND, late_s=300)
    writer.timer(BEGUN + 419, STOP_ALL)
    return closed(writer, elapsed_s=elapsed_s, timer_s=timer_s)


def with_developer_field(
    name: str, units: str, base: int, value: float, *, native: int | None = None, names: Sequence[str] = NAMES
) -> bytes:
    """Records with one developer field of one value."""
    writer = opened()
    writer.describe_developer_field(0, base, name, units, native)
    rows = [[*(raw(second)[each] for each in names), value] for second in RUN]
    writer.records(names, rows, developer_fields=[(0, base)])
    return closed(writer)
