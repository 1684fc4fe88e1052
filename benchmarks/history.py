"""A logbook of 2,000 runs: computing all of it anew, best efforts from the store, and every command's answer.

The peers of best efforts read the same blocks. One is plain Python with two pointers; the other is DuckDB, joining the
samples with themselves (an ASOF join, interpolated and mirrored, which is far less than a join of all pairs). Both do
a sample of the runs, scaled by what was left out, and must give equal results on it. Commands are whole processes, in
turns with a bare interpreter, compared by CPU: other programs on the machine change that least.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np

from benchmarks.analysis import made_run, two_pointers
from paceport.clock import SystemClock
from paceport.formats.stream_codec import decode, encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.training.compute import compute_results
from paceport.training.metrics.best_efforts import STANDARD_SPANS_M, best_efforts
from paceport.training.metrics.distance import DistanceTrack

RUNS, SAMPLES, DISTINCT, PLAIN_RUNS, DUCK_RUNS = 2_000, 3_600, 100, 40, 20
PLAIN_BAR, DUCK_BAR = 20.0, 25.0
STARTS = 7
# Each command and how many starts of a bare interpreter it may take; None: shown, without a bar.
COMMANDS: dict[str, float | None] = {
    **dict.fromkeys(("runs --limit 20", "records", "logbook"), 12.0),
    **dict.fromkeys(("run last", "trends", "zones", "predict", "runs --json"), 20.0),
    **dict.fromkeys(("records 10k", "trends --all", "zones --months", "explain-metric form")),
}
Efforts = list[float]

# Where the runner stands, many samples share one distance: an end is the first of them, a start the last.
_JOIN = """
WITH ahead AS (
    SELECT run, t, d, lag(t) OVER w AS t0, lag(d) OVER w AS d0 FROM samples
    WINDOW w AS (PARTITION BY run ORDER BY t) QUALIFY d > d0),
behind AS (
    SELECT run, t, d, lead(t) OVER w AS t1, lead(d) OVER w AS d1 FROM samples
    WINDOW w AS (PARTITION BY run ORDER BY t) QUALIFY d1 > d),
found AS (
    SELECT a.run, min(b.t0 + (a.d + $span - b.d0) / (b.d - b.d0) * (b.t - b.t0) - a.t) AS best
    FROM samples AS a ASOF JOIN ahead AS b ON a.run = b.run AND a.d + $span <= b.d GROUP BY a.run
    UNION ALL
    SELECT a.run, min(a.t - b.t - (a.d - $span - b.d) / (b.d1 - b.d) * (b.t1 - b.t))
    FROM samples AS a ASOF JOIN behind AS b ON a.run = b.run AND a.d - $span >= b.d GROUP BY a.run)
