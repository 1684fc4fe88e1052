"""The help texts as click draws them, written to files, so that `--help` imports no command.

`paceport.quick` prints these pages. A terminal narrower than 80 columns is served by click itself, which wraps anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from paceport.cli.commands import COMMANDS
from paceport.cli.main import paceport

# A page is drawn for each of these widths, in columns; a terminal gets the widest that fits.
WIDTHS = (80, 100)
FOLDER = Path(__file__).parent / "help_pages"


def help_pages(width: int) -> dict[str, str]:
    """Each command's help for a terminal of that width in columns; the overview stands under the empty word."""
    settings = {**paceport.context_settings, "terminal_width": width - 2}  # click leaves two columns free
    root = click.Context(paceport, info_name="paceport", **settings)
    pages = {"": paceport.get_help(root)}
    for word in COMMANDS:
        command = paceport.get_command(root, word)
        if command is None:
            raise KeyError(word)
        pages[word] = command.get_help(click.Context(command, info_name=word, parent=root))
    return pages


def write_help_pages(folder: Path = FOLDER) -> None:
    """Write the file of each width, with the widths as names."""
    for width in WIDTHS:
        text = json.dumps(help_pages(width), ensure_ascii=False, indent=1)
        (folder / f"{width}.json").write_text(text + "\n", encoding="utf-8")
