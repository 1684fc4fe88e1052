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
    "fractional_cadence": (53, UINT8),
    "enhanced_speed": (73, UINT32),
    "enhanced_altitude": (78, UINT32),
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

    def define(
        self,
        local: int,
        message: int,
        fields: Sequence[tuple[int, int, int]],
        developer_fields: Sequence[tuple[int, int, int]] = (),
    ) -> None:
        """A definition message; fields are (number, size, base type), developer fields (number, size, index)."""
        self.content += bytes([0x40 | (0x20 if developer_fields else 0) | local, 0, self.order == ">"])
        self.content += struct.pack(f"{self.order}HB", message, len(fields))
        for triple in fields:
            self.content += bytes(triple)
        if developer_fields:
            self.content.append(len(developer_fields))
            for triple in developer_fields:
                self.content += bytes(triple)

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

    def records(self, names: Sequence[str], rows: Sequence[Sequence[int | None]], local: int = 0) -> None:
        """One definition of record fields by name, and a message for each row."""
        bases = [RECORD_FIELDS[name][1] for name in names]
        self.define(
            local,
            RECORD,
            [
                (RECORD_FIELDS[name][0], struct.calcsize(FORMATS[RECORD_FIELDS[name][1]]), RECORD_FIELDS[name][1])
                for name in names
            ],
        )
        for row in rows:
            self.raw(local, b"".join(self.pack(base, value) for base, value in zip(bases, row, strict=True)))

    def describe_developer_field(
        self, number: int, base: int, name: str, units: str, native: int | None = None
    ) -> None:
        """The two messages that introduce field `number` of developer 0."""
        self.message(14, DEVELOPER_DATA_ID, [(3, UINT8, 0)])
        values: list[tuple[int, int, int | float | str | None]] = [
            (0, UINT8, 0),
            (1, UINT8, number),
            (2, UINT8, base),
            (3, TEXT, name),
            (8, TEXT, units),
        ]
        if native is not None:
            values += [(14, UINT16, RECORD), (15, UINT8, native)]
        self.message(15, FIELD_DESCRIPTION, values)

    def file_id(self, kind: int = 4, *, manufacturer: int = 1, product: int = 3113) -> None:
        """The message that opens a file; kind 4 is an activity."""
        self.message(0, FILE_ID, [(0, ENUM, kind), (1, UINT16, manufacturer), (2, UINT16, product)])

    def session(
        self, start: int, elapsed_s: float, *, sport: int = 1, sub_sport: int = 0, distance_m: float = 0
    ) -> None:
        """A session with its totals."""
        self.message(
            3,
            SESSION,
            [
                (253, UINT32, start + int(elapsed_s)),
                (2, UINT32, start),
                (5, ENUM, sport),
                (6, ENUM, sub_sport),
                (7, UINT32, int(elapsed_s * 1000)),
                (8, UINT32, int(elapsed_s * 1000)),
                (9, UINT32, int(distance_m * 100)),
            ],
        )

    def finish(self, *, header_size: int = 14) -> bytes:
        """The whole file: header, messages, checksum."""
        header = struct.pack("<BBHI4s", header_size, 0x20, 2132, len(self.content), b".FIT")
        if header_size >= 14:
            header += struct.pack("<H", checksum(header))
        header = header.ljust(header_size, b"\0")
        body = header + bytes(self.content)
        return body + struct.pack("<H", checksum(body))


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
