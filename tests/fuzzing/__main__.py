"""Searches for inputs that break a promise: `python -m fuzzing TARGET SECONDS FOLDER`, as `make fuzz` does.

Coverage guides the search (atheris on libFuzzer). Inputs that reach new code are kept in FOLDER/TARGET, where the next
search begins. A finding is written there as `crash-…`; mend what it shows, and keep the input in
tests/fuzzing/cases/TARGET, which every test run reads.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

LONGEST = 4096  # bytes: beyond it a search repeats itself


def main(name: str, seconds: str, folder: str) -> None:
    """Search for one target's findings; libFuzzer ends the process: 0 without one, 77 with one."""
    with atheris.instrument_imports(include=["paceport"]):  # type: ignore[attr-defined]  # its stubs lack it
        from fuzzing.targets import TARGETS

    target = TARGETS[name]
    corpus = Path(folder) / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-artifact_prefix={corpus}/", "-timeout=10"]
    atheris.Setup([sys.argv[0], *options, "-rss_limit_mb=2048", "-print_final_stats=1", str(corpus)], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
