"""Lines to type next act on the profile that the person named."""

import pytest

from paceport.cli.profile_in_hints import name_profile
from shell import Shell


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("paceport grant +activity:write", "paceport --profile ben grant +activity:write"),
        ("check the id; then: paceport login", "check the id; then: paceport --profile ben login"),
        ("paceport --profile NAME fix", "paceport --profile NAME fix"),
        ("paceport login --profile NAME keeps both", "paceport login --profile NAME keeps both"),
        ("paceport explain-metric load", "paceport explain-metric load"),
        ("install paceport again", "install paceport again"),
        ("paceport fixes it", "paceport fixes it"),
    ],
)
def test_a_command_line_names_the_profile_once(text: str, named: str) -> None:
    assert name_profile(text, "ben") == named
    assert name_profile(text, "") == text


def test_a_missing_scope_of_a_named_profile_is_granted_to_that_profile(shell: Shell) -> None:
    shell("login", "--profile", "ben")

    ended = shell("token", "--need", "activity:write", "--profile", "ben")

    assert "Fix: paceport --profile ben grant +activity:write" in ended.err
