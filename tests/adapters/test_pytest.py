"""The pytest plugin, as the test runs of other people meet it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from defusedxml.ElementTree import parse

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "test-your-strava-code.md"
# The tests of somebody else, by their file.
NEVER_ASKED = """
import sys

def test_nothing_is_loaded():
    loaded = {name for name in sys.modules if name.startswith("paceport.")}
    assert loaded == {"paceport.adapters", "paceport.adapters.pytest"}
    assert not {"werkzeug", "numpy"} & set(sys.modules)
"""
NEW_WORLDS = """
import datetime
import urllib.error
import urllib.request

import pytest

seen = []

def get(sandbox, token):
    request = urllib.request.Request(sandbox.api_url + "/athlete", headers={"Authorization": "Bearer " + token})
    return urllib.request.urlopen(request, timeout=10).status

def test_spoil(strava_sandbox):
    runner = strava_sandbox.athlete()
    seen.extend([id(strava_sandbox.world.population), strava_sandbox.base_url, runner.token()])
    assert get(strava_sandbox, seen[2]) == 200
    strava_sandbox.world.delete_activity(runner.activity_ids[0])
    strava_sandbox.fault("status", path="/athlete", times=9)
    strava_sandbox.clock.advance(10**8)
    strava_sandbox.world.set_inactive()

def test_as_new(strava_sandbox):
    assert seen[:2] == [id(strava_sandbox.world.population), strava_sandbox.base_url]
    apart = strava_sandbox.clock.now() - datetime.datetime.now(datetime.timezone.utc)
    assert abs(apart.total_seconds()) < 60
    assert strava_sandbox.requests == {}
    assert get(strava_sandbox, strava_sandbox.athlete().token()) == 200

def test_old_tokens_are_dead(strava_sandbox):
    with pytest.raises(urllib.error.HTTPError, match="401"):
        get(strava_sandbox, seen[2])
"""
ATHLETES = """
import pytest

def test_found(strava_sandbox):
    second = strava_sandbox.athlete(1)
    for who in (second.id, second.name, second.firstname.upper(), second.lastname):
        assert strava_sandbox.athlete(who).id == second.id
    assert strava_sandbox.athlete().id != second.id
    with pytest.raises(LookupError, match=second.name):
        strava_sandbox.athlete("Nobody")

def test_scopes_are_checked(strava_sandbox):
    runner = strava_sandbox.athlete()
    assert runner.login("read activity:read")["scope"] == "read,activity:read"
    for scopes in ("", "view_private", "read,activity:delete"):
        with pytest.raises(ValueError):
            runner.token(scopes)

def test_revoked_tokens_are_dead(strava_sandbox):
    runner = strava_sandbox.athlete()
    token = runner.token()
    runner.revoke()
    assert strava_sandbox.world.grants.holder(token, strava_sandbox.clock.now()) is None
"""


def run_pytest(folder: Path, sources: dict[str, str]) -> dict[str, list[str]]:
    """Run these files of tests in a process of their own; gives how each test of each ended, in order."""
    for name, source in sources.items():
        (folder / f"test_{name}.py").write_text(source, encoding="utf-8")
    result = folder / "result.xml"
    # No plugin but ours: those that only some machines have may load numpy, or change the order.
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "paceport.adapters.pytest", "-p", "no:cacheprovider"),
            *(f"--rootdir={folder}", f"--junit-xml={result}", str(folder)),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.exists(), ended.stdout + ended.stderr
    found: dict[str, list[str]] = {name: [] for name in sources}
    for case in parse(result).iter("testcase"):
        how = "".join(f"{part.tag}: {part.text}" for part in case) or "passed"
        found[case.attrib["classname"].removeprefix("test_")].append(how)
    return found


@pytest.fixture(scope="module")
def examples() -> dict[str, str]:
    """The examples of the page, by the name of the file that each is put in."""
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return {f"block{number}": block for number, block in enumerate(blocks)}


@pytest.fixture(scope="module")
def ended(examples: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """How every test that asks for the fixture ended, all in one run."""
    return run_pytest(tmp_path_factory.mktemp("theirs"), {**examples, "new_worlds": NEW_WORLDS, "athletes": ATHLETES})


def test_loading_the_plugin_imports_nothing_of_the_sandbox() -> None:
    program = (
        "import sys, pytest; before = set(sys.modules)\n"
        "import paceport.adapters.pytest\n"
        "print(*sorted(set(sys.modules) - before))"
    )

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)

    assert set(loaded.stdout.split()) <= {"paceport", "paceport.adapters", "paceport.adapters.pytest"}


def test_a_run_that_never_asks_for_it_pays_nothing(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, {"never_asked": NEVER_ASKED}) == {"never_asked": ["passed"]}


def test_the_entry_point_names_the_module_and_bears_its_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["entry-points"]["pytest11"] == {"paceport.adapters.pytest": "paceport.adapters.pytest"}


def test_the_examples_of_the_page_run(ended: dict[str, list[str]], examples: dict[str, str]) -> None:
    assert {name: ended[name] for name in examples} == {
        name: ["passed"] * block.count("\ndef test_") for name, block in examples.items()
    }
    assert len(examples) == 3


def test_each_test_begins_in_a_new_world_that_was_made_once(ended: dict[str, list[str]]) -> None:
    assert ended["new_worlds"] == ["passed"] * 3


def test_athletes_are_found_by_place_id_and_name(ended: dict[str, list[str]]) -> None:
    assert ended["athletes"] == ["passed"] * 3
