"""Run every benchmark of this folder, one process each: `python -m benchmarks [NAME …]`."""

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run the named benchmarks, or all; the worst exit code is ours."""
    here = Path(__file__).parent
    # Growth deletes thousands of files at its end; on ext4 that makes new ones dearer for half a minute, so it is last.
    every = sorted((path.stem for path in here.glob("[a-z]*.py")), key=lambda name: (name == "growth", name))
    names = sys.argv[1:] or every
    worst = 0
    for name in names:
        print(f"\n== {name} ==", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
