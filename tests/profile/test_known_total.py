"""The count that sync left behind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from paceport.clock import ManualClock
from paceport.logbook.database.sync_rows import ListedRow
from paceport.profile.known_total import known_total
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings


def test_the_total_is_the_number_of_listed_activities(tmp_path: Path, clock: ManualClock) -> None:
    profile = Profile(settings=Settings.from_environment({"PACEPORT_HOME": str(tmp_path)}), clock=clock)
    now = clock.now()
    with profile.logbook() as store, store.cached.in_one_transaction():
        for number in range(3):
            row = ListedRow(
                activity_id=number,
                listing="one",
                digest="d",
                recording_digest="r",
                resume_before=now,
                raw=b"{}",
            )
            store.synced.save_listed(row, expires_at=now + timedelta(days=7))

    assert known_total(profile.cache, profile.logbook) == 3


def test_without_a_cache_nothing_is_known(tmp_path: Path, clock: ManualClock) -> None:
    profile = Profile(settings=Settings.from_environment({"PACEPORT_HOME": str(tmp_path)}), clock=clock)

    assert known_total(profile.cache, profile.logbook) is None
    assert not (tmp_path / "cache").exists()
