"""What commands have chosen, changed by several processes at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from paceport.clock import SystemClock
from paceport.errors import StoreUnreadable
from paceport.profile.choices import Choices, change_choices, read_choices


def test_changes_made_at_once_are_all_kept(tmp_path: Path) -> None:
    state = tmp_path / "state"

    def tie(number: int) -> None:
        for step in range(10):
            change_choices(
                state,
                lambda choices: choices.with_app(f"p{number}-{step}", "https://x", str(number)),  # noqa: B023  # called at once
                clock=SystemClock(),
            )

    threads = [threading.Thread(target=tie, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(read_choices(state).apps) == 40


def test_what_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    state = tmp_path / "state"
    change_choices(state, lambda choices: replace(choices, profile="one"), clock=SystemClock())
    (state / "choices.json").write_text("half of")

    with pytest.raises(StoreUnreadable):
        change_choices(state, lambda _: Choices(profile="two"), clock=SystemClock())

    assert (state / "choices.json").read_text() == "half of"


@pytest.mark.parametrize(
    ("record", "named"),
    [
        ('{"schema": 1, "profile": 5}', "profile"),
        ('{"schema": 1, "apps": {"a@b": []}}', "apps"),
        ('{"schema": "1"}', "schema"),
        ('{"profile": "one"}', "schema"),
        ("[]", "no object"),
        ("null", "no object"),
    ],
)
def test_what_is_wrong_in_the_choices_is_named(tmp_path: Path, record: str, named: str) -> None:
    change_choices(tmp_path / "state", lambda choices: replace(choices, profile="one"), clock=SystemClock())
    (tmp_path / "state" / "choices.json").write_text(record)

    with pytest.raises(StoreUnreadable, match=named):
        read_choices(tmp_path / "state")


def test_what_a_newer_version_adds_to_the_choices_is_passed_over(tmp_path: Path) -> None:
    change_choices(tmp_path / "state", lambda choices: replace(choices, profile="one"), clock=SystemClock())
    text = '{"schema": 1, "profile": "one", "apps": null, "api_data": ["weekly"], "colour": {"\\udc80": 1}}'
    (tmp_path / "state" / "choices.json").write_text(text)

    assert read_choices(tmp_path / "state") == Choices(profile="one")
