"""What is built holds the whole package, and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT, reads_source

pytest.importorskip("hatchling", reason="hatchling builds the package")

# What a person needs who has the source archive alone: to read, to test, to build.
IN_THE_SOURCE_ARCHIVE = {
    *("src", "tests", "docs", "deploy", "benchmarks", "README.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md"),
    *("LICENSE", "Makefile", "constraints.txt", "pyproject.toml", "PKG-INFO", "zensical.toml", ".ci", ".gitignore"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source archive, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    # An index that nobody answers: building must not ask one.
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
        env={"PIP_NO_INDEX": "1", "HTTPS_PROXY": "http://127.0.0.1:9", "PATH": "/usr/bin:/bin"},
    )
    return folder


def our_files() -> set[str]:
    """Every file of the package, as the wheel names it."""
    source = ROOT / "src"
    return {
        path.relative_to(source).as_posix()
        for path in (source / "paceport").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@reads_source
def test_the_wheel_holds_every_file_of_the_package_and_no_other(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    about = {name for name in names if ".dist-info/" in name}

    assert names - about == our_files()
    assert {name.partition("/")[2] for name in about} == {
        "METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE",
    }  # fmt: skip


@reads_source
def test_the_source_archive_holds_what_its_reader_needs(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = [member.name.partition("/")[2] for member in opened.getmembers()]

    assert {name.partition("/")[0] for name in names} == IN_THE_SOURCE_ARCHIVE
    assert not [
        name for name in names if "__pycache__" in name or name.startswith("tests/sandbox/clients/strava_v3/node")
    ]


@reads_source
def test_the_wheel_starts_a_command_and_is_typed(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    opened = zipfile.ZipFile(wheel)
    (entries,) = (name for name in opened.namelist() if name.endswith("entry_points.txt"))

    assert "paceport = paceport.quick:main" in opened.read(entries).decode()
    assert "paceport/py.typed" in opened.namelist()


@reads_source
def test_a_folder_of_the_same_name_elsewhere_is_not_packed(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE", "src/paceport/__init__.py", "venv312/lib/docs/deploy"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes() if (ROOT / name).is_file() else b"not ours")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path / "dist")]

    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, timeout=120)

    (archive,) = (tmp_path / "dist").glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        assert not [name for name in opened.getnames() if "venv312" in name]


@reads_source
def test_each_extra_whose_code_asks_for_time_zones_brings_them() -> None:
    # Windows and small containers have no table of zones of their own.
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]

    for extra, package in (("sandbox", "sandbox"), ("logbook", "logbook")):
        asking = [
            path
            for path in (ROOT / "src" / "paceport" / package).rglob("*.py")
            if re.search(r"zoneinfo|time_zones", path.read_text(encoding="utf-8"))
        ]
        assert asking
        assert [need for need in extras[extra] if need.startswith("tzdata")], extra
