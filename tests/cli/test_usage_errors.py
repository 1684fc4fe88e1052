"""What is typed wrong after a command: each mistake is named in plain words, with the line that was meant."""

from __future__ import annotations

import click
import pytest

from paceport.cli.commands import COMMANDS
from paceport.cli.main import paceport
from shell import Shell

CONTEXT = click.Context(paceport)
JARGON = ("No such option", "Missing argument", "Invalid value", "range x>", "valid integer", "[", "Got unexpected")


def command_of(word: str) -> click.Command:
    found = paceport.get_command(CONTEXT, word)
    assert found is not None
    return found


def needs_something(word: str) -> bool:
    """Whether a command has an option or an argument that must be there, several words aside."""
    return any(
        each.required and not (isinstance(each, click.Argument) and each.nargs == -1)
        for each in command_of(word).params
    )


NEEDING = list(filter(needs_something, COMMANDS))


@pytest.mark.parametrize("word", COMMANDS)
def test_an_option_that_a_command_has_not_is_named_with_its_command(shell: Shell, word: str) -> None:
    ended = shell(word, "--no-such-thing")

    if word == "exec":  # every word after it is the program's
        return
    assert ended.code == 2
    assert f"paceport {word} has no option --no-such-thing" in ended.err
    assert not any(each in ended.err for each in JARGON)


@pytest.mark.parametrize("word", NEEDING)
def test_what_a_command_needs_is_one_line_to_copy(shell: Shell, word: str) -> None:
    ended = shell(word)

    assert ended.code == 2
    assert f"Fix: paceport {word} " in ended.err
    assert f"paceport {word} needs " in ended.err
    assert not any(each in ended.err for each in JARGON)


@pytest.mark.parametrize("word", COMMANDS)
def test_a_word_too_many_is_named(shell: Shell, word: str) -> None:
    if needs_something(word) or any(isinstance(each, click.Argument) for each in command_of(word).params):
        return

    ended = shell(word, "surplus")

    if ended.code == 2 and "surplus" in ended.err:
        assert f"paceport {word} does not take the word 'surplus'" in ended.err
    else:
        pytest.fail(f"{word} surplus ended with {ended.code}: {ended.err}")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("runs --since 2026-01-01", "did you mean: paceport runs --after"),
        ("runs --from 2026-13-01", "did you mean: paceport runs --after"),
        ("activities --until 2026-01-01", "did you mean: paceport activities --before"),
        ("activities -n 5", "did you mean: paceport activities --limit"),
        ("runs --limt 3", "did you mean: paceport runs --limit"),
        ("runs --after 2026-13-01", "--after: '2026-13-01' is not a date like 2026-01-31"),
        ("runs --limit three", "--limit must be a whole number of 1 or more"),
        ("runs --limit 0", "--limit must be a whole number of 1 or more"),
        ("sandbox --port 99999", "--port must be a whole number from 0 to 65535"),
        ("token --min-ttl 1h", "--min-ttl must be a number"),
        ("runs --sort distanc", "did you mean: --sort distance"),
        ("trends frm", "did you mean: form"),
        ("runs last", "did you mean: paceport run last"),
        ("runs 17505831982", "did you mean: paceport run 17505831982"),
        ("runs help", "Fix: paceport runs --help"),
        ("report out.html", "did you mean: paceport report --output out.html"),
        ("login --scope", "see: paceport login --help"),
        ("logbook --remove", "see: paceport logbook --help"),
        ("revoke --yes", "Why: it asks no question"),
        ("logout -y", "Fix: paceport logout"),
        ("-V", "Fix: paceport --version"),
        ("export runs.csv", "Fix: paceport export -o PLACE"),
        ("run", "Fix: paceport run ID"),
        ("create", "Fix: paceport create --name"),
    ],
)
def test_a_common_mistake_leads_to_the_right_line(shell: Shell, line: str, says: str) -> None:
    ended = shell(*line.split())

    assert ended.code == 2
    assert says in ended.err


@pytest.mark.parametrize(
    "word", [word for word in COMMANDS if "before" in {each.name for each in command_of(word).params}]
)
def test_no_day_between_two_days_is_a_mistake(shell: Shell, word: str) -> None:
    ended = shell(word, "--after", "2026-11-10", "--before", "2026-11-01")

    assert ended.code == 2
    assert "leave no days between them" in ended.err


def test_a_line_in_quotes_is_recognised(shell: Shell) -> None:
    assert "leave out the quotes: paceport runs --limit 3" in shell("runs --limit 3").err


def test_a_run_is_found_by_its_day(analyst: Shell) -> None:
    newest = analyst("run", "last")
    day = next(line for line in newest.out.splitlines() if "2026-" in line)
    date = next(word for word in day.split() if word.startswith("2026-")).rstrip(",")

    by_day = analyst("run", date)

    assert by_day.out == newest.out or f"runs on {date}" in by_day.err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2019-01-01", "There is no run on 2019-01-01"),
        ("2099-01-01", "the last one before it was on"),
        ("latest", "Fix: paceport run last"),
        ("-1", "Fix: paceport run last"),
        ("Morning Run", "ids are whole numbers"),
        ("2026-13-01", "There is no run on 2026-13-01"),
    ],
)
def test_what_is_no_run_says_what_would_be(analyst: Shell, text: str, says: str) -> None:
    ended = analyst("run", text)

    assert ended.code == 2
    assert says in ended.err
