"""All output: results on stdout, messages on stderr, and control characters in neither."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO, TypeGuard

from paceport.cli.profile_in_hints import name_profile
from paceport.cli.table import Column, draw_table
from paceport.cli.text_layout import labelled, shorten, wrap
from paceport.errors import PaceportError
from paceport.lazy_dataclass import dataclass
from paceport.secret import Secret, mask_secrets
from paceport.text import clean

_BOLD, _RED, _GREEN, _YELLOW, _RESET = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[0m"


class OutputClosed(Exception):
    """Whoever read our stdout has seen enough. Not an OSError: the command framework would make an error of that."""


@dataclass(slots=True, kw_only=True)
class Output:
    """Two streams and what they can do. `quiet` silences talk, never results, warnings or errors.

    `width` is the terminal's of stdout, in columns, `talk_width` that of stderr where it is another one. What goes to
    a terminal is laid out for it: tables as `draw_table` says, prose wrapped at words. A pipe gets everything whole.
    `profile` is the one that the command line names, so that the lines to type next name it too; "" for none.
    """

    stdout: TextIO
    stderr: TextIO
    stdout_is_terminal: bool = False
    stderr_is_terminal: bool = False
    colour: bool = False
    width: int = 80
    talk_width: int | None = None
    quiet: bool = False
    as_json: bool = False
    profile: str = ""
    _is_after_blank: bool = True

    def blank_line(self) -> None:
        """An empty line between two parts of the answer: none at its beginning, and never two."""
        if not self._is_after_blank:
            self.raw("\n")

    def result(self, text: str, *, hanging: str | None = None) -> None:
        """A line (or block) of the answer, as prose; `hanging` stands before the lines that wrapping adds.

        Raises OutputClosed where nobody reads any more.
        """
        self.raw(_for_terminal(text, self.width if self.stdout_is_terminal else None, hanging=hanging) + "\n")

    def verbatim(self, text: str) -> None:
        """A line (or block) of the answer that is copied or read by a program: its lines stay as they are."""
        self.raw(_clean_lines(text) + "\n")

    def raw(self, text: str) -> None:
        """The answer without a line end of ours. Raises OutputClosed where nobody reads any more."""
        if text:
            self._is_after_blank = text == "\n" or text.endswith("\n\n")
        try:
            self.stdout.write(text)
        except OSError as error:
            raise write_error(error) from error

    def raw_bytes(self, content: bytes) -> None:
        """A piece of a document, byte for byte. Raises OutputClosed and PaceportError as `raw` does."""
        binary = getattr(self.stdout, "buffer", None)
        if binary is None:
            self.raw(content.decode())
            return
        try:
            self.stdout.flush()  # what was written as text stands before it
            binary.write(content)
        except OSError as error:
            raise write_error(error) from error

    def flush(self) -> None:
        """See all of the answer on its way. Raises OutputClosed, and PaceportError where it cannot be written."""
        try:
            self.stdout.flush()
        except OSError as error:
            raise write_error(error) from error

    def say(self, text: str = "") -> None:
        """Talk: progress, notes, what to do next."""
        if not self.quiet:
            self.say_always(text)

    def say_always(self, text: str) -> None:
        """Words without which a person could not go on, so they are said even when talk is off."""
        self._write_stderr(self._talk(name_profile(text, self.profile)) + "\n")

    def ask(self, question: str) -> None:
        """A question that waits for its answer on the same line; said even when talk is off."""
        self._write_stderr(_for_terminal(question.rstrip(), self._stderr_width()) + question[len(question.rstrip()) :])

    def ask_secret(self, question: str) -> str:
        """What a person types without its being shown. Raises EOFError where nobody answers."""
        import getpass  # one command alone needs it

        return getpass.getpass(question)

    def warn(self, text: str) -> None:
        """Something a person should know even when talk is off."""
        mark = "Note: "
        text = name_profile(text, self.profile)
        self._write_stderr(self._paint(mark, _YELLOW, self.stderr_is_terminal) + self._talk(text, mark) + "\n")

    def success(self, text: str) -> None:
        """Talk about something that worked."""
        if not self.quiet:
            mark = "✓ "
            self._write_stderr(self._paint(mark, _GREEN, self.stderr_is_terminal) + self._talk(text, mark) + "\n")

    def temporary_line(self, text: str) -> None:
        """A line that the next one overwrites, "" to take it away; only where stderr is a terminal."""
        if self.stderr_is_terminal and not self.quiet:
            self.stderr.write("\r\x1b[K" + shorten(clean(mask_secrets(text)), (self.talk_width or self.width) - 1))
            self.stderr.flush()

    def error(self, error: PaceportError) -> None:
        """What happened, why, what to do; with --json also as an object on stdout."""
        mark, width = "Error: ", self._stderr_width()
        first, *more = self._talk(error.what, mark).split("\n")
        lines = [self._paint(mark, _RED, self.stderr_is_terminal) + self.strong(first), *map(self.strong, more)]
        fix = name_profile(error.fix, self.profile)
        for name, text in (("Why", error.why), ("Fix", fix)):
            if text:
                lines.append(_for_terminal(clean(text), width, first=f"  {name}: ", hanging="       "))
        self._write_stderr(mask_secrets("\n".join(lines)) + "\n")
        if self.as_json:
            self.verbatim(mask_secrets(json_text({"error": error_as_json(error) | {"fix": fix}})))

    def json(self, value: object) -> None:
        """A value as JSON, indented, in one go."""
        self.raw(json_text(value) + "\n")

    def strong(self, text: str) -> str:
        """Text that stands out on a terminal."""
        return self._paint(text, _BOLD, self.stderr_is_terminal)

    def heading(self, text: str) -> None:
        """A line of the result that stands out on a terminal."""
        for line in _for_terminal(text, self.width if self.stdout_is_terminal else None).split("\n"):
            self.raw(self._paint(line, _BOLD, self.stdout_is_terminal) + "\n")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Collection[str]:
        """Aligned columns, as many as the terminal has room for, then the names of those without; a pipe gets all.

        Returns those names: what is not there needs no explanation.
        """
        cells = [[clean(cell) for cell in row] for row in rows]
        drawn = draw_table(columns, cells, width=self.width if self.stdout_is_terminal else None)
        for number, line in enumerate(drawn.lines):
            is_heading = number < drawn.heading_lines
            self.raw((self._paint(line, _BOLD, self.stdout_is_terminal) if is_heading else line) + "\n")
        if drawn.left_out:
            self.result(f"left out at this width: {', '.join(drawn.left_out)}")
        return drawn.left_out

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Name and value, one pair a line, values aligned."""
        shown = [(name, clean(value)) for name, value in pairs]
        for line in labelled(shown, self.width if self.stdout_is_terminal else None):
            self.raw(line + "\n")

    def _talk(self, text: str, mark: str = "") -> str:
        """Text for stderr, without what is secret, laid out behind a mark that is written before it."""
        lines = _for_terminal(mask_secrets(text), self._stderr_width(), first=" " * len(mark))
        return lines.removeprefix(" " * len(mark))

    def _stderr_width(self) -> int | None:
        return (self.talk_width or self.width) if self.stderr_is_terminal else None

    def _write_stderr(self, text: str) -> None:
        # Talk that nobody hears is no reason to stop: a login that is under way must come to its end.
        with suppress(OSError):
            self.stderr.write(text)
            self.stderr.flush()

    def _paint(self, text: str, code: str, is_terminal: bool) -> str:
        return f"{code}{text}{_RESET}" if self.colour and is_terminal else text


