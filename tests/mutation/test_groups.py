"""The table of groups says what is there."""

from __future__ import annotations

import pytest

from conftest import ROOT, reads_source
from mutation.groups import GROUPS


@reads_source
@pytest.mark.parametrize("name", GROUPS)
def test_every_group_has_modules_and_tests(name: str) -> None:
    group = GROUPS[name]

    for pattern in group.modules:
        assert list((ROOT / "src" / "paceport").glob(pattern)), pattern
    for test in group.tests:
        assert (ROOT / "tests" / test).exists(), test
