"""The format of an export, told by the name or by --format, and never by both in different ways."""

from __future__ import annotations

import pytest

from paceport.errors import UsageError
from paceport.logbook.exporting.choose_format import FORMATS, ChosenFormat, choose_format


@pytest.mark.parametrize(
    ("place", "said", "kind", "is_folder"),
    [
        ("runs.csv", None, "csv", False),
        ("RUNS.CSV", None, "csv", False),
        ("my.runs.csv", "csv", "csv", False),
        ("runs.parquet", None, "parquet", False),
        ("runs.gpx", None, "gpx", False),
        ("runs.geojson", None, "geojson", False),
        ("runs.json", None, "geojson", False),
        ("runs", "parquet", "parquet", True),
        ("runs.2026", "gpx", "gpx", True),
        ("runs", "csv", "csv", False),
        ("runs.txt", "csv", "csv", False),
    ],
)
def test_the_name_or_the_option_tells_the_format(place: str, said: str | None, kind: str, is_folder: bool) -> None:
    assert choose_format(place, said=said) == ChosenFormat(kind=kind, is_folder=is_folder)


@pytest.mark.parametrize("place", ["-", "/dev/stdout"])
@pytest.mark.parametrize("kind", FORMATS)
def test_stdout_takes_every_format_as_one_document(place: str, kind: str) -> None:
    assert choose_format(place, said=kind) == ChosenFormat(kind=kind, is_stdout=True)


@pytest.mark.parametrize(
    ("place", "said", "samples", "what"),
    [
        ("-", None, False, "stdout"),
        ("runs", None, False, "format of runs is not known"),
        ("runs.xlsx", None, False, "format of runs.xlsx is not known"),
        ("runs.csv", "parquet", False, "do not agree"),
        ("runs.json", "gpx", False, "do not agree"),
        ("runs.csv.gz", None, False, "does not compress"),
        ("runs.zst", "csv", False, "does not compress"),
        ("runs.parquet", None, True, "--samples"),
        ("-", "parquet", True, "--samples"),
        ("runs", "csv", True, "--samples"),
    ],
)
def test_what_does_not_agree_or_says_nothing_is_refused_with_the_way_out(
    place: str, said: str | None, samples: bool, what: str
) -> None:
    with pytest.raises(UsageError, match=what) as refused:
        choose_format(place, said=said, samples=samples)

    assert refused.value.why
    assert "--format" in refused.value.fix


def test_an_empty_name_is_no_place() -> None:
    with pytest.raises(UsageError, match="No place"):
        choose_format("", said="csv")
