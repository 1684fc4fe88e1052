"""What a person typed wrong after a known command: said in plain words, with the line that is probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

import click

from paceport.errors import UsageError

# What an option is called elsewhere → how it is called here, the first that the command has.
_OTHER_OPTIONS = {
    "--since": ("--after",),
    "--after": ("--since",),
    "--from": ("--after", "--since"),
    "--start-date": ("--after",),
    "--until": ("--before",),
    "--to": ("--before",),
    "--end-date": ("--before",),
    "--count": ("--limit",),
    "--max": ("--limit",),
    "-n": ("--limit",),
    "--type": ("--sport",),
    "--out": ("--output",),
    "--file": ("--output",),
    "--yes": ("--force",),
    "-y": ("--force",),
    "--scopes": ("--scope",),
    "-f": ("--force", "--format"),
    "-V": ("--version",),
    "--miles": ("--units mi",),
    "--km": ("--units km",),
}
# Those that ask nothing: there is nothing to answer, and their --force does something else.
_ASK_NOTHING = ("paceport revoke", "paceport logout")
# A word after a command that takes none, where another command is meant.
_OTHER_COMMANDS = {"runs": "run", "activities": "activity"}


def usage_error(
    error: click.ClickException,
    arguments: Sequence[str],
    commands: Mapping[str, click.Command | None],
    root: click.Command,
) -> UsageError:
    """Our error for one of the framework's. `commands` holds the command of the line by its word; `root` has none."""
    word = next(iter(commands), "")
    command = commands.get(word) or root
    line = f"paceport {word}".strip()
    help_line = f"see: {line} --help"
    if isinstance(error, click.NoSuchOption):
        before = arguments[: arguments.index(word)] if word in arguments else arguments
        return _unknown_option(error, command, line, is_before=_is_among(error.option_name, before))
    if isinstance(error, click.MissingParameter):
        return _missing(command, line, help_line)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return UsageError(what=_wrong_value(error, error.param), why="", fix=_near_choice(error) or help_line)
    what = " ".join(error.format_message().split()).rstrip(".")
    if match := re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", what):
        return _extra_word(match[1], word, command, line, help_line)
    return UsageError(what=what, why="", fix=help_line)


def _is_among(option: str, words: Sequence[str]) -> bool:
    return any(word == option or word.startswith(f"{option}=") for word in words)


def _options(command: click.Command) -> dict[str, click.Option]:
    return {name: each for each in command.params if isinstance(each, click.Option) for name in each.opts}


def _unknown_option(error: click.NoSuchOption, command: click.Command, line: str, *, is_before: bool) -> UsageError:
    said, known = error.option_name, _options(command)
    if is_before and said in known:
        value = "" if known[said].is_flag else " …"
        return UsageError(
            what=f"{said} comes before the command",
            why="a command's options come after it",
            fix=f"{line} {said}{value}",
        )
    meant = [name for name in _OTHER_OPTIONS.get(said, ()) if name.split()[0] in known or name == "--version"]
    near = difflib.get_close_matches(said, [name for name in known if name.startswith("--")], n=1, cutoff=0.7)
    if said == "-V":
        return UsageError(what="There is no option -V", why="", fix="paceport --version")
    if said in ("--yes", "-y") and line in _ASK_NOTHING:
        return UsageError(what=f"{line} has no option {said}", why="it asks no question", fix=line)
    fix = f"did you mean: {line} {(meant or near)[0]}" if meant or near else f"see: {line} --help"
    return UsageError(what=f"{line} has no option {said[:40]}", why="", fix=fix)


def _missing(command: click.Command, line: str, help_line: str) -> UsageError:
    """Names all that the command must be given, as one line to copy."""
    parts = []
    for each in command.params:
        if isinstance(each, click.Argument) and (each.required or each.nargs == 1):
            parts.append((each.metavar or each.human_readable_name).strip("[]"))
        elif isinstance(each, click.Option) and each.required:
            parts.append(f"{each.opts[0]} {each.metavar or (each.name or '').upper()}")
    return UsageError(what=f"{line} needs {_joined(parts)}", why="", fix=f"{line} {' '.join(parts)}   ({help_line})")


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(part.replace("...", "") for part in parts)


def _extra_word(extra: str, word: str, command: click.Command, line: str, help_line: str) -> UsageError:
    first = extra.split()[0].strip("',")
    fix = help_line
    if first == "help":
        fix = f"{line} --help"
    elif word in _OTHER_COMMANDS and (first.lstrip("-").isdigit() or first in {"last", "latest"}):
        fix = f"did you mean: paceport {_OTHER_COMMANDS[word]} {first}"
    elif "--output" in _options(command) and re.search(r"\.\w+$", first):
        fix = f"did you mean: {line} --output {first}"
    return UsageError(what=f"{line} does not take the word {extra[:60]!r}", why="", fix=fix)


def _wrong_value(error: click.BadParameter, param: click.Parameter) -> str:
    said = " ".join(error.message.split()).rstrip(".")
    name = param.opts[0] if isinstance(param, click.Option) else (param.metavar or "").strip("[].…")
    kind = param.type
    if isinstance(kind, click.IntRange | click.FloatRange) or kind in (click.INT, click.FLOAT):
        number = "a whole number" if isinstance(kind, click.IntRange) or kind == click.INT else "a number"
        return f"{name} must be {number}{_bounds(kind)}"
    if isinstance(kind, click.Choice):
        return said if isinstance(param, click.Argument) else f"{name}: {said}"
    return f"{name}: {said}" if name else said


def _bounds(kind: click.ParamType[object]) -> str:
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is None:
        return ""
    return f" of {low:g} or more" if high is None else f" from {low:g} to {high:g}"


def _near_choice(error: click.BadParameter) -> str:
    """The choice that the wrong one is closest to, as `did you mean: form`; "" where none is."""
    kind = error.param.type if error.param is not None else None
    said = re.match(r"'([^']*)' is not one of", error.message)
    if not isinstance(kind, click.Choice) or said is None:
        return ""
    near = difflib.get_close_matches(said[1].casefold(), [str(one) for one in kind.choices], n=1, cutoff=0.6)
    if not near:
        return ""
    option = f"{error.param.opts[0]} " if isinstance(error.param, click.Option) else ""
    return f"did you mean: {option}{near[0]}"
