"""The files that GitHub and pre-commit read are valid, and give no more rights than needed."""

from __future__ import annotations

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
