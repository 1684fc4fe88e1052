"""Best efforts over 2,000 runs of an hour, and all numbers of a run, beside plain Python.

The peer is the definition as a person would write it: two pointers, ends interpolated, mirrored. It runs over a
sample of the runs, and its time is scaled up by what it left out; both sides must give equal results on that sample.
"""

import sys
from time import perf_counter

import numpy as np

from paceport.streams import Streams
from paceport.training.metrics.best_efforts import STANDARD_SPANS_M, best_efforts
from paceport.training.metrics.distance import distance_track
from paceport.training.metrics.run_results import run_results

RUNS, SAMPLES, PEER_RUNS, WHOLE_RUNS = 2_000, 3_600, 60, 200
BAR = 5.0


def made_run(seed: int) -> Streams:
    """An hour at a wandering speed with a few stops, on a loop with hills, a sample a second."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(float(SAMPLES))
    speed_mps = 3.2 + 0.5 * np.sin(time_s / 300 + seed) + rng.normal(0, 0.25, SAMPLES)
    for stop in rng.integers(300, SAMPLES - 100, 3):
        speed_mps[stop : stop + 25] = 0.0
    distance_m = np.round(np.cumsum(np.maximum(speed_mps, 0.0)), 2)
    turn = distance_m / distance_m[-1] * 2 * np.pi
    return Streams(
        time_s=time_s,
        distance_m=distance_m,
        latitude_deg=51 + 0.01 * np.sin(turn),
        longitude_deg=7 + 0.015 * np.cos(turn) + 0.001 * np.sin(9 * turn),
        altitude_m=np.round(100 + 30 * np.sin(5 * turn) + 4 * np.sin(40 * turn), 1),
        heartrate_bpm=np.round(150 + 10 * np.sin(time_s / 500) + rng.normal(0, 1, SAMPLES)),
        cadence_spm=np.round(172 + rng.normal(0, 3, SAMPLES)),
    )


def two_pointers(time_s: list[float], distance_m: list[float], span_m: float) -> float | None:
    """The fastest elapsed time over a span, the plain way."""
    best = float("inf")
    count = len(time_s)
    end = 0
    for start in range(count):
        target = distance_m[start] + span_m
        while end < count and distance_m[end] < target:
            end += 1
        if end == count:
            break
        share = (target - distance_m[end - 1]) / (distance_m[end] - distance_m[end - 1])
        best = min(best, time_s[end - 1] + share * (time_s[end] - time_s[end - 1]) - time_s[start])
    start = count - 1
    for end in range(count - 1, -1, -1):
        target = distance_m[end] - span_m
        while start >= 0 and distance_m[start] > target:
            start -= 1
        if start < 0:
            break
        share = (target - distance_m[start]) / (distance_m[start + 1] - distance_m[start])
        best = min(best, time_s[end] - time_s[start] - share * (time_s[start + 1] - time_s[start]))
    return None if best == float("inf") else best


def efforts_row(runs: list[Streams]) -> tuple[float, bool]:
    """Print the row of best efforts; how many times faster than the peer, and whether the results are equal."""
    started = perf_counter()
    ours = [
        [] if (way := distance_track(runs[number % len(runs)])) is None else best_efforts(way) for number in range(RUNS)
    ]
    ours_s = perf_counter() - started

    plain = [(run.time_s.tolist(), np.asarray(run.distance_m).tolist()) for run in runs[:PEER_RUNS]]
    started = perf_counter()
    theirs = [[two_pointers(time_s, distance_m, span) for span in STANDARD_SPANS_M] for time_s, distance_m in plain]
    theirs_s = (perf_counter() - started) * RUNS / PEER_RUNS

    equal = all(
        np.allclose([one.elapsed_time_s for one in mine], [time for time in told if time is not None], rtol=0)
        for mine, told in zip(ours[:PEER_RUNS], theirs, strict=True)
    )
    ratio = theirs_s / ours_s
    print(f"best efforts, {RUNS} runs x {SAMPLES} samples x {len(STANDARD_SPANS_M)} spans")
    print(f"  arrays in memory            {ours_s:8.2f} s")
    print(f"  plain Python, two pointers  {theirs_s:8.2f} s   (measured on {PEER_RUNS} runs, scaled)")
    print(f"  ratio                       {ratio:8.1f} x   (bar: {BAR} x)")
    print(f"  equal results               {'yes' if equal else 'NO'}")
    return ratio, equal


def whole_row(runs: list[Streams]) -> None:
    """Print what all numbers of a run cost."""
    started = perf_counter()
    for number in range(WHOLE_RUNS):
        run_results(runs[number % len(runs)])
    each_ms = (perf_counter() - started) / WHOLE_RUNS * 1000
    print("every number of a run: splits, efforts, grade-adjusted pace, heart, polyline")
    print(f"  per run                     {each_ms:8.2f} ms  ({each_ms * RUNS / 1000:.1f} s for {RUNS})")


def main() -> int:
    """Print the rows; 1 if the results differ or the bar is missed."""
    runs = [made_run(seed) for seed in range(100)]
    ratio, equal = efforts_row(runs)
    whole_row(runs)
    return 0 if equal and ratio >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
