"""The reference pages say what the program does: commands and endpoints to the letter, JSON key by key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from paceport.cli.commands import COMMANDS
from paceport.cli.main import paceport
from paceport.cli.reference_pages import commands_page, endpoints_page
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.state.world import World
from sandbox.files import gpx
from shell import Shell

DOCS = Path(__file__).parents[2] / "docs"


def command(word: str) -> click.Command:
    found = paceport.get_command(click.Context(paceport), word)
    assert found is not None
    return found


@pytest.mark.parametrize("word", COMMANDS)
def test_every_command_says_what_it_does(word: str) -> None:
    assert len((command(word).help or "").split()) >= 4


@pytest.mark.parametrize("word", COMMANDS)
def test_every_option_says_what_it_does(word: str) -> None:
    silent = [
        parameter.opts[-1]
        for parameter in command(word).params
        if isinstance(parameter, click.Option) and not parameter.hidden and not parameter.help
    ]

    assert silent == []


def test_the_page_of_commands_is_drawn_from_the_program() -> None:
    written = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")

    assert written == commands_page(), "make docs"


def test_the_page_of_endpoints_is_drawn_from_the_table() -> None:
    written = (DOCS / "reference" / "endpoints.md").read_text(encoding="utf-8")

    assert written == endpoints_page(), "make docs"


def test_every_command_has_its_section_in_order() -> None:
    page = commands_page()

    places = [page.index(f"\n## {word}\n") for word in COMMANDS]
    assert places == sorted(places)


def json_commands() -> list[str]:
    return [word for word in COMMANDS if any("--json" in parameter.opts for parameter in command(word).params)]


def documented(section: str) -> set[str]:
    """The keys of a section of json.md: the first column of its table."""
    page = (DOCS / "reference" / "json.md").read_text(encoding="utf-8")
    text = page.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def keys(value: object, at: str = "") -> Iterator[str]:
    """The paths of a value: `athlete.id`, `[].name`, `laps[].lap`; what is null or empty ends where it is."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from keys(inner, f"{at}.{name}" if at else name)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from keys(inner, f"{at}[]")
    else:
        yield at


def assert_as_documented(shown: object, section: str) -> None:
    told, found = documented(section), set(keys(shown))
    free = tuple(path.removesuffix("*") for path in told if path.endswith(".*"))

    unknown = {path for path in found - told if not path.startswith(free) and not any(holds(path, one) for one in told)}
    assert unknown == set(), f"docs/reference/json.md lacks these keys of {section}"
    # A key is only absent where what would hold it is null or empty.
    missing = {path for path in told - found if not path.endswith(".*") and not any(holds(one, path) for one in found)}
    assert missing == set(), f"docs/reference/json.md names keys that {section} does not print"


def holds(outer: str, inner: str) -> bool:
    return outer == "" or inner.startswith((f"{outer}.", f"{outer}[]"))


@pytest.fixture
def run(shell: Shell, world: World) -> Activity:
    """A run with everything; the shell may do everything."""
    assert shell("login", "--for", "everything").code == 0
    assert shell("api", "/athlete").code == 0
    rows = world.activities(world.people[0].id)
    return next(row for row in rows if row.is_run and row.heartrate_zone_times_s and row.visibility == "everyone")


def test_every_command_that_prints_json_has_a_section() -> None:
    page = (DOCS / "reference" / "json.md").read_text(encoding="utf-8")

    assert [word for word in json_commands() if f"\n## {word}\n" not in page] == []


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("status", "status --paths"),
        ("doctor", "doctor --offline"),
        ("profiles", "profiles"),
        ("token", "token"),
        ("activities", "activities --limit 3"),
        ("activity", "activity {id}"),
        ("create", "create --name X --sport Run --start 2026-11-20T07:30 --elapsed 45:00"),
        ("edit", "edit {id} --name X"),
        ("delete", "delete {id}"),
        ("upload", "upload {file}"),
        ("import", "import {file}"),
        ("amend", "amend last --distance 10.2km"),
        ("logbook", "logbook"),
        ("purge", "purge"),
        ("export", "export --format csv -o {folder}/out.csv"),
        ("Errors", "activity 5"),
    ],
)
def test_json_has_the_keys_the_page_names(
    shell: Shell, run: Activity, tmp_path: Path, section: str, words: str
) -> None:
    file = tmp_path / "run.gpx"
    file.write_bytes(gpx())
    shell("import", str(file))

    ended = shell(*words.format(id=run.id, file=file, folder=tmp_path).split(), "--json")

    assert_as_documented(json.loads(ended.out), section)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("sync", "sync --api-data on"),
        ("runs", "runs"),
        ("run", "run last"),
        ("records", "records"),
        ("trends", "trends routes vo2max durability heat hills --all"),
        ("zones", "zones"),
        ("predict", "predict"),
        ("curve", "curve"),
        ("explain-metric", "explain-metric load"),
        ("report", "report --runs 0 -o {folder}/report.html"),
    ],
)
def test_json_over_the_logbook_has_the_keys_the_page_names(
    analyst: Shell, world: World, tmp_path: Path, section: str, words: str
) -> None:
    world.sign_in(world.people[-1].id)  # who has few activities to read
    analyst("login")

    ended = analyst(*words.format(folder=tmp_path).split(), "--json")

    assert_as_documented(json.loads(ended.out), section)


def test_json_of_an_explanation_has_the_keys_the_page_names(shell: Shell) -> None:
    text = '{"message":"Authorization Error","errors":[{"resource":"AccessToken","field":"x","code":"missing"}]}'

    assert_as_documented(json.loads(shell("explain", text, "--json").out), "explain")


def test_jsonl_is_one_activity_of_the_array_a_line(shell: Shell, run: Activity) -> None:
    lines = shell("activities", "--limit", "3", "--jsonl").out.splitlines()

    assert [json.loads(line) for line in lines] == json.loads(shell("activities", "--limit", "3", "--json").out)
