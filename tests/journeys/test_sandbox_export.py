"""`sandbox --export` and `import`: anyone can try the import of a bulk export, in any of its languages."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from paceport.sandbox.athletes.population import Population
from paceport.sandbox.bulk_export.archive import write_export
from paceport.sandbox.bulk_export.language_words import read_languages
from shell import Shell

NEWCOMER = 3


def rows_of(shell: Shell, environ: dict[str, str]) -> list[dict[str, float]]:
    listed = shell("sql", "SELECT id, distance_m, elapsed_time_s FROM run ORDER BY id", "--json", environ=environ)
    found: list[dict[str, float]] = json.loads(listed.out)
    return found


def test_importing_the_export_gives_the_same_activities_in_every_language(
    shell: Shell, tmp_path: Path, population: Population
) -> None:
    person = population.people[NEWCOMER - 1]
    runs = sorted((row for row in population.activities(person.id) if row.is_run), key=lambda row: row.id)
    for number, language in enumerate(read_languages()):
        expected = runs[: 8 if number == 0 else 3]  # the language changes words and figures, not what a file holds
        path, environ = tmp_path / f"{language}.zip", {"PACEPORT_HOME": str(tmp_path / language)}
        with path.open("wb") as file:
            write_export(file, person, expected, language)

        imported = shell("import", str(path), "--timezone", "Australia/Adelaide", environ=environ)

        rows = rows_of(shell, environ)
        assert imported.code == 0, (language, imported.err)
        assert [row["id"] for row in rows] == [row.id for row in expected], language
        for row, one in zip(rows, expected, strict=True):
            assert row["distance_m"] == pytest.approx(one.summary.distance_m, rel=0.02)
            assert row["elapsed_time_s"] == pytest.approx(one.summary.elapsed_time_s, abs=2)


def test_the_command_writes_the_export_and_says_what_comes_next(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"

    written = shell("sandbox", "--export", str(path), "--athlete", str(NEWCOMER), "--language", "de")

    assert (written.code, written.out) == (0, "")
    assert f"paceport import {path}" in written.err
    assert "Aktivitäts-ID" in zipfile.ZipFile(path).read("activities.csv").decode()


def test_two_that_write_the_same_export_at_once_have_a_draft_each(shell: Shell, tmp_path: Path) -> None:
    of_another = tmp_path / "export.zip.part"
    of_another.write_text("being written")

    ended = shell("sandbox", "--export", str(tmp_path / "export.zip"), "--athlete", str(NEWCOMER))

    assert ended.code == 0
    assert of_another.read_text() == "being written"
    assert sorted(path.name for path in tmp_path.glob("*export*")) == ["export.zip", of_another.name]


def test_an_unknown_language_is_named_with_those_there_are(shell: Shell, tmp_path: Path) -> None:
    ended = shell("sandbox", "--export", str(tmp_path / "x.zip"), "--language", "tlh")

    assert ended.code != 0
    assert "pt-BR" in ended.err
    assert not list(tmp_path.glob("x.zip*"))


def test_a_file_that_cannot_be_written_leaves_nothing(shell: Shell, tmp_path: Path) -> None:
    ended = shell("sandbox", "--export", str(tmp_path / "none" / "x.zip"), "--athlete", "3")

    assert ended.code != 0
    assert "cannot be written" in ended.err
