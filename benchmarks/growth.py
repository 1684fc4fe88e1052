"""How answers, computing, importing, the report and a page grow: 500, 2,000 and 8,000 runs of an hour, with memory.

`python -m benchmarks.growth [RUNS …]`. Each figure is processor time of a process of its own and the most memory that
it held; a bare start of Python stands above them. There is no bar: what reads all runs may grow with them,
what shows the newest few may not.
"""

import importlib
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks import history, report, serve
from paceport.clock import ManualClock, SystemClock
from paceport.logbook.database.store import Store
from paceport.training.compute import compute_results

SIZES = (500, 2_000, 8_000)
COMMANDS = ("runs --limit 20", "logbook", "records", "run last", "trends", "zones", "predict", "runs --json")
STARTS = 7
Figure = tuple[float, float]


def fill_home(home: Path, runs: int) -> Figure:
    """Write a computed logbook."""
    report.RUNS = runs
    with _opened(home, ManualClock(report.NOW)) as store:
        report.fill(store)
    return _spent(0.0)


def compute_all(home: Path, runs: int) -> Figure:
    """Compute the results of all runs; filling the logbook is not counted."""
    history.RUNS = runs
    with _opened(home, SystemClock()) as store:
        history.filled(store)
        begin_s = process_time()
        assert compute_results(store).computed == runs
        return _spent(begin_s)


def import_all(home: Path, runs: int) -> Figure:
    """Import an export of so many runs, in processor time of the parent and of the processes it starts."""
    measured: Any = importlib.import_module("benchmarks.import")
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    measured.STEP_S = min(measured.STEP_S, 86_400 * 4_000 // runs)  # runs in the future are refused
    measured.write_export(home / "export.zip", runs)
    begin_s = measured.processor_s()
    account, _ = measured.timed(home, home / "export.zip")
    assert account.new == runs
    child_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return measured.processor_s() - begin_s, max(_spent(0.0)[1], child_mb)


def list_page(home: Path, _runs: int) -> Figure:
    """Ask `serve` for the list of runs, for the first time after the start."""
    clock = ManualClock(report.NOW + timedelta(hours=1))
    with serve.server(home, clock) as (access, reader):
        headers = serve.ask(access.origin, access.new_address().removeprefix(access.origin))[2]
        cookie = str(headers["set-cookie"]).split(";")[0]
        serve.settle(reader)
        spent_ms = serve.ask(access.origin, "/runs", cookie)[0]
    return spent_ms / 1000, _spent(0.0)[1]


PARTS: dict[str, Callable[[Path, int], Figure]] = {
    "fill": fill_home,
    "compute": compute_all,
    "import": import_all,
    "list page of serve": list_page,
}


def _opened(home: Path, clock: ManualClock | SystemClock) -> Store:
    return Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock)


def _spent(begin_s: float) -> Figure:
    return process_time() - begin_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_a_process(part: str, home: Path, runs: int) -> Figure:
    """Run a part in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.growth", "part", part, str(home), str(runs)]
    ended = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    spent_s, held_mb = json.loads(ended.stdout)
    return spent_s, held_mb


def of_command(command: str, home: Path) -> Figure:
    """A command's best of a few starts. It has been run once before, so nothing is computed or compiled any more."""
    held_mb = history.peak_mb(command, home)
    words = ["-c", history.PROGRAM, *command.split()]
    return min(history.cost_s(words, home) for _ in range(STARTS)), held_mb


def answers_row(runs: int) -> None:
    """Print what commands, the report and a page need where so many runs are computed."""
    with tempfile.TemporaryDirectory(prefix="paceport-growth-") as place:
        home = Path(place)
        in_a_process("fill", home, runs)
        for command in COMMANDS:
            show(runs, command, of_command(command, home))
        show(runs, "list page of serve", in_a_process("list page of serve", home, runs))
        show(runs, "report", of_command("report -o - -q", home))


def work_row(runs: int) -> None:
    """Print what computing and importing so many runs needs."""
    for part in ("compute", "import"):
        with tempfile.TemporaryDirectory(prefix="paceport-growth-") as place:
            show(runs, part, in_a_process(part, Path(place), runs))


def show(runs: int, what: str, figure: Figure) -> None:
    """Print one figure as soon as it is known."""
    spent_s, held_mb = figure
    print(
        f"{what:22} {runs:6,} runs {spent_s:9.3f} s {1000 * spent_s / runs:8.3f} ms a run {held_mb:6.0f} MB", flush=True
    )


def main() -> int:
    """Print a line for each thing and size."""
    if sys.argv[1:2] == ["part"]:
        print(json.dumps(PARTS[sys.argv[2]](Path(sys.argv[3]), int(sys.argv[4]))))
        return 0
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as place:
        bare_s = min(history.cost_s(["-c", "pass"], Path(place)) for _ in range(STARTS))
    print(f"a bare start of Python: {bare_s:.3f} s of processor time, as all figures")
    for row in (answers_row, work_row):
        for runs in sizes:
            row(runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
