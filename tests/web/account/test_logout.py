"""Logging out from a page: what is told to the service, what is erased, and what stays."""

from __future__ import annotations

import threading
from pathlib import Path

from paceport.logbook.syncing.sync_lock import hold_sync_lock
from paceport.sandbox.state.planned_faults import PlannedFault
from paceport.web.tasks import TaskControl, TaskResult
from web.account.person import Person


def test_a_revoked_login_is_gone_at_the_service_and_here(person: Person, tmp_path: Path) -> None:
    person.log_in()
    grant = person.grant()
    assert grant is not None

    asked, ended = person.read("/logout"), person.post("/logout", how="revoke")

    assert 'value="revoke" checked' in asked.text
    assert "Logged out" in ended.text
    assert "may still be connected" not in ended.text
    assert person.grant() is None
    assert not person.world.grants.connected(int(grant.client_id))
    assert list((tmp_path / "cache").glob("cache.db*")) == []
    assert "Nobody is logged in" in person.read("/account").text


def test_a_revocation_that_cannot_be_checked_erases_nothing_unless_forced(person: Person) -> None:
    person.log_in()
    person.world.faults.plan(PlannedFault(kind="status", path="/oauth/revoke", status=503, times=2))

    refused = person.post("/logout", how="revoke")
    before = person.grant()
    forced = person.post("/logout", how="revoke", force="on")

    assert refused.status == 409
    assert "Nothing was erased" in refused.text
    assert 'name="force"' in refused.text
    assert before is not None
    assert "Logged out" in forced.text
    assert "may still be connected" in forced.text
    assert person.grant() is None


def test_a_logout_on_this_machine_tells_the_service_nothing(person: Person) -> None:
    person.log_in()
    sent = person.world.requests.total()

    ended = person.post("/logout", how="here")

    assert "gone from this machine" in ended.text
    assert "https://www.strava.com/settings/apps" in ended.text
    assert person.world.requests.total() == sent
    assert person.grant() is None
    with person.profile() as profile:
        assert len(profile.token_store.apps()) == 1


def test_everything_but_ones_own_data_can_be_erased(person: Person, tmp_path: Path) -> None:
    person.log_in()
    person.read("/")

    ended = person.post("/logout", how="everything")

    assert "All logins" in ended.text
    assert person.grant() is None
    assert (tmp_path / "data" / "own.db").exists()
    assert list((tmp_path / "cache").glob("*.db")) == []
    assert 'href="/setup"' in person.read("/account").text
    assert person.read("/").status == 200


def test_nobody_is_logged_out_while_a_task_may_still_write(person: Person) -> None:
    person.log_in()
    go_on = threading.Event()

    def work(_control: TaskControl) -> TaskResult:
        go_on.wait(20)
        return TaskResult(summary="done")

    person.server.tasks.start("Sync", work, when_stopped="")
    refused = person.post("/logout", how="revoke")
    go_on.set()
    person.server.tasks.wait()

    assert refused.status == 409
    assert "Sync is still running" in refused.text
    assert person.grant() is not None


def test_nothing_is_sent_while_a_command_syncs(person: Person, tmp_path: Path) -> None:
    person.log_in()
    sent = person.world.requests.total()

    with hold_sync_lock(tmp_path / "cache", what="Another sync is running"):
        refused = person.post("/logout", how="revoke")

    assert "A sync is running" in refused.text
    assert person.world.requests.total() == sent
    assert person.grant() is not None


def test_what_is_to_end_must_be_said(person: Person) -> None:
    person.log_in()

    answer = person.post("/logout")

    assert answer.status == 400
    assert person.grant() is not None
