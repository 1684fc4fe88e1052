# noqa: N999  # named for the command it measures, as its neighbours are; it is run, never imported
"""A bulk export into an empty logbook: time, rate, peak memory, size; and again, when nothing is new.

`python -m benchmarks.import [RUNS]`, 2,000 runs of an hour if not said otherwise: FIT files in a ZIP that is written
first. The runs differ in their start alone, so the sizes say little about real tracks; the times do. The floor is what
reading and hashing the same ZIP costs, with nothing understood.
"""

import hashlib
import os
import resource
import struct
import sys
import tempfile
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from paceport.clock import SystemClock
from paceport.formats.tracks.fit_crc import fit_crc
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.importing.import_report import ImportReport

RUNS = 2000
MOST_MB, MOST_FLOORS = 200, 6.0
EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
# 2015: the last of some thousand daily runs must lie in the past, for others are refused.
FIRST = 800_000_000
STEP_S = 86_400


class Runs:
    """One written run, moved in time as often as wanted."""

    def __init__(self) -> None:
        from makers.fit_writer import hour_of_running

        self._whole = np.frombuffer(hour_of_running(start=FIRST)[:-2], dtype=np.uint8)
        content = self._whole.tobytes()
        # The records' timestamps stand in a row, each one record further on.
        early, late = (content.index(struct.pack("<I", FIRST + second)) for second in (5, 6))
        self._stride = late - early
        self._begin = early - 5 * self._stride

    def at(self, start: int) -> bytes:
        """The run as if it had begun at `start`, in FIT's seconds, with a right checksum."""
        moved = self._whole.copy()
        head, tail = self._begin, self._begin + 3600 * self._stride
        rows = moved[head:tail].reshape(3600, self._stride)
        rows[:, :4] = np.arange(start, start + 3600, dtype="<u4").view(np.uint8).reshape(3600, 4)
        ends = bytes(moved[tail:])
        for second in (0, 3600, 3599):
            ends = ends.replace(struct.pack("<I", FIRST + second), struct.pack("<I", start + second))
        content = bytes(moved[:tail]) + ends
        return content + struct.pack("<H", fit_crc(content))


def write_export(path: Path, count: int) -> None:
    """A ZIP with `count` runs, a day apart."""
    from makers.export_writer import Written, table

    runs = Runs()
    written = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(count):
            start = FIRST + number * STEP_S
            name = f"activities/{9_000_000_000 + number}.fit"
            archive.writestr(name, runs.at(start))
            moment = EPOCH + timedelta(seconds=start)
            written.append(Written(id=8_000_000_000 + number, start=moment, distance_m=10_800.0, filename=name))
        archive.writestr("activities.csv", table(written))


def floor_s(path: Path) -> float:
    """Reading and hashing everything, nothing more."""
    begin = time.perf_counter()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            hashlib.sha256(archive.read(name)).hexdigest()
    return time.perf_counter() - begin


def processor_s() -> float:
    """Seconds of processor time so far, of this process and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def timed(home: Path, path: Path) -> tuple[ImportReport, float]:
    """One import, opening included."""
    clock = SystemClock()
    begin = time.perf_counter()
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        account = import_paths([path], store=store, clock=clock)
    return account, time.perf_counter() - begin


def main() -> int:
    """Print the figures; 1 if a run is missing or memory goes above the bar."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        path = home / "export.zip"
        write_export(path, count)
        begin_s = processor_s()
        lowest_s = floor_s(path)
        floor_processor_s = processor_s() - begin_s
        before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        begin_s = processor_s()
        first, first_s = timed(home, path)
        first_processor_s = processor_s() - begin_s
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        again, again_s = timed(home, path)
        size_mb = sum(each.stat().st_size for each in (home / "data").glob("own.db*")) / 2**20
        kept_mb = sum(each.stat().st_size for each in (home / "data" / "originals").iterdir()) / 2**20
    scale = "" if count == RUNS else f" (a smaller run than the {RUNS:,} asked for; nothing is scaled up)"
    print(f"{count:,} runs of an hour, {path.name}{scale}")
    print(f"import            {first_s:8.2f} s   {count / first_s:7.1f} runs/s   {first_s / lowest_s:6.1f} x the floor")
    print(f"again, unchanged  {again_s:8.2f} s   {count / again_s:7.1f} runs/s   {again_s / lowest_s:6.1f} x the floor")
    print(f"floor: read, hash {lowest_s:8.2f} s   (bar {MOST_FLOORS:.0f} x)")
    ratio, each_ms = first_processor_s / floor_processor_s, 1e3 * first_processor_s / count
    print(f"processor time    {first_processor_s:8.2f} s   {each_ms:7.1f} ms/run {ratio:7.1f} x the floor")
    child_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"peak memory       {peak_mb:8.0f} MB  (bar {MOST_MB}; {before_mb:.0f} before the import), "
        f"{child_mb:.0f} MB in a child"
    )
    print(f"own.db            {size_mb:8.1f} MB  beside originals of {kept_mb:.1f} MB")
    peak_mb = max(peak_mb, child_mb)
    whole = first.new == count == again.unchanged and not first.quarantined and not first.without_track
    return 0 if whole and peak_mb < MOST_MB and first_s <= MOST_FLOORS * lowest_s else 1


if __name__ == "__main__":
    sys.exit(main())
