"""The public names: those in the documentation, lazy, and nothing more."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import paceport
from conftest import ROOT
from paceport import errors
from paceport.clock import ManualClock
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from stored import stored_login

REFERENCE = ROOT / "docs" / "reference" / "python.md"
ROW = re.compile(r"^\| `(\w+)` \| (\d*)", re.MULTILINE)


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30, env=environ
    )
    return ended.stdout.strip()


def test_the_documentation_names_exactly_what_is_public() -> None:
    named = [name for name, _ in ROW.findall(REFERENCE.read_text(encoding="utf-8"))]

    assert sorted(named) == paceport.__all__


def test_the_documented_exit_codes_are_the_errors_own() -> None:
    table = {name: int(code) for name, code in ROW.findall(REFERENCE.read_text(encoding="utf-8")) if code}

    assert table == {name: getattr(paceport, name).exit_code for name in table}
    assert len(table) == len(paceport.__all__) - 10


def test_every_error_is_public() -> None:
    classes = [
        name for name, value in vars(errors).items() if inspect.isclass(value) and value.__module__ == errors.__name__
    ]

    assert set(classes) <= set(paceport.__all__)


@pytest.mark.parametrize("name", paceport.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(paceport, name)

    assert value.__doc__
    assert name in dir(paceport)


def test_a_name_that_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Keeper'"):
        paceport.Keeper  # type: ignore[attr-defined]  # noqa: B018  # it must not be there


def test_importing_it_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import paceport; print(*sorted(set(sys.modules) - before))"

    assert run(code) == "paceport"


def test_naming_an_error_imports_no_library() -> None:
    code = "import sys, paceport; paceport.PaceportError; print(*sorted(sys.modules))"

    assert not {"httpx2", "click", "rich", "msgspec", "numpy", "requests"} & set(run(code).split())


def test_opening_imports_no_network_and_no_command_line() -> None:
    code = "import sys, paceport; paceport.open(); print(*sorted(sys.modules))"

    assert not {"httpx2", "click", "rich", "numpy", "requests"} & set(run(code).split())


def test_open_takes_the_profile_from_argument_then_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACEPORT_PROFILE", "from-environment")

    assert paceport.open("argument").name == "argument"
    assert paceport.open().name == "from-environment"


def test_open_refuses_what_cannot_be_a_name() -> None:
    with pytest.raises(paceport.UsageError, match="cannot be a profile's name"):
        paceport.open("../elsewhere")


@pytest.fixture
def me(server: Address, world: World, clock: ManualClock, tmp_path: Path) -> Profile:
    environ = {
        "PACEPORT_HOME": str(tmp_path / "me"),
        "PACEPORT_OAUTH_URL": server.url,
        "PACEPORT_API_URL": server.api_url,
    }
    profile = Profile(settings=Settings.from_environment(environ), clock=clock)
    stored_login(profile, world, scopes=("read", "activity:read_all"))
    return profile


def test_a_token_is_a_plain_string_that_does_not_show_itself(me: Profile) -> None:
    token = me.token(need="activity:read")

    assert isinstance(token, str)
    assert len(token) == 40
    assert token not in repr(token)


def test_a_scope_that_is_missing_is_named_before_any_call(me: Profile, world: World) -> None:
    with pytest.raises(paceport.ScopeMissing, match="activity:write") as caught:
        me.token(need="activity:read_all,activity:write")

    assert caught.value.exit_code == 4
    assert world.requests.total() == 0


def test_an_unknown_scope_is_a_mistake_of_the_caller(me: Profile) -> None:
    with pytest.raises(paceport.UsageError, match="does not exist"):
        me.token(need="activity:reed_all")


@pytest.mark.parametrize("spelling", ["min_ttl", "min_ttl_s"])
def test_a_token_can_be_asked_to_live_longer(me: Profile, world: World, clock: ManualClock, spelling: str) -> None:
    before = me.token()
    clock.advance(5.5 * 3600)

    assert me.token() == before
    assert me.token(**{spelling: 3600}) != before  # type: ignore[arg-type]  # one name or the other


@pytest.mark.parametrize("seconds", [3601, -1])
def test_what_cannot_be_promised_is_refused(me: Profile, seconds: float) -> None:
    with pytest.raises(paceport.UsageError, match="cannot be promised"):
        me.token(min_ttl_s=seconds)


def test_a_closed_profile_opens_anew(me: Profile, world: World) -> None:
    with me, me.client() as strava:
        assert strava.athlete().id == world.people[0].id

    with me.client() as strava:
        assert strava.athlete().id == world.people[0].id
    me.close()
