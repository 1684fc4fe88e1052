"""What a person or a program gets to see: results on stdout, talk on stderr, nothing hostile in either."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from paceport.errors import PaceportError
from paceport.secret import Secret, mask_secrets
from paceport.text import clean

_BOLD, _DIM, _RED, _GREEN, _YELLOW, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[0m"


class OutputClosed(Exception):
    """Whoever read our stdout has seen enough. Not an OSError: the command framework would make an error of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table: its heading, and whether it holds numbers (then it is set flush right)."""

    heading: str
    number: bool = False


@dataclass(slots=True, kw_only=True)
class Output:
    """Two streams and what they can do. `quiet` silences talk, never results, warnings or errors."""

    stdout: TextIO
    stderr: TextIO
    stdout_is_terminal: bool = False
    stderr_is_terminal: bool = False
    colour: bool = False
    width: int = 80
    quiet: bool = False
    as_json: bool = False
    _said: list[str] = field(default_factory=list)

    def result(self, text: str) -> None:
        """One line (or block) of the answer itself. Raises OutputClosed where nobody reads any more."""
        self.raw(_clean_lines(text) + "\n")

    def raw(self, text: str) -> None:
        """The answer without a line end of ours. Raises OutputClosed where nobody reads any more."""
        try:
            self.stdout.write(text)
        except OSError as error:
            raise _write_error(error) from error

    def flush(self) -> None:
        """See all of the answer on its way. Raises OutputClosed, and PaceportError where it cannot be written."""
        try:
            self.stdout.flush()
        except OSError as error:
            raise _write_error(error) from error

    def say(self, text: str = "") -> None:
        """Talk: progress, notes, what to do next."""
        if not self.quiet:
            self._write_stderr(mask_secrets(_clean_lines(text)) + "\n")

    def say_always(self, text: str) -> None:
        """Words without which a person could not go on, so they are said even when talk is off."""
        self._write_stderr(mask_secrets(_clean_lines(text)) + "\n")

    def ask(self, question: str) -> None:
        """A question that waits for its answer on the same line; said even when talk is off."""
        self._write_stderr(_clean_lines(question))

    def ask_secret(self, question: str) -> str:
        """What a person types without its being shown. Raises EOFError where nobody answers."""
        import getpass  # one command alone needs it

        return getpass.getpass(question)

    def warn(self, text: str) -> None:
        """Something a person should know even when talk is off."""
        self._write_stderr(
            self._paint("Note: ", _YELLOW, self.stderr_is_terminal) + mask_secrets(_clean_lines(text)) + "\n"
        )

    def success(self, text: str) -> None:
        """Talk about something that worked."""
        if not self.quiet:
            self._write_stderr(self._paint("✓ ", _GREEN, self.stderr_is_terminal))
            self.say(text)

    def temporary_line(self, text: str) -> None:
        """A line that the next one overwrites, "" to take it away; only where stderr is a terminal."""
        if self.stderr_is_terminal and not self.quiet:
            self.stderr.write("\r\x1b[K" + clean(mask_secrets(text))[: self.width - 1])
            self.stderr.flush()

    def error(self, error: PaceportError) -> None:
        """What happened, why, what to do; with --json also as an object on stdout."""
        mark = self._paint("Error: ", _RED, self.stderr_is_terminal)
        lines = [f"{mark}{self.strong(clean(error.what))}"]
        if error.why:
            lines.append(f"  Why: {clean(error.why)}")
        if error.fix:
            lines.append(f"  Fix: {clean(error.fix)}")
        self._write_stderr(mask_secrets("\n".join(lines)) + "\n")
        if self.as_json:
            self.result(mask_secrets(json_text({"error": error_as_json(error)})))

    def json(self, value: object) -> None:
        """A value as JSON, indented, in one go."""
        self.result(json_text(value))

    def strong(self, text: str) -> str:
        """Text that stands out on a terminal."""
        return self._paint(text, _BOLD, self.stderr_is_terminal)

    def heading(self, text: str) -> None:
        """A line of the result that stands out on a terminal."""
        self.raw(self._paint(_clean_lines(text), _BOLD, self.stdout_is_terminal) + "\n")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
        """Aligned columns, as wide as the terminal allows; without a terminal nothing is cut."""
        cells = [[clean(cell) for cell in row] for row in rows]
        if not self.stdout_is_terminal:
            for line in _table_lines(columns, cells):
                self.raw(line + "\n")
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
        for column in columns:
            table.add_column(
                Text(column.heading),
                justify="right" if column.number else "left",
                no_wrap=True,
                overflow="ellipsis",
            )
        for row in cells:
            table.add_row(*map(Text, row))
        drawn = io.StringIO()  # rich would write around `raw`, and meet a closed or full stdout there
        console = Console(
            file=drawn,
            width=self.width,
            no_color=not self.colour,
            force_terminal=self.colour,
            highlight=False,
            markup=False,
            emoji=False,
        )
        console.print(table)
        for line in drawn.getvalue().splitlines():
            # The cells are clean already; what is left to obey is the table's own bold heading.
            self.raw(line.rstrip() + "\n")

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Name and value, one pair a line, values aligned."""
        shown = [(name, clean(value)) for name, value in pairs]
        width = max((len(name) for name, _ in shown), default=0)
        for name, value in shown:
            self.result(f"{name:<{width}}  {value}")

    def _write_stderr(self, text: str) -> None:
        # Talk that nobody hears is no reason to stop: a login that is under way must come to its end.
        with suppress(OSError):
            self.stderr.write(text)
            self.stderr.flush()

    def _paint(self, text: str, code: str, is_terminal: bool) -> str:
        return f"{code}{text}{_RESET}" if self.colour and is_terminal else text


