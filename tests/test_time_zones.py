import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from paceport.time_zones import find_zone, nearest_zone


def test_a_zone_is_found_by_its_name() -> None:
    assert find_zone("Europe/Berlin") == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("name", ["Europe", "../etc", "/etc/passwd", "Europe/Berlin\0", "x" * 5000, "", None, "utc "])
def test_what_is_no_zone_is_none(name: str | None) -> None:
    assert find_zone(name) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [("europe/berlin", "Europe/Berlin"), ("Europe/Belrin", "Europe/Berlin"), ("Asia", "Asia/"), ("", "Europe/Berlin")],
)
def test_the_nearest_zone_is_named(written: str, meant: str) -> None:
    assert nearest_zone(written).startswith(meant)


def test_zones_are_known_where_the_machine_has_no_tables(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONTZPATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    code = "from paceport.time_zones import find_zone; print(find_zone('Europe/Berlin'))"

    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "Europe/Berlin"
