"""Writes FIT files for tests: byte by byte after the FIT protocol, with its own plain checksum."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

FIT_EPOCH_S = 631_065_600
ENUM, UINT8, SINT8, UINT16, SINT16 = 0x00, 0x02, 0x01, 0x84, 0x83
SINT32, UINT32, TEXT, FLOAT32, BYTE = 0x85, 0x86, 0x07, 0x88, 0x0D
FORMATS = {ENUM: "B", UINT8: "B", SINT8: "b", UINT16: "H", SINT16: "h", SINT32: "i", UINT32: "I", FLOAT32: "f"}
NOTHING = {ENUM: 0xFF, UINT8: 0xFF, SINT8: 0x7F, UINT16: 0xFFFF, SINT16: 0x7FFF, SINT32: 0x7FFFFFFF, UINT32: 0xFFFFFFFF}

FILE_ID, SPORT, SESSION, LAP, RECORD, EVENT, DEVICE_INFO, ACTIVITY = 0, 12, 18, 19, 20, 21, 23, 34
FIELD_DESCRIPTION, DEVELOPER_DATA_ID = 206, 207

# What a message holds: (field number, base type, raw value).
Values = list[tuple[int, int, int | float | str | None]]
# Fields by name as tests use them: number, base type. Values are raw, as they stand in the file.
RECORD_FIELDS = {
    "timestamp": (253, UINT32),
    "position_lat": (0, SINT32),
    "position_long": (1, SINT32),
    "altitude": (2, UINT16),
    "heart_rate": (3, UINT8),
    "cadence": (4, UINT8),
    "distance": (5, UINT32),
    "speed": (6, UINT16),
    "power": (7, UINT16),
    "temperature": (13, SINT8),
    "accumulated_power": (29, UINT32),
    "vertical_speed": (32, SINT16),
    "vertical_oscillation": (39, UINT16),
    "stance_time_percent": (40, UINT16),
    "stance_time": (41, UINT16),
    "activity_type": (42, ENUM),
    "fractional_cadence": (53, UINT8),
    "enhanced_speed": (73, UINT32),
    "enhanced_altitude": (78, UINT32),
    "step_length": (85, UINT16),
    "unknown_88": (88, UINT16),
}


def checksum(content: bytes) -> int:
    """CRC-16, one bit at a time: slow, and nothing but the definition."""
    remainder = 0
    for byte in content:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ 0xA001 if remainder & 1 else remainder >> 1
    return remainder


@dataclass
class FitWriter:
    """Collects messages; `finish` gives the file. None is written as the base type's "nothing"."""

    order: str = "<"
    content: bytearray = field(default_factory=bytearray)
    defined: dict[int, bytes] = field(default_factory=dict)
    has_developer: bool = False

    def define(
        self,
        local: int,
        message: int,
        fields: Sequence[tuple[int, int, int]],
        developer_fields: Sequence[tuple[int, int, int]] = (),
    ) -> None:
        """A definition message; fields are (number, size, base type), developer fields (number, size, index)."""
        self.defined[local] = self._definition(local, message, fields, developer_fields)
        self.content += self.defined[local]

    def define_if_new(
        self,
        local: int,
        message: int,
        fields: Sequence[tuple[int, int, int]],
        developer_fields: Sequence[tuple[int, int, int]] = (),
    ) -> None:
        """The same, left out where it stands already."""
        if self.defined.get(local) != self._definition(local, message, fields, developer_fields):
            self.define(local, message, fields, developer_fields)

    def _definition(
        self,
        local: int,
        message: int,
        fields: Sequence[tuple[int, int, int]],
        developer_fields: Sequence[tuple[int, int, int]],
    ) -> bytes:
        content = bytearray([0x40 | (0x20 if developer_fields else 0) | local, 0, self.order == ">"])
        content += struct.pack(f"{self.order}HB", message, len(fields))
        for triple in fields:
            content += bytes(triple)
        if developer_fields:
            content.append(len(developer_fields))
            for triple in developer_fields:
                content += bytes(triple)
        return bytes(content)

    def raw(self, header: int, payload: bytes) -> None:
        """A data message as it is."""
        self.content += bytes([header]) + payload

    def message(self, local: int, message: int, values: Sequence[tuple[int, int, int | float | str | None]]) -> None:
        """A definition and one message of it; values are (number, base type, raw value)."""
        payload = b"".join(self.pack(base, value) for _, base, value in values)
        self.define(local, message, [(number, len(self.pack(base, value)), base) for number, base, value in values])
        self.raw(local, payload)

    def pack(self, base: int, value: int | float | str | None) -> bytes:
        """One value in its base type."""
        if base == TEXT:
            return str(value or "").encode() + b"\0"
        if value is None:
            return b"\xff" * 4 if base == FLOAT32 else struct.pack(self.order + FORMATS[base], NOTHING[base])
        return struct.pack(self.order + FORMATS[base], value)

    def records(
        self,
        names: Sequence[str],
        rows: Sequence[Sequence[int | float | None]],
        local: int = 0,
        developer_fields: Sequence[tuple[int, int]] = (),
    ) -> None:
        """A definition of record fields by name, unless it stands already, and a message for each row.

        `developer_fields` are (number, base type) of developer 0; their values end each row.
        """
        own = [RECORD_FIELDS[name] for name in names]
        bases = [base for _, base in (*own, *developer_fields)]
        self.define_if_new(
            local,
            RECORD,
            [(number, struct.calcsize(FORMATS[base]), base) for number, base in own],
            [(number, struct.calcsize(FORMATS[base]), 0) for number, base in developer_fields],
        )
        for row in rows:
            self.raw(local, b"".join(self.pack(base, value) for base, value in zip(bases, row, strict=True)))

    def describe_developer_field(
        self, number: int, base: int, name: str, units: str, native: int | None = None
    ) -> None:
        """The two messages that introduce field `number` of developer 0; the developer is introduced once."""
        if not self.has_developer:
            self.message(14, DEVELOPER_DATA_ID, [(3, UINT8, 0)])
        self.has_developer = True
        values: Values = [
            (0, UINT8, 0),
            (1, UINT8, number),
            (2, UINT8, base),
            (3, TEXT, name),
            (8, TEXT, units),
        ]
        if native is not None:
            values += [(14, UINT16, RECORD), (15, UINT8, native)]
        self.message(15, FIELD_DESCRIPTION, values)

    def file_id(
        self, kind: int = 4, *, manufacturer: int = 1, product: int = 3113, product_name: str | None = None
    ) -> None:
        """The message that opens a file; kind 4 is an activity."""
        named: Values = [] if product_name is None else [(8, TEXT, product_name)]
        self.message(0, FILE_ID, [(0, ENUM, kind), (1, UINT16, manufacturer), (2, UINT16, product), *named])

    def timer(self, at: int, event_type: int) -> None:
        """The device's timer starts (0), stops (1) or stops altogether (4)."""
        self.message(0, EVENT, [(253, UINT32, at), (0, ENUM, 0), (1, ENUM, event_type)])

    def lap(self, start: int, elapsed_s: float, *, timer_s: float | None = None, distance_m: float = 0) -> None:
        """A lap with its totals, written when it ends."""
        self.message(1, LAP, _totals(start, elapsed_s, timer_s, distance_m))

    def session(
        self,
        start: int,
        elapsed_s: float,
        *,
        sport: int = 1,
        sub_sport: int = 0,
        distance_m: float = 0,
        timer_s: float | None = None,
    ) -> None:
        """A session with its totals; without a timer of its own it ran all the time."""
        sports: Values = [(5, ENUM, sport), (6, ENUM, sub_sport)]
        self.message(3, SESSION, _totals(start, elapsed_s, timer_s, distance_m) + sports)

    def activity(self, end: int, *, local_offset_s: int | None = None) -> None:
        """The message that ends a file; its local time differs from UTC by the device's zone."""
        local: Values = [] if local_offset_s is None else [(5, UINT32, end + local_offset_s)]
        self.message(4, ACTIVITY, [(253, UINT32, end), (1, UINT16, 1), *local])

    def finish(self, *, header_size: int = 14) -> bytes:
        """The whole file: header, messages, checksum."""
        header = struct.pack("<BBHI4s", header_size, 0x20, 2132, len(self.content), b".FIT")
        if header_size >= 14:
            header += struct.pack("<H", checksum(header))
        header = header.ljust(header_size, b"\0")
        body = header + bytes(self.content)
        return body + struct.pack("<H", checksum(body))