def write_error(error: OSError) -> Exception:
    """OutputClosed where nobody reads any more, else our error for a stdout that takes no more."""
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


def _for_terminal(text: str, width: int | None, *, first: str = "", hanging: str | None = None) -> str:
    """Clean lines, each wrapped at words for a terminal of that width; None: as they are. `first` precedes them."""
    if width is None:
        return first + _clean_lines(text)
    lines = []
    for number, line in enumerate(text.split("\n")):
        lines += wrap(clean(line), width, first="" if number else first, hanging=hanging)
    return "\n".join(lines)


def json_text(value: object) -> str:
    """JSON that is safe to show: what a terminal would obey is escaped, all else stays readable."""
    text = _dumps_rows(value) if _is_list_of_rows(value) else _dumps(value, indent=2)
    return _escaped(text, keep="\n")


_HARMLESS = bytes(range(0x20, 0x7F))  # letters, digits and signs of ASCII
_PLAIN_TYPES = frozenset({str, int, float, bool, type(None), date, datetime})


def _is_list_of_rows(value: object) -> TypeGuard[list[dict[str, object]]]:
    """Whether it is a list of objects that hold no lists and no objects."""
    return isinstance(value, list) and all(
        isinstance(row, dict) and row and _PLAIN_TYPES.issuperset(map(type, row.values())) for row in value
    )


def _dumps_rows(rows: list[dict[str, object]]) -> str:
    """The same text as with `indent=2`, which the json module writes in Python, and so ten times slower."""
    if not rows:
        return "[]"
    text = _dumps(rows, separators=(",\n    ", ": "))
    # A line ends between two values and nowhere else: in a text the end of a line is written as two characters.
    inside = text[2:-2].replace("},\n    {", "\n  },\n  {\n    ")
    return f"[\n  {{\n    {inside}\n  }}\n]"


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


def _escaped(text: str, keep: str = "") -> str:
    # Each character that occurs is judged once. What terminals show as it is makes up nearly all of a long text.
    rest = text.encode("utf-8", "surrogatepass").translate(None, _HARMLESS).decode("utf-8", "surrogatepass")
    bad = {ord(char): f"\\u{ord(char):04x}" for char in set(rest) - set(keep) if clean(char) != char}
    return text.translate(bad) if bad else text


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
