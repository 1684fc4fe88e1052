"""Decode FIT runs of an hour: our decoder beside a plain fitdecode loop, equal sample by sample."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import fitdecode  # type: ignore[import-untyped]  # it ships no types
import numpy as np

from paceport.formats.tracks.fit_decoder import decode_fit
from paceport.formats.tracks.read_file import read_tracks

ROOT = Path(__file__).parent.parent
REAL = ROOT.parent / "shared" / "data" / "runs"
BAR = 10.0
COMPARED = ("timestamp", "position_lat", "position_long", "distance", "heart_rate", "cadence", "power", "temperature")


def plain_loop(content: bytes) -> dict[str, list[float]]:
    """What one writes first: every record's fields, by name."""
    columns: dict[str, list[float]] = {name: [] for name in COMPARED}
    with fitdecode.FitReader(content) as reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == "record":
                row = {field.name: field.value for field in frame.fields}
                for name in COMPARED:
                    value = row.get(name)
                    if name == "timestamp" and value is not None:
                        value = value.timestamp() - 631_065_600
                    columns[name].append(np.nan if value is None else value)
    return columns


def best_s(work: Callable[[], object], times: int) -> float:
    """The fastest of some tries, in seconds of processor time: other programs on the machine add little to it."""
    fastest = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        fastest = min(fastest, time.process_time() - start)
    return fastest


def differences(content: bytes) -> int:
    """Samples of any compared channel in which the two decoders differ."""
    ours, theirs = decode_fit(content)[0].records, plain_loop(content)
    count = len(theirs["timestamp"])
    missing = np.full(count, np.nan)
    pairs = ((ours.get(name, missing), np.array(theirs[name], dtype=float)) for name in COMPARED)
    return sum(int((~((mine == other) | (np.isnan(mine) & np.isnan(other)))).sum()) for mine, other in pairs)


def main() -> int:
    """Print a row for each file; 1 if the bar is missed or a sample differs."""
    sys.path.insert(0, str(ROOT / "tests"))
    from makers.fit_writer import hour_of_running

    files = {"an hour, generated": hour_of_running(), "an hour, big-endian": hour_of_running(order=">")}
    files |= {path.name: path.read_bytes() for path in sorted(REAL.glob("*.fit"))}
    worst, wrong = float("inf"), 0
    print(
        f"{'file':22}{'records':>8}{'fitdecode ms':>14}{'ours ms':>9}{'to Track ms':>13}{'ratio':>8}{'differing':>11}"
    )
    for name, content in files.items():
        theirs = best_s(lambda content=content: plain_loop(content), 2)  # type: ignore[misc]  # bound at once
        ours = best_s(lambda content=content: decode_fit(content), 25)  # type: ignore[misc]  # bound at once
        whole = best_s(lambda content=content: read_tracks(content, "x"), 25)  # type: ignore[misc]  # bound at once
        differing = differences(content)
        records = len(decode_fit(content)[0].records["timestamp"])
        figures = f"{theirs * 1e3:14.1f}{ours * 1e3:9.2f}{whole * 1e3:10.2f}{theirs / ours:7.0f}{differing:11}"
        print(f"{name:22}{records:8}{figures}")
        worst, wrong = min(worst, theirs / whole), wrong + differing
    print(f"worst ratio, bytes to Track: {worst:.1f} (bar {BAR:.0f}); samples that differ: {wrong} (bar 0)")
    return int(worst < BAR or wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
