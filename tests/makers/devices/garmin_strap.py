"""Garmin's chest straps for swimmers: they keep heart rates under water and hand them over after the session.

Sources: GoldenCheetah/GoldenCheetah#2001 and its test/swims/GarminHRMswim.FIT, dtcooper/python-fitparse#122.
"""

from collections.abc import Sequence

from makers.fit_writer import BYTE, UINT8, UINT16, UINT32, FitWriter

HR = 132
CLOCK_HZ = 1024


def write_strap_messages(
    writer: FitWriter, rates_bpm: Sequence[int], *, at: int, first_count: int = 3_000, fraction: float = 0.5
) -> None:
    """A heart rate each second from FIT second `at` + `fraction` on: one message with a time, then eight in each.

    The strap counts 1/1024 s in 12 bits, eight counts packed in 12 bytes; what a last message lacks is "nothing".
    """
    anchor = [(253, UINT32, at), (0, UINT16, round(fraction * 32768)), (6, UINT8, rates_bpm[0])]
    writer.message(6, HR, [*anchor, (9, UINT32, first_count)])
    writer.define(7, HR, [(6, 8, UINT8), (10, 12, BYTE)])
    for first in range(1, len(rates_bpm), 8):
        rates = [*rates_bpm[first : first + 8]]
        counts = [first_count + CLOCK_HZ * (first + number) for number in range(8)]
        packed = sum((count & 0xFFF) << 12 * number for number, count in enumerate(counts))
        writer.raw(7, bytes(rates).ljust(8, b"\xff") + packed.to_bytes(12, "little"))


def swim_with_strap(rates_bpm: Sequence[int], *, start: int, is_chained: bool = False) -> bytes:
    """A record each second without a heart rate, then the strap's messages, in the same file or in one of their own."""
    writer = FitWriter()
    writer.file_id()
    writer.records(("timestamp", "distance"), [[start + second, second * 100] for second in range(len(rates_bpm))])
    writer.session(start, len(rates_bpm), sport=5, distance_m=len(rates_bpm))
    strap = FitWriter() if is_chained else writer
    if is_chained:
        strap.file_id()
    write_strap_messages(strap, rates_bpm, at=start - 1)
    return writer.finish() + strap.finish() if is_chained else writer.finish()
