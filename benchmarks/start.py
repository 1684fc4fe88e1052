"""Help pages beside a bare interpreter, and importing the library beside stravalib.

Each is a process of its own, in turns with the others: processor time, the best of nine. Importing is told without the
start of the interpreter, which both share.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.history import PROGRAM, cost_s, peak_mb

STARTS = 9
HELP_BAR, IMPORT_BAR = 6.0, 0.03
HELP = ("--help", "token --help", "sync --help", "records --help", "serve --help")
IMPORTS = ("paceport", "paceport; paceport.open, paceport.PaceportError", "stravalib")


def main() -> int:
    """Print the rows; 1 if a bar is missed."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        bare = ["-c", "pass"]
        helps = {words: ["-c", PROGRAM, *words.split()] for words in HELP}
        imports = {words: ["-c", f"import {words}"] for words in IMPORTS}
        spent_s: dict[str, list[float]] = {name: [] for name in ("bare", *helps, *imports)}
        for _ in range(STARTS):
            for name, words in {"bare": bare, **helps, **imports}.items():
                spent_s[name].append(cost_s(words, home))
        best_s = {name: min(found) for name, found in spent_s.items()}
        held_mb = {name: peak_mb(name, home) for name in helps}
    bare_s = best_s["bare"]
    print(f"{'a bare start':36} {1000 * bare_s:7.1f} ms")
    for name in helps:
        ratio, spent_ms = best_s[name] / bare_s, 1000 * best_s[name]
        print(f"{f'paceport {name}':36} {spent_ms:7.1f} ms {ratio:6.2f} x {held_mb[name]:5.0f} MB  (bar {HELP_BAR} x)")
    theirs_s = best_s["stravalib"] - bare_s
    for name in imports:
        ours_s = max(0.0, best_s[name] - bare_s)
        label = f"import {name.replace('; ', ', ').replace('paceport.', '')}"
        print(f"{label:36} {1000 * ours_s:7.1f} ms {ours_s / theirs_s:6.3f} x stravalib")
    is_quick = all(best_s[name] <= HELP_BAR * bare_s for name in helps)
    return 0 if is_quick and best_s["paceport"] - bare_s <= IMPORT_BAR * theirs_s else 1


if __name__ == "__main__":
    sys.exit(main())
