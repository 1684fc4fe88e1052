"""How old the newest run is, and why nothing newer came."""

import json
from datetime import timedelta
from pathlib import Path

from makers.export_writer import gpx
from paceport.clock import ManualClock
from shell import Shell


def test_status_says_how_old_the_newest_run_is(shell: Shell, tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "a.gpx").write_bytes(gpx(clock.now() - timedelta(days=6)))
    imported = f"{clock.now():%Y-%m-%d %H:%M} UTC"
    shell("import", str(tmp_path / "a.gpx"))

    text, found = shell("status").out, json.loads(shell("status", "--json").out)["logbook"]

    assert "2026-11-16, 6 days ago" in text
    assert f"last import {imported}; last sync not known; no login for a sync (paceport login)" in " ".join(
        text.split()
    )
    assert (found["newest_run"], found["synced_at"]) == ("2026-11-16", None)
    assert "6 days ago" in shell("logbook").out


def test_without_a_logbook_nothing_is_said_and_nothing_made(shell: Shell, home: Path) -> None:
    text, found = shell("status").out, json.loads(shell("status", "--json").out)

    assert "Newest run" not in text
    assert found["logbook"] is None
    assert not list(home.rglob("own.db"))


def test_the_report_says_how_old_the_newest_run_is(shell: Shell, tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "a.gpx").write_bytes(gpx(clock.now() - timedelta(days=1)))
    shell("import", str(tmp_path / "a.gpx"))

    page = shell("report", "-o", "-").out

    assert "The newest run: 2026-11-21, yesterday. Nothing newer came: last import" in page
