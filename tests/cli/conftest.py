"""A home whose logbook is filled and computed, for the analysis commands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shell import Shell


@pytest.fixture
def analyst(shell: Shell, home: Path, computed_logbook: Path) -> Shell:
    """The shell, in a home with that logbook."""
    shutil.copytree(computed_logbook, home, dirs_exist_ok=True)
    return shell
