"""docs/reference/sandbox.md says what the code does: every switch, every kind of trouble, every control route."""

from pathlib import Path

import pytest

from paceport.sandbox.http.control import ROUTES
from paceport.sandbox.state.planned_faults import KINDS
from paceport.sandbox.state.switch import Switch
from paceport.sandbox.state.switches import SWITCHES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sandbox.md"


def row(switch: Switch) -> str:
    """The line of the table for one switch."""
    choices = ", ".join(f"`{one!r}`" for one in switch.choices) or "any"
    return f"| `{switch.name}` | `{switch.default!r}` | {choices} | {switch.mark} | {switch.doc} |"


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
