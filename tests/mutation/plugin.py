"""A plugin of pytest, for tests that mutmut runs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from dataclasses import replace

import pytest


class _Told(set[str]):
    """The names of what a forked process calls: each is also appended to a file, as its memory is lost."""

    def __init__(self, file: int) -> None:
        super().__init__()
        self._file = file

    def add(self, name: str) -> None:
        super().add(name)
        os.write(self._file, f"{name}\n".encode())


class _Children:
    """Lets mutmut know what processes call that a test forks; by itself it sees only what its own process calls."""

    def __init__(self) -> None:
        self._parent, self._file = os.getpid(), tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # for the session
        os.register_at_fork(after_in_child=self._tell)

    def _tell(self) -> None:
        from mutmut.state import state

        state()._stats = _Told(self._file.fileno())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, None, None]:
        yield
        from mutmut.state import state

        self._file.seek(0)
        state()._stats.update(self._file.read().decode().split())
        self._file.truncate(0)
        self._file.seek(0)


def pytest_configure(config: pytest.Config) -> None:
    """While mutmut notes which test calls what, note it of forked processes too."""
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        config.pluginmanager.register(_Children())


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
