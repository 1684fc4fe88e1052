"""`paceport token` with a living token, beside a bare interpreter and a console script that reads one JSON file.

The launchers are those that pip writes. Runs are interleaved, medians shown; the bar is 2.0 times the bare start.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from paceport.clock import SystemClock
from paceport.oauth.token_store.base import Grant
from paceport.oauth.token_store.file import FileTokenStore
from paceport.secret import Secret

RUNS = 40
BAR = 2.0
LAUNCHER = """#!{python}
import sys
from {module} import main
if __name__ == '__main__':
    if sys.argv[0].endswith('.exe'):
        sys.argv[0] = sys.argv[0][:-4]
    sys.exit(main())
"""
ONE_FILE = """
import json, os, sys
def main():
    with open(os.environ["ONE_FILE"]) as file:
        print(json.load(file)["access_token"])
"""


def main() -> int:
    """Measure, print the table, and give 1 where the bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        commands, environ = _prepare(Path(folder))
        times_s: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(RUNS):
            for name, command in commands.items():
                began_s = time.perf_counter()
                ran = subprocess.run(command, env=environ, capture_output=True, check=True)
                times_s[name].append(time.perf_counter() - began_s)
                assert name == "python -c pass" or ran.stdout == b"a" * 40 + b"\n"
    bare_s = statistics.median(times_s["python -c pass"])
    for name, measured_s in times_s.items():
        median_s = statistics.median(measured_s)
        print(f"{name:34} {median_s * 1000:7.1f} ms   {median_s / bare_s:5.2f} x")
    ratio = statistics.median(times_s["paceport token"]) / bare_s
    print(f"bar: {BAR} x, {'met' if ratio <= BAR else 'MISSED'} ({RUNS} interleaved runs, medians)")
    return 0 if ratio <= BAR else 1


def _prepare(folder: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    clock = SystemClock()
    grant = Grant(
        profile="default",
        oauth_url="https://www.strava.com",
        api_url="https://www.strava.com/api/v3",
        client_id="12345",
        athlete_id=1,
        access_token=Secret("a" * 40),
        refresh_token=Secret("b" * 40),
        expires_at=clock.now() + timedelta(hours=6),
        received_at=clock.now(),
        expires_in_s=21_600,
    )
    token_store = FileTokenStore(folder / "home" / "state", clock=clock)
    with token_store.lock(grant.key):
        token_store.save(grant, expect_generation=0)
    (folder / "one_file.py").write_text(ONE_FILE)
    for name, module in {"paceport": "paceport.quick", "one_file": "one_file"}.items():
        (folder / name).write_text(LAUNCHER.format(python=sys.executable, module=module))
        (folder / name).chmod(0o755)
    source = str(Path(__file__).parent.parent / "src")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PACEPORT_", "STRAVA_"))}
    environ |= {
        "PACEPORT_HOME": str(folder / "home"),
        "PYTHONPATH": os.pathsep.join([source, str(folder)]),
        "ONE_FILE": str(next((folder / "home" / "state" / "grants").glob("*.json"))),
    }
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "a script that reads one JSON file": [str(folder / "one_file")],
        "paceport token": [str(folder / "paceport"), "token"],
    }
    return commands, environ


if __name__ == "__main__":
    sys.exit(main())
