"""A shell that is logged in, and the activities of who is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.state.world import World
from shell import Shell

Pick = Callable[..., Activity]


@pytest.fixture
def writer(shell: Shell) -> Shell:
    """A shell whose login may upload and edit."""
    assert shell("login", "--for", "upload").code == 0
    return shell


@pytest.fixture
def pick(world: World) -> Pick:
    """Finds the newest activity of the athlete that has these values, such as `pick(manual=True)`."""

    def find(**values: object) -> Activity:
        rows = world.activities(world.people[0].id)
        return next(row for row in rows if all(getattr(row, name) == value for name, value in values.items()))

    return find
