"""docs/reference/sandbox.md says what the code does: every endpoint, switch, kind of fault and control route."""

import re
from pathlib import Path

import pytest

from conftest import reads_source
from paceport.sandbox.bulk_export.language_words import read_languages
from paceport.sandbox.http import oauth, pictures, push_subscriptions, website
from paceport.sandbox.http.api_routes import API_ROUTES
from paceport.sandbox.http.control import ROUTES
from paceport.sandbox.http.routing import HttpRoute
from paceport.sandbox.state.planned_faults import KINDS
from paceport.sandbox.state.switch import Switch
from paceport.sandbox.state.switches import SWITCHES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sandbox.md"


def row(switch: Switch) -> str:
    """The line of the table for one switch."""
    choices = ", ".join(f"`{one!r}`" for one in switch.choices) or "any"
    return f"| `{switch.name}` | `{switch.default!r}` | {choices} | {switch.mark} | {switch.source} | {switch.doc} |"


@pytest.fixture(scope="module")
def text() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.name)
def test_every_switch_is_described_as_it_is(text: str, switch: Switch) -> None:
    assert row(switch) in text.splitlines()


def test_no_switch_is_described_that_does_not_exist(text: str) -> None:
    table = text.split("## Switches")[1].split("\n## ")[0]
    described = [line for line in table.splitlines() if line.startswith("| `")]

    assert len(described) == len(SWITCHES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_trouble_is_described(text: str, kind: str) -> None:
    assert f"| `{kind}` |" in text


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_control_route_is_described(text: str, route: object) -> None:
    assert f"| `{route.method} {route.path}` |" in text  # type: ignore[attr-defined]  # a Route


MARKS = {"documented", "recorded", "seen", "assumed", "by design"}
BY_KIND = {
    "OAuth": oauth.ROUTES,
    "app": push_subscriptions.ROUTES,
    "page": website.ROUTES,
    "picture": pictures.ROUTES,
    "read": tuple(route for route in API_ROUTES if route.is_read),
    "upload": tuple(route for route in API_ROUTES if not route.is_read),
}


def table(text: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, cell by cell."""
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def marks(cell: str) -> set[str]:
    """The marks in a cell such as `recorded; JSON body seen`."""
    return {mark for mark in MARKS if re.search(rf"\b{mark}\b", cell)}


def names(cell: str) -> set[str]:
    """What a cell names in letters of a switch."""
    return set(re.findall(r"`([a-z0-9_]+)`", cell))


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_endpoint_is_described_as_it_is(text: str, kind: str) -> None:
    def line(route: HttpRoute) -> tuple[str, str]:
        return f"`{route.method} {route.path}`", f"`{route.needs}`" if route.needs else ""

    described = [(row[0], row[2]) for row in table(text, "Endpoints") if row[1] == kind]

    assert sorted(described) == sorted(map(line, BY_KIND[kind]))


def test_no_endpoint_is_described_that_does_not_exist(text: str) -> None:
    assert {row[1] for row in table(text, "Endpoints")} == BY_KIND.keys()


@pytest.mark.parametrize(("heading", "mark"), [("Endpoints", 3), ("Known differences", 1), ("Switches", 3)])
def test_every_row_says_how_sure_it_is(text: str, heading: str, mark: int) -> None:
    rows = table(text, heading)

    assert len(rows) > 20
    assert [row[0] for row in rows if not marks(row[mark])] == []


@reads_source
def test_switches_that_differences_name_exist_and_every_switch_is_read_by_the_code(text: str) -> None:
    known = {switch.name for switch in SWITCHES}
    named = set().union(*(names(row[3]) for row in table(text, "Known differences")))
    named |= set().union(*(names(row[4]) for row in table(text, "Endpoints"))) - {
        "year_pr",
        "overall",
        "xoms",
        "resolution",
    }
    sandbox = PAGE.parents[2] / "src" / "paceport" / "sandbox"
    code = "".join(path.read_text(encoding="utf-8") for path in sandbox.rglob("*.py") if "switches" not in path.stem)

    assert named - known - {"local_legend", "_strava4_session"} == set()
    assert [name for name in known if f'"{name}"' not in code and not name.endswith("_limit_field")] == []


def test_what_is_not_assumed_names_its_source() -> None:
    assert [switch.name for switch in SWITCHES if switch.mark != "assumed" and not switch.source] == []


def test_every_language_of_an_export_is_named(text: str) -> None:
    section = text.split("## A bulk export")[1].split("\n## ")[0]

    assert [code for code in read_languages() if f"`{code}`" not in section] == []
