import importlib
import importlib.util
import re

import pytest

import paceport.logbook.database
from paceport.errors import MissingExtra
from paceport.install import install_line


def test_without_the_extra_the_install_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "tzfpy" else object())

    with pytest.raises(MissingExtra, match=re.escape(install_line("logbook"))):
        importlib.reload(paceport.logbook.database)