def _write_error(error: OSError) -> Exception:
    if isinstance(error, BrokenPipeError):
        return OutputClosed()
    return PaceportError(
        what="The result could not be written",
        why=(error.strerror or type(error).__name__).lower(),
        fix="make room there, then try again",
    )


def _clean_lines(text: str) -> str:
    """Text whose line ends are the only thing a terminal obeys."""
    return "\n".join(clean(line) for line in text.split("\n"))


def json_text(value: object) -> str:
    """JSON that is safe to show: what a terminal would obey is escaped, all else stays readable."""
    text = _dumps(value, indent=2)
    return _escaped(text, keep="\n")


def json_line(value: object) -> str:
    """One JSON value on one line, safe to show."""
    return _escaped(_dumps(value, separators=(",", ":")))


def _dumps(value: object, *, indent: int | None = None, separators: tuple[str, str] | None = None) -> str:
    try:
        return json.dumps(
            value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators, default=_plain
        )
    except ValueError:
        # JSON has no infinity and no "not a number": both are null.
        finite = _finite(value)
        return json.dumps(finite, ensure_ascii=False, indent=indent, separators=separators, default=_plain)


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list | tuple) else value


def _table_lines(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The table as lines, nothing cut: a pipe may hold thousands of rows, which rich would take seconds for."""
    from rich.cells import cell_len

    table = [[column.heading for column in columns], *rows]
    widths = [max(map(cell_len, cells)) for cells in zip(*table, strict=True)]
    for row in table:
        padded = (
            blank + cell if column.number else cell + blank
            for cell, column, width in zip(row, columns, widths, strict=True)
            for blank in (" " * (width - cell_len(cell)),)
        )
        yield "  ".join(padded).rstrip()


def _escaped(text: str, keep: str = "") -> str:
    # Each character that occurs is judged once: a list of thousands of runs has some hundred different ones.
    return text.translate({ord(char): f"\\u{ord(char):04x}" for char in set(text) - set(keep) if clean(char) != char})


def error_as_json(error: PaceportError) -> dict[str, Any]:
    """An error as `--json` shows it: its class, exit code, what, why, fix, and its facts."""
    hidden = {"what", "why", "fix", "exit_code"}
    facts = {name: value for name, value in vars(error).items() if name not in hidden and not name.startswith("_")}
    return {
        "type": type(error).__name__,
        "exit_code": error.exit_code,
        "what": error.what,
        "why": error.why,
        "fix": error.fix,
        "facts": {name: value for name, value in facts.items() if not isinstance(value, Secret)},
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    return clean(str(value))
