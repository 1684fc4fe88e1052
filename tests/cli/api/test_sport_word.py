"""`activities --sport` takes Strava's words, and proposes the right one for others."""

from __future__ import annotations

import pytest

from shell import Shell


@pytest.mark.parametrize(
    ("word", "right"), [("Running", "Run"), ("cycling", "Ride"), ("Swimm", "Swim"), ("Trailrun", "")]
)
def test_an_everyday_word_leads_to_stravas(shell: Shell, word: str, right: str) -> None:
    ended = shell("activities", "--sport", word)

    if right:
        assert ended.code == 2
        assert f"paceport activities --sport {right}" in ended.err
    else:
        assert "sport types" not in ended.err
