"""Where a link of `serve` leads within one file."""

import pytest

from paceport.report.pages.places import place_in_file


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/runs/12", "#run-12"),
        ("/runs/-3", "#file-3"),
        ("/runs", "#every"),
        ("/runs?from=2025-05-05&to=2025-05-11", "#days-2025-05-05-2025-05-11"),
        ("/runs?year=2025", "#days-2025-01-01-2025-12-31"),
        ("/year?year=2025", "#year-2025"),
        ("/compare?run=1&run=2", None),
        ("/runs?q=race", None),
        ("//example.org/runs/1", None),
        ("/runs/1x", None),
    ],
)
def test_an_address_leads_to_the_place_that_shows_the_same_or_nowhere(address: str, place: str | None) -> None:
    assert place_in_file(address) == place
