"""Help on a narrow terminal: options above their words, where click would leave the words no room beside them."""

from __future__ import annotations

from collections.abc import Iterable

import click

from paceport.cli.text_layout import wrap

_WIDEST, _NARROW = 100, 60


def help_width(columns: int) -> int:
    """How wide the help may be on a terminal of so many columns; click leaves two of them free."""
    return min(columns, _WIDEST) - 2


class HelpLayout(click.HelpFormatter):
    """Click's layout, save that a narrow page has each option on a line of its own and its words below."""

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options or commands with their words."""
        if self.width >= _NARROW:
            super().write_dl(rows, col_max=col_max, col_spacing=col_spacing)
            return
        indent = " " * self.current_indent
        for name, words in rows:
            for line in wrap(name.strip(), self.width, first=indent, hanging=indent + "    "):
                self.write(f"{line}\n")
            for line in wrap(words, self.width, first=indent + "    ", hanging=indent + "    "):
                self.write(f"{line}\n")


class CommandContext(click.Context):
    """Click's context with our layout of the help."""

    formatter_class = HelpLayout
