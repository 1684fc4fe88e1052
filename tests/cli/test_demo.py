"""The demo: the whole journey in seconds, asking nothing, touching nothing of the person's own."""

from __future__ import annotations

import re
from pathlib import Path

from processes import finish


def test_the_demo_plays_to_its_end_and_leaves_the_home_alone(tmp_path: Path) -> None:
    home = tmp_path / "own"

    # What is set in the shell must not count, least of all a real secret.
    ended = finish(
        ["demo"],
        {
            "PACEPORT_HOME": str(home),
            "STRAVA_CLIENT_ID": "1",
            "STRAVA_CLIENT_SECRET": "f" * 40,
            "STRAVA_ACCESS_TOKEN": "e" * 40,
            "PACEPORT_OAUTH_URL": "https://example.invalid",
        },
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert not home.exists()
    for secret in ("f" * 40, "e" * 40, "example.invalid"):
        assert secret not in ended.stdout + ended.stderr


def test_the_demo_shows_the_mistake_its_repair_and_every_activity() -> None:
    ended = finish(["demo"], {})

    shown = ended.stdout
    mistake = shown.index('"field":"activity:read_permission","code":"missing"')
    repair = shown.index("$ paceport grant +activity:read_all")
    listing = shown.index("$ paceport activities", repair)
    assert mistake < repair < listing
    assert int(re.search(r"^  (\d+) activities$", shown[listing:], re.MULTILINE).group(1)) > 1500  # type: ignore[union-attr]  # a miss is red, too
    assert "was a script" in shown