def _totals(start: int, elapsed_s: float, timer_s: float | None, distance_m: float) -> Values:
    """End, start, elapsed time, timer time and distance, as laps and sessions number them."""
    return [
        (253, UINT32, start + int(elapsed_s)),
        (2, UINT32, start),
        (7, UINT32, round(elapsed_s * 1000)),
        (8, UINT32, round((elapsed_s if timer_s is None else timer_s) * 1000)),
        (9, UINT32, int(distance_m * 100 + 1e-6)),  # a device cuts off; what is exact in decimals stays so
    ]


def hour_of_running(*, seconds: int = 3600, order: str = "<", start: int = 1_000_000_000) -> bytes:
    """A plain run of `seconds` with every usual channel, as one definition and a record each second."""
    writer = FitWriter(order=order)
    writer.file_id()
    names = ["timestamp", "position_lat", "position_long", "distance", "enhanced_speed", "enhanced_altitude",
             "heart_rate", "cadence", "power", "temperature", "fractional_cadence"]  # fmt: skip
    rows = []
    metres = 0.0
    for second in range(seconds):
        speed = 3000 + (second * 37) % 211 - 105
        metres += speed / 1000
        rows.append(
            [
                start + second,
                594_000_000 + second * 331 + second * second % 17,
                174_000_000 + second * 113,
                round(metres * 100),
                speed,
                (500 + 200 + second % 50) * 5,
                120 + second % 60,
                80 + second % 9,
                240 + (second * 7) % 31,
                20,
                64 * (second % 2),
            ]
        )
    writer.records(names, rows)
    writer.session(start, seconds, distance_m=metres)
    return writer.finish()
