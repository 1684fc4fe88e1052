"""What must not be lost is on the disk before the next step: record, journal answer, original. The budget need not."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.token_store import NOW, make_answer, make_grant, make_journal
from disk_recorder import DiskRecorder, record_disk
from paceport.api.rate_limit.file_budget import FileBudget
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.api.upload.upload_log import UploadEntry, UploadLog
from paceport.clock import ManualClock
from paceport.logbook.database.originals import pack_original, save_original
from paceport.logbook.database.store import Store
from paceport.oauth.token_store.base import Grant
from paceport.oauth.token_store.file import FileTokenStore
from paceport.oauth.token_store.record import grant_slug
from paceport.profile.choices import change_choices

GRANT = make_grant()
SLUG = grant_slug(GRANT.key)


def is_durable(steps: list[tuple[str, str]], name: str, folder: str) -> bool:
    """Whether a file was written, synced, renamed into place and its folder synced, in that order and to the end."""
    draft = next(draft for what, draft in steps if what == "write" and draft.startswith((name, f".{name}")))
    return steps == [("write", draft), ("fsync", draft), ("rename", name), ("fsync", folder)]


def saved_store(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, grant: Grant = GRANT
) -> tuple[FileTokenStore, DiskRecorder]:
    store = FileTokenStore(tmp_path / "state", clock=clock)
    with store.lock(grant.key):
        store.save(grant, expect_generation=0)
    return store, record_disk(monkeypatch)


def test_a_record_is_on_the_disk_when_save_returns(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, recorder = saved_store(tmp_path, clock, monkeypatch)

    store.save(GRANT, expect_generation=1)

    assert is_durable(recorder.steps, f"{SLUG}.json", "grants")


def test_a_record_whose_athlete_becomes_known_is_on_the_disk_under_its_new_name(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnamed = replace(GRANT, athlete_id=None)
    old_name = f"{grant_slug(unnamed.key)}.json"
    store, recorder = saved_store(tmp_path, clock, monkeypatch, unnamed)

    store.move(unnamed.key, GRANT)

    assert is_durable(recorder.steps[:4], old_name, "grants")
    assert recorder.steps[4:] == [("rename", f"{SLUG}.json"), ("fsync", "grants")]


def test_a_journal_is_on_the_disk_before_anything_is_sent(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, recorder = saved_store(tmp_path, clock, monkeypatch)

    store.begin_journal(GRANT.key, make_journal(GRANT))

    assert is_durable(recorder.steps, f"{SLUG}.journal", "grants")


def test_an_answer_is_on_the_disk_before_it_is_read(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, recorder = saved_store(tmp_path, clock, monkeypatch)
    store.begin_journal(GRANT.key, make_journal(GRANT))
    recorder.steps.clear()

    store.add_journal_answer(GRANT.key, make_answer())

    assert recorder.steps == [("write", f"{SLUG}.journal"), ("fsync", f"{SLUG}.journal")]


def test_a_dropped_journal_is_gone_on_the_disk(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, recorder = saved_store(tmp_path, clock, monkeypatch)
    store.begin_journal(GRANT.key, make_journal(GRANT))
    recorder.steps.clear()

    store.drop_journal(GRANT.key)

    assert recorder.steps == [("fsync", "grants")]


def test_an_original_is_on_the_disk_before_its_row_is_written(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock) as store:
        store.originals_dir.mkdir(mode=0o700)
        recorder = record_disk(monkeypatch)

        original = pack_original(b"one run", "a.gpx")
        save_original(store.originals_dir, original)

    assert original.sha256 == hashlib.sha256(b"one run").hexdigest()
    assert is_durable(recorder.steps, original.sha256, "originals")


def test_choices_and_uploads_are_on_the_disk(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    recorder = record_disk(monkeypatch)

    change_choices(state, lambda choices: choices.with_app("default", "https://www.strava.com", "1"), clock=clock)
    UploadLog(state / "uploads.log").note("00", UploadEntry(name="a.fit"))

    end = [("write", "uploads.log"), ("fsync", "uploads.log"), ("fsync", "state")]
    steps = [step for step in recorder.steps if "holder" not in step[1]]
    assert steps[-3:] == end
    assert is_durable(steps[:-3], "choices.json", "state")


def test_the_budget_of_each_request_waits_for_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    budget = FileBudget(tmp_path, origin="https://www.strava.com", client_id="1", clock=ManualClock(NOW))
    recorder = record_disk(monkeypatch)

    budget.reserve(LimitClass.READ, now=NOW)

    assert {what for what, _ in recorder.steps} == {"write", "rename"}
