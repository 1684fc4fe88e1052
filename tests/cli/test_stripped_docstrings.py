"""`python -OO` drops docstrings and asserts: every command still has its help, and the program works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click

from paceport.cli import main as cli_main
from paceport.cli.commands import COMMANDS
from paceport.cli.main import paceport

GPX = (
    '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="t"><trk><type>running</type><trkseg>'
    + "".join(
        f'<trkpt lat="{52 + second * 0.00003:.5f}" lon="13.0"><time>2026-05-01T06:00:{second:02}Z</time></trkpt>'
        for second in range(60)
    )
    + "</trkseg></trk></gpx>"
)
HELP_OF_ALL = """
import json, click
from paceport.cli.commands import COMMANDS
from paceport.cli.main import paceport
context = click.Context(paceport)
texts = {word: paceport.get_command(context, word).help for word in COMMANDS}
print(json.dumps({"": paceport.help, **texts}))
"""


def python(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python without docstrings and asserts."""
    source = str(Path(cli_main.__file__).parents[2])
    environ = {**os.environ, "PACEPORT_HOME": str(home), "COLUMNS": "200", "PYTHONPATH": source}
    return subprocess.run(
        [sys.executable, "-OO", *arguments], env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def test_every_command_has_the_help_that_it_has_elsewhere(tmp_path: Path) -> None:
    found = json.loads(python(tmp_path, "-c", HELP_OF_ALL).stdout)

    context = click.Context(paceport)
    commands = {"": paceport, **{word: paceport.get_command(context, word) for word in COMMANDS}}
    for word, command in commands.items():
        assert command is not None
        assert command.help
        assert found[word].split() == command.help.split(), word


def test_a_file_is_imported_listed_and_explained(tmp_path: Path) -> None:
    track = tmp_path / "run.gpx"
    track.write_text(GPX)

    answers = [
        python(tmp_path / "home", "-m", "paceport", *words)
        for words in (
            ["import", str(track)],
            ["runs"],
            ["export", "--format", "csv", "-o", str(tmp_path / "out.csv")],
            ["report", "--output", str(tmp_path / "report.html")],
            ["explain-metric", "decoupling"],
            ["explain", '{"message":"Authorization Error","errors":[]}'],
            ["status"],
            ["explain", "--help"],
        )
    ]

    for answer in answers:
        assert answer.returncode == 0, answer.stderr
        assert "Traceback" not in answer.stderr
    assert "2026-05-01" in answers[1].stdout
    assert "Explain an error of Strava" in answers[-1].stdout