SELECT run, min(best) FROM found GROUP BY run ORDER BY run
"""


def filled(store: Store) -> None:
    """Write the runs: 100 distinct ones, each twenty times on other days."""
    distinct = [made_run(seed) for seed in range(DISTINCT)]
    blocks = [encode_streams(run) for run in distinct]
    first = datetime(2018, 1, 1, 7, tzinfo=UTC)
    record = ActivityRecord(id=1, source="archive", sport="Run", start=first, content="", samples=SAMPLES)
    for number in range(RUNS):
        length_m = float(np.asarray(distinct[number % DISTINCT].distance_m)[-1])
        made = replace(
            record,
            id=number + 1,
            start=first + timedelta(days=1.6 * number),
            content=str(number),
            name=f"Run {number}",
            timezone="Europe/Berlin",
            zone_source="position",
            distance_m=length_m,
            elapsed_time_s=float(SAMPLES - 1),
            is_race=number % 50 == 49,
        )
        store.own.save(made, ImportSource(), EncodedTrack(blocks=blocks[number % DISTINCT]))


def channels(store: Store, activity_id: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    """Time and distance of a run, decoded from its blocks: what all three begin with."""
    rows = store.connection.execute(
        "SELECT block FROM main.stream WHERE activity_id = ? AND channel IN ('time_s', 'distance_m') "
        "ORDER BY channel DESC",
        (activity_id,),
    )
    return tuple(decode(block) for (block,) in rows)


def ours(store: Store, runs: int) -> list[Efforts]:
    """Our best efforts of the first runs."""
    found = []
    for number in range(1, runs + 1):
        time_s, distance_m = channels(store, number)
        way = DistanceTrack(time_s=time_s, distance_m=distance_m, samples=np.arange(len(time_s)), is_measured=True)
        found.append([one.elapsed_time_s for one in best_efforts(way)])
    return found


def plain(store: Store, runs: int) -> list[Efforts]:
    """The same in plain Python."""
    found = []
    for number in range(1, runs + 1):
        time_s, distance_m = (channel.tolist() for channel in channels(store, number))
        times = [two_pointers(time_s, distance_m, span_m) for span_m in STANDARD_SPANS_M]
        found.append([time for time in times if time is not None])
    return found


def duck(store: Store, runs: int) -> list[Efforts]:
    """The same as SQL, from the samples as a table."""
    with duckdb.connect() as connection:
        parts = [channels(store, number) for number in range(1, runs + 1)]
        made = {
            "run": np.repeat(np.arange(runs), [len(time_s) for time_s, _ in parts]),
            "t": np.concatenate([time_s for time_s, _ in parts]),
            "d": np.concatenate([distance_m for _, distance_m in parts]),
        }
        connection.register("made", made)
        connection.execute("CREATE TABLE samples AS SELECT * FROM made")
        found: list[Efforts] = [[] for _ in range(runs)]
        for span_m in STANDARD_SPANS_M:
            for run, best in connection.execute(_JOIN, {"span": span_m}).fetchall():
                found[run].append(best)
    return found


def efforts_row(store: Store) -> bool:
    """Print best efforts from the store beside both peers; whether the bars are met and the results equal."""
    results, seconds = [], []
    for method, runs in ((ours, RUNS), (plain, PLAIN_RUNS), (duck, DUCK_RUNS)):
        started = perf_counter()
        results.append(method(store, runs))
        seconds.append((perf_counter() - started) * RUNS / runs)
    equal = all(
        len(mine) == len(theirs) and np.allclose(mine, theirs, rtol=0, atol=1e-6)
        for other in results[1:]
        for mine, theirs in zip(results[0], other, strict=False)
    )
    print(f"best efforts from the store, {RUNS} runs x {SAMPLES} samples x {len(STANDARD_SPANS_M)} spans")
    print(f"  ours                        {seconds[0]:8.2f} s")
    print(f"  plain Python, two pointers  {seconds[1]:8.2f} s   {seconds[1] / seconds[0]:6.1f} x  (bar {PLAIN_BAR} x)")
    print(f"  DuckDB, joined with itself  {seconds[2]:8.2f} s   {seconds[2] / seconds[0]:6.1f} x  (bar {DUCK_BAR} x)")
    print(f"  equal results               {'yes' if equal else 'NO'}")
    return equal and seconds[1] >= PLAIN_BAR * seconds[0] and seconds[2] >= DUCK_BAR * seconds[0]


def derive_row(store: Store) -> None:
    """Print what computing everything anew costs, and what it costs when nothing is new."""
    started = perf_counter()
    computed = compute_results(store).computed
    whole_s = perf_counter() - started
    started = perf_counter()
    compute_results(store)
    again_s = perf_counter() - started
    print(f"all results of {computed} runs, computed and stored")
    print(f"  anew                        {whole_s:8.2f} s   ({1000 * whole_s / max(computed, 1):.1f} ms a run)")
    print(f"  nothing new                 {again_s:8.3f} s")


PROGRAM = "from paceport.quick import main; main()"
# The kernel counts in a child's own figure what its parent held when it was started; this counts the program alone.
PEAK = """
import atexit, sys
def tell():
    with open('/proc/self/status') as lines:
        print([line.split()[1] for line in lines if line.startswith('VmHWM')][0], file=sys.stderr)
atexit.register(tell)
"""


def environment(home: Path) -> dict[str, str]:
    """That of an installed program which knows no home but this one."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PACEPORT_", "STRAVA_"))}
    # As installed programs are: compiled once, by the first of the starts.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return environ | {"PYTHONPYCACHEPREFIX": str(home / "compiled"), "PACEPORT_HOME": str(home)}


def cost_s(words: list[str], home: Path) -> float:
    """Seconds of processor time of one start of an interpreter with these words, the system's share included."""
    started = subprocess.Popen(
        [sys.executable, *words], env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise subprocess.CalledProcessError(started.returncode, words)
    return used.ru_utime + used.ru_stime


def peak_mb(command: str, home: Path) -> float:
    """The most memory that the command held, in MB; 0 where the system does not say."""
    if not Path("/proc/self/status").exists():
        return 0.0
    words = [sys.executable, "-c", PEAK + PROGRAM, *command.split()]
    ended = subprocess.run(words, env=environment(home), capture_output=True, text=True, check=True)
    return int(ended.stderr.split()[-1]) / 1024


def commands_row(home: Path) -> bool:
    """Print each command as a multiple of a bare start, in turns with it; whether all are within their bars."""
    print(f"commands on a computed logbook of {RUNS} runs, in starts of a bare interpreter (CPU, best of {STARTS})")
    are_quick = True
    for command, bar in COMMANDS.items():
        words = ["-c", PROGRAM, *command.split()]
        held_mb = peak_mb(command, home)
        pairs = [(cost_s(words, home), cost_s(["-c", "pass"], home)) for _ in range(STARTS)]
        spent_s, bare_s = (min(each) for each in zip(*pairs, strict=True))
        limit = f"(bar {bar:.0f} x)" if bar else ""
        print(f"  {command:26s}  {1000 * spent_s:6.0f} ms   {spent_s / bare_s:6.1f} x  {held_mb:5.0f} MB  {limit}")
        are_quick = are_quick and (bar is None or spent_s <= bar * bare_s)
    return are_quick


def main() -> int:
    """Print the rows; 1 if a bar is missed or results differ."""
    with tempfile.TemporaryDirectory(prefix="paceport-bench-") as place:
        home = Path(place)
        with Store(data_dir=home / "data", cache_dir=home / "cache", clock=SystemClock()) as store:
            filled(store)
            are_fast = efforts_row(store)
            derive_row(store)
        answers = commands_row(home)
    return 0 if are_fast and answers else 1


if __name__ == "__main__":
    sys.exit(main())
