"""All results of runs, computed and stored, beside the release 0.1.0 in the same run.

`python -m benchmarks.compute [RUNS]`, 2,000 runs of an hour if not said otherwise. The release is taken from this
repository's history (`git archive`); a copy without it shows our own figure alone. Each is a process of its own, in
turns, with the best of both of its tries; processor time, which other programs change least. Both fill their logbook
with the same runs, which is not counted.
"""

import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

# The last commit of release 0.1.0.
RELEASE = "3000e0e4a47ca3cffa17e1c7ad3c5a7447119246"
RUNS, TRIES, BAR = 2_000, 2, 0.75
_MEASURE = """
import json, resource, sys, tempfile, time
from pathlib import Path
import benchmarks.history as history
from paceport.clock import SystemClock
{imports}
history.RUNS = int(sys.argv[1])
with tempfile.TemporaryDirectory() as place:
    home = Path(place)
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=SystemClock()) as store:
        history.filled(store)
        begin_s = time.process_time()
        computed = compute(store).computed
        spent_s = time.process_time() - begin_s
print(json.dumps([computed, spent_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
_OURS = """
from paceport.logbook.database.store import Store
from paceport.training.compute import compute_results as compute
"""
_THEIRS = """
from paceport.logbook.store import Store
from paceport.logbook.derive import derive as compute
"""


def release_tree(folder: Path) -> Path | None:
    """The files of release 0.1.0 in a folder; None where the history does not hold it."""
    here = Path(__file__).parent.parent
    try:
        archive = subprocess.run(
            ["git", "-C", str(here), "archive", RELEASE, "src", "benchmarks"], capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def measured(tree: Path, imports: str, runs: int) -> tuple[float, float]:
    """Milliseconds of processor time for one run, and the peak memory in MB."""
    ran = subprocess.run(
        [sys.executable, "-c", _MEASURE.format(imports=imports), str(runs)],
        cwd=tree,
        env={"PYTHONPATH": f"{tree / 'src'}:{tree}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    computed, spent_s, peak_mb = json.loads(ran.stdout)
    assert computed == runs
    return 1000 * spent_s / runs, peak_mb


def main() -> int:
    """Print the row; 1 if the bar is missed."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    scale = "" if runs == RUNS else f" (a smaller run than the {RUNS:,} asked for; nothing is scaled up)"
    with tempfile.TemporaryDirectory() as place:
        old = release_tree(Path(place))
        here = Path(__file__).parent.parent
        ours, theirs = [], []
        for _ in range(TRIES):
            theirs += [measured(old, _THEIRS, runs)] if old else []
            ours.append(measured(here, _OURS, runs))
    print(f"all results of {runs:,} runs of an hour, computed and stored{scale}")
    our_ms, our_mb = min(ours)
    if not theirs:
        print(f"  ours           {our_ms:7.2f} ms a run   {our_mb:5.0f} MB   (this clone has no release 0.1.0)")
        return 0
    their_ms, their_mb = min(theirs)
    print(f"  release 0.1.0  {their_ms:7.2f} ms a run   {their_mb:5.0f} MB")
    print(f"  ours           {our_ms:7.2f} ms a run   {our_mb:5.0f} MB   {our_ms / their_ms:5.2f} x  (bar {BAR} x)")
    return 0 if our_ms <= BAR * their_ms else 1


if __name__ == "__main__":
    sys.exit(main())
