"""Changes the code in many small places and counts the changes that the tests notice: `make mutants`.

`python -m mutation FOLDER MOST SEED [GROUP …]` runs mutmut over each group of `groups.py`, on at most MOST of its
mutants; a seed draws the same ones each time. All that mutmut writes stays in FOLDER/GROUP. Survivors, with their
difference, go into FOLDER/GROUP/survivors.diff; what is known of them stands in docs/explanation/mutants.md.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from mutation.groups import GROUPS, Group

ROOT = Path(__file__).parent.parent.parent
RESULT = re.compile(r"^ *(\S+__mutmut_\d+): (.+)$", re.MULTILINE)
# A mutant that never ends is ended after this many times the time that its tests take; a busy machine needs some.
PATIENCE = 8.0
# Words for a person are not mutated: tests ask what an error says, not how. Lines that hold parts of an error, or a
# text of three words; and the heads of the calls that make an error of them.
WORDS = [r"\b(what|why|fix)=", r"(\"|')[^\"']*\w \w+ \w[^\"']*(\"|')", r"(Error|__init__)\($"]
FOUND = {"killed", "timeout", "segfault", "caught by type check"}


def _prepare(place: Path, group: Group) -> None:
    """A folder in which mutmut finds the project, with its own settings beside the project's."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in ("src", "tests"):
        (place / name).symlink_to(ROOT / name)
    settings = {
        "source_paths": ["src"],
        "only_mutate": [f"src/paceport/{each}" for each in group.modules],
        "do_not_mutate": [f"src/paceport/{each}" for each in group.without],
        "pytest_add_cli_args_test_selection": [f"tests/{each}" for each in group.tests],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-p", "mutation.plugin", "-m", "not proof"],
        "do_not_mutate_patterns": WORDS,
        "timeout_multiplier": PATIENCE,
        "use_git_change_detection": False,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    ours = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (place / "pyproject.toml").write_text("\n".join([ours, "[tool.mutmut]", *lines, ""]), encoding="utf-8")


def _mutmut(place: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *words],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},  # for the plugin; its own folder comes before it
        capture_output=True,
        text=True,
        check=False,
    )
    with (place / "mutmut.log").open("a", encoding="utf-8") as log:
        log.write(f"$ mutmut {' '.join(words)}\n{done.stdout}{done.stderr}\n")
    return done.stdout


def _results(place: Path) -> dict[str, str]:
    return dict(RESULT.findall(_mutmut(place, "results", "--all", "true")))


def run_group(name: str, folder: Path, most: int, seed: int) -> bool:
    """Try a sample of one group's mutants, and print what became of them; False where nothing could be tried."""
    place, began = folder / name, time.monotonic()
    _prepare(place, GROUPS[name])
    # There is no command that only makes the mutants: a name that none has makes all, tries the tests, and ends.
    _mutmut(place, "run", "--max-children", "1", "none")
    every = sorted(_results(place))
    drawn = every if len(every) <= most else random.Random(seed).sample(every, most)
    if drawn:  # without a name all would be tried
        _mutmut(place, "run", "--max-children", "1", *drawn)
    became = _results(place)
    if all(became[each] == "not checked" for each in drawn):
        print(f"{name}: mutmut tried nothing; see {place / 'mutmut.log'}", flush=True)
        return False
    left = sorted(each for each in drawn if became[each] not in FOUND)
    texts = [_mutmut(place, "show", each) for each in left]
    (place / "survivors.diff").write_text("\n".join(texts), encoding="utf-8")
    counts = Counter(became[each] for each in drawn)
    told = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    print(f"{name}: {len(drawn)} of {len(every)} mutants: {told}; {time.monotonic() - began:.0f} s", flush=True)
    return True


def main(folder: str, most: str, seed: str, *names: str) -> None:
    """Try the named groups, or all of them."""
    tried = [run_group(name, Path(folder).resolve(), int(most), int(seed)) for name in names or GROUPS]
    sys.exit(not all(tried))


if __name__ == "__main__":
    main(*sys.argv[1:])
