"""A plugin of pytest: cases of a test are numbered. Some of our inputs make ids by which pytest finds no case again."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> Generator[None, None, None]:
    """Give each case of a function its number in place of its values."""
    yield
    metafunc._calls[:] = [replace(call, _idlist=[str(number)]) for number, call in enumerate(metafunc._calls)]
