"""The table of an export is read as a stream: a million rows take no more memory than a thousand, but for their ids."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from paceport.formats.strava_export.export_files import open_file_tree
from paceport.formats.strava_export.read_export import read_export

HEADER = "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename,Moving Time"
ROWS = 7_500


def test_a_long_table_is_not_read_to_its_end_before_its_rows_are_looked_at(tmp_path: Path) -> None:
    rows = (f"{1000 + at},2026-01-01 10:00:00,A run with a longer name,Run,1800,5.0,,1790" for at in range(ROWS))
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("activities.csv", "\n".join([HEADER, *rows]) + "\n")
    told: list[tuple[int, int]] = []

    with open_file_tree(tmp_path / "export.zip") as tree:
        export = read_export(tree, "", tell=lambda done, total: told.append((done, total)))
        count = sum(1 for _ in export.rows())

    assert (export.lines, count) == (ROWS, ROWS)
    # How many there are is estimated by what is left to read: with all of it in memory nothing would be.
    [(done, total)] = told
    assert done == 5_000
    assert total == pytest.approx(ROWS, rel=0.1)
