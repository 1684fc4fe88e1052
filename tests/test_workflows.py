"""The files that GitHub and pre-commit read are valid, and give no more rights than needed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from conftest import ROOT

pytest.importorskip("check_jsonschema", reason="check-jsonschema knows the schemas")

FOLDER = ROOT / ".github"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the source archive has no .github")
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("vendor.github-workflows", "workflows/*.yml"),
        ("vendor.github-issue-forms", "ISSUE_TEMPLATE/[bi]*.yml"),
        ("vendor.github-issue-config", "ISSUE_TEMPLATE/config.yml"),
    ],
)
def test_each_file_is_what_its_schema_says(schema: str, pattern: str) -> None:
    files = sorted(map(str, FOLDER.glob(pattern)))

    checked = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", schema, *files], capture_output=True, text=True, timeout=60
    )

    assert files
    assert checked.returncode == 0, checked.stdout


def test_the_linter_of_workflows_finds_nothing() -> None:
    checked = subprocess.run(
        [BIN / "zizmor", "--offline", "--no-progress", str(FOLDER)], capture_output=True, text=True, timeout=60
    )

    assert checked.returncode == 0, checked.stdout


def test_a_report_of_a_fault_asks_for_what_doctor_prints() -> None:
    form = yaml.safe_load((FOLDER / "ISSUE_TEMPLATE" / "bug.yml").read_text(encoding="utf-8"))
    asked = {field["attributes"]["label"]: field.get("validations", {}) for field in form["body"] if "id" in field}

    assert asked["What `paceport doctor --report` prints"] == {"required": True}
    assert "doctor --report" in (FOLDER / "PULL_REQUEST_TEMPLATE.md").read_text(encoding="utf-8")


def test_every_hook_before_a_commit_is_local() -> None:
    told = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))

    assert {repository["repo"] for repository in told["repos"]} == {"local"}


def test_every_make_target_of_a_workflow_exists() -> None:
    targets = {
        line.split(":")[0] for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if ":" in line
    }
    used = {
        word
        for path in (FOLDER / "workflows").glob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "run: make " in line
        for word in line.partition("run: make ")[2].split()
    }

    assert used
    assert used <= targets


def test_once_a_week_the_newest_dependencies_are_tried_and_those_of_the_constraints_else() -> None:
    told = yaml.safe_load((FOLDER / "workflows" / "test.yml").read_text(encoding="utf-8"))
    installs = {
        name: step["run"]
        for name, job in told["jobs"].items()
        for step in job["steps"]
        if "pip install" in step.get("run", "")
    }

    assert told[True]["schedule"]  # YAML reads the word "on" as true
    assert [name for name, line in installs.items() if "constraints.txt" not in line] == ["newest"]
    assert told["jobs"]["newest"]["if"] == "github.event_name == 'schedule'"


def test_an_action_is_one_commit_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for path in (FOLDER / "workflows").glob("*.yml"):
        for name, commit in re.findall(r"uses: (\S+)@([0-9a-f]{40} # v\S+)$", path.read_text(encoding="utf-8"), re.M):
            pins.setdefault(name, set()).add(commit)

    assert len(pins) >= 6
    assert {name: commits for name, commits in pins.items() if len(commits) > 1} == {}
