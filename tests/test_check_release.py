"""What `release.yml` refuses to release: a version that is on the package index can never be replaced."""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, reads_source

SCRIPT = ROOT / ".ci" / "check_release.py"
READY = {
    "pyproject.toml": '[project]\nname = "paceport"\nversion = "1.2.0"\n[project.urls]\nSource = "https://code.example/"\n',
    "CHANGELOG.md": "# Changelog\n\n## [1.2.0] - 2027-02-01\n\n- New.\n\n## [1.1.0] - 2027-01-01\n",
    "README.md": "git clone https://code.example/ paceport\n",
    "src/paceport/install.py": "IS_RELEASED = True\n",
}
faults: Callable[[str, Path], list[str]] = runpy.run_path(str(SCRIPT))["faults"]


def tree(at: Path, **changed: str) -> Path:
    """A project that is ready to be released as 1.2.0, but for the files that are given by the name before the dot."""
    for name, text in READY.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_text(changed.get(Path(name).stem, text), encoding="utf-8")
    return at


def test_a_commit_that_is_ready_is_released(tmp_path: Path) -> None:
    assert faults("v1.2.0", tree(tmp_path)) == []


@pytest.mark.parametrize("tag", ["v1.2.1", "1.2.0", "v1.2.0rc1"])
def test_a_tag_that_is_not_the_version_is_refused(tmp_path: Path, tag: str) -> None:
    (fault,) = faults(tag, tree(tmp_path))

    assert "tag it v1.2.0" in fault


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"CHANGELOG": "## [1.2.0] - unreleased\n"}, "'unreleased'"),
        ({"CHANGELOG": "## [1.2.0]\n"}, "no date"),
        ({"CHANGELOG": "## [1.1.0] - 2027-01-01\n\n## [1.2.0] - 2027-02-01\n"}, "about 1.1.0"),
        ({"CHANGELOG": "# Changelog\n"}, "about nothing"),
        ({"install": "IS_RELEASED = False\n"}, "IS_RELEASED"),
        ({"pyproject": '[project]\nversion = "1.2.0"\n'}, "project.urls"),
        ({"README": "git clone <this repository> paceport\n"}, "<this repository>"),
    ],
)
def test_what_is_not_ready_is_named(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    (fault,) = faults("v1.2.0", tree(tmp_path, **changed))

    assert said in fault


@reads_source
def test_a_refusal_ends_the_step(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, SCRIPT, "v0.0.1"], capture_output=True, text=True, cwd=tmp_path, timeout=60)

    assert ended.returncode == 1
    assert "v0.0.1 cannot be released: the tag is v0.0.1" in ended.stderr


@pytest.mark.skipif(not (ROOT / ".github").is_dir(), reason="the source archive has no .github")
def test_the_workflow_asks_before_it_builds_and_publishes_what_it_built() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))["jobs"]
    steps = [step.get("run", step.get("uses", "")) for step in jobs["build"]["steps"]]
    asks, builds = steps.index('python .ci/check_release.py "$TAG"'), steps.index("make package smoke")

    assert asks < builds
    assert jobs["publish"]["needs"] == "build"
    assert jobs["publish"]["permissions"]["id-token"] == "write"
    assert "id-token" not in jobs["build"]["permissions"]
