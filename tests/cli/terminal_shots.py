"""Takes pictures of commands as a terminal of 80 columns shows them: `make shots`, kept in docs/images.

The logbook holds the newest activities of the sandbox's first athlete. The pictures name no font from a network.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.population_generator import populate
from paceport.training.compute import compute_results
from sandbox_logbook import fill
from shell import Shell

NOW = datetime(2026, 11, 15, 18, 0, tzinfo=UTC)
COLUMNS, MOST_LINES, ACTIVITIES = 80, 36, 400
COMMANDS = {
    "terminal-runs": "runs --limit 8",
    "terminal-run": "run last",
    "terminal-records": "records",
    "terminal-predict": "predict",
}
_PLAIN_FORMAT = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "Fira Code, monospace", "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
)


def picture(command: str, shown: str) -> str:
    """What a terminal shows after the command, as SVG."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(f"[bold]$[/bold] paceport {command}", highlight=False)
    lines = shown.splitlines()
    rest = ["…"] if len(lines) > MOST_LINES else []
    console.print(Text.from_ansi("\n".join(lines[:MOST_LINES] + rest)))
    return console.export_svg(title="", code_format=_PLAIN_FORMAT, unique_id="terminal")


def main() -> int:
    """Write all pictures into the folder that was named."""
    folder, clock = Path(sys.argv[1]), ManualClock(NOW)
    population = populate(1)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
            fill(store, population.activities(population.people[0].id)[:ACTIVITIES])
            compute_results(store)
        shell = Shell(environ={"PACEPORT_HOME": str(home)}, clock=clock, visit=lambda _: False)
        for name, command in COMMANDS.items():
            ended = shell(*command.split(), is_terminal=True, width=COLUMNS)
            assert ended.code == 0, ended.err
            (folder / f"{name}.svg").write_text(picture(command, ended.out), encoding="utf-8")
            print(folder / f"{name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
