"""A plugin of pytest, for tests that mutmut runs."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import replace

import pytest


def pytest_sessionstart() -> None:
    """Let processes that a test starts run the code as it is while mutmut notes which test calls what.

    mutmut itself goes on from its own memory. In such a process it would look for its settings, where none are.
    """
    if os.environ.get("MUTANT_UNDER_TEST") in ("stats", "fail"):
        del os.environ["MUTANT_UNDER_TEST"]


@pytest.hookimpl(wrapper=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> Generator[None, None, None]:
    """Number the cases of a test in place of naming their values: pytest finds some of ours not again by their ids."""
    yield
    metafunc._calls[:] = [replace(call, _idlist=[str(number)]) for number, call in enumerate(metafunc._calls)]
