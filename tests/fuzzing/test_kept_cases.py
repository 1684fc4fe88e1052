"""Every input from which a search begins, and every one that a search has found, keeps its promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzzing.targets import TARGETS

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_that_was_found_breaks_a_promise(name: str) -> None:
    target = TARGETS[name]
    found = [path.read_bytes() for path in sorted((CASES / name).glob("*"))]

    for content in [*target.seeds(), *found, b""]:
        target.run(content)


@pytest.mark.parametrize("name", TARGETS)
def test_a_search_begins_from_inputs_that_are_read_to_their_end(name: str) -> None:
    """A seed that the first check refuses would guide a search nowhere."""
    assert all(map(len, TARGETS[name].seeds()))


def test_every_folder_of_cases_is_a_targets() -> None:
    assert {path.name for path in CASES.glob("*")} <= set(TARGETS)
