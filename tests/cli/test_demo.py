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


def test_the_demo_shows_the_mistake_its_repair_every_activity_and_a_report(tmp_path: Path) -> None:
    ended = finish(["demo"], {"TMPDIR": str(tmp_path)})

    shown = ended.stdout
    mistake = shown.index('"field":"activity:read_permission","code":"missing"')
    repair = shown.index("$ paceport grant +activity:read_all")
    listing = shown.index("$ paceport activities", repair)
    sync = shown.index("$ paceport sync")
    assert mistake < repair < listing < sync
    assert "Half marathon" in shown[sync:]
    report = Path(re.search(r"simulated athlete:  (\S+)", shown).group(1))  # type: ignore[union-attr]  # as above
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert int(re.search(r"^  (\d+) activities$", shown[listing:], re.MULTILINE).group(1)) > 1500  # type: ignore[union-attr]  # a miss is red, too
    assert "was a script" in shown
