import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from meanwhile import Meanwhile
from oauth.person import Person, code_of
from paceport.clock import ManualClock
from paceport.errors import (
    CodeRefused,
    LoginDenied,
    LoginTimeout,
    RedirectRefused,
    StoreTooNew,
    StoreUnreadable,
    StoreUnsafe,
    StoreUnwritable,
)
from paceport.oauth.login.flow import finish_login, start_login
from paceport.oauth.login.login_plan import LoginPlan, LoginResult
from paceport.oauth.login.started_login import load_started_login
from paceport.oauth.token_store.base import App, TokenStore
from paceport.scopes import parse_granted


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "pending.json"


@pytest.fixture
def finish(
    path: Path, app: App, token_store: TokenStore, person: Person, clock: ManualClock
) -> Callable[[str], LoginResult]:
    def run(text: str) -> LoginResult:
        return finish_login(
            text,
            app=lambda oauth_url, client_id: app,
            pending_path=path,
            token_store=token_store,
            send=person.visitor.send,
            clock=clock,
        )

    return run


Finish = Callable[[str], LoginResult]


def test_a_login_in_two_steps(
    plan: LoginPlan, path: Path, person: Person, finish: Finish, token_store: TokenStore, clock: ManualClock
) -> None:
    where = person.answer(start_login(replace(plan, profile="server"), pending_path=path, clock=clock))
    clock.advance(500)

    result = finish(where + "\n")

    assert token_store.grants() == [result.grant]
    assert (result.grant.profile, result.grant.scopes) == ("server", plan.requested_scopes)
    assert not path.exists()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_started_login_is_readable_by_its_owner_alone(
    plan: LoginPlan, path: Path, clock: ManualClock, umask: int
) -> None:
    before = os.umask(umask)
    try:
        start_login(plan, pending_path=path, clock=clock)
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_secret_of_the_app_is_written_down(plan: LoginPlan, path: Path, clock: ManualClock) -> None:
    start_login(plan, pending_path=path, clock=clock)

    assert plan.app.client_secret.reveal() not in path.read_text()
    assert json.loads(path.read_text())["state"] not in repr(load_started_login(path, now=clock.now()))


def test_the_app_is_asked_for_by_what_the_start_named(
    plan: LoginPlan, path: Path, person: Person, token_store: TokenStore, clock: ManualClock
) -> None:
    where = person.answer(start_login(plan, pending_path=path, clock=clock))
    asked: list[tuple[str, str]] = []

    def app(oauth_url: str, client_id: str) -> App:
        asked.append((oauth_url, client_id))
        return plan.app

    finish_login(where, app=app, pending_path=path, token_store=token_store, send=person.visitor.send, clock=clock)

    assert asked == [(plan.app.oauth_url, plan.app.client_id)]


def test_a_start_is_good_for_ten_minutes(
    plan: LoginPlan, path: Path, person: Person, finish: Finish, clock: ManualClock
) -> None:
    where = person.answer(start_login(plan, pending_path=path, clock=clock))
    clock.advance(600)

    with pytest.raises(LoginTimeout, match="ten minutes"):
        finish(where)

    assert not path.exists()


def test_a_start_of_the_future_is_not_trusted(plan: LoginPlan, path: Path, finish: Finish, clock: ManualClock) -> None:
    start_login(plan, pending_path=path, clock=clock)
    clock.set(clock.now().replace(year=2025))

    with pytest.raises(LoginTimeout):
        finish("?code=x")


def test_a_wrong_address_leaves_the_start_good(
    plan: LoginPlan, path: Path, person: Person, finish: Finish, clock: ManualClock
) -> None:
    where = person.answer(start_login(plan, pending_path=path, clock=clock))

    for wrong in (person.asked[0], "what?", where.replace("state=", "state=y")):
        with pytest.raises(RedirectRefused):
            finish(wrong)

    assert finish(where).grant.generation == 1


def test_a_start_is_used_once(plan: LoginPlan, path: Path, person: Person, finish: Finish, clock: ManualClock) -> None:
    where = person.answer(start_login(plan, pending_path=path, clock=clock))
    finish(where)

    with pytest.raises(LoginTimeout, match="No login was started"):
        finish(where)


def test_a_denial_uses_the_start_up(
    plan: LoginPlan, path: Path, person: Person, finish: Finish, clock: ManualClock
) -> None:
    person.decision = "deny"
    where = person.answer(start_login(plan, pending_path=path, clock=clock))

    with pytest.raises(LoginDenied):
        finish(where)

    assert not path.exists()


def test_a_code_that_somebody_has_used_already_is_refused(
    plan: LoginPlan, path: Path, person: Person, finish: Finish, clock: ManualClock
) -> None:
    where = person.answer(start_login(plan, pending_path=path, clock=clock))
    person.visitor.ask_token(code=code_of(where), grant_type="authorization_code")

    with pytest.raises(CodeRefused, match="works once"):
        finish(where)


def test_of_two_starts_at_once_one_is_kept_whole(
    plan: LoginPlan, path: Path, person: Person, finish: Finish, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def in_another_terminal() -> Iterator[None]:
        start_login(plan, pending_path=path, clock=clock)
        yield

    meanwhile = Meanwhile(monkeypatch, in_another_terminal(), before=True)
    where = person.answer(start_login(plan, pending_path=path, clock=clock))
    with meanwhile.ended():
        assert [one.name for one in path.parent.iterdir()] == [path.name]

    assert finish(where).grant.profile == plan.profile


def test_a_second_start_replaces_the_first(
    plan: LoginPlan, path: Path, person: Person, finish: Finish, clock: ManualClock
) -> None:
    first = person.answer(start_login(plan, pending_path=path, clock=clock))
    second = person.answer(start_login(plan, pending_path=path, clock=clock))

    with pytest.raises(RedirectRefused, match="state"):
        finish(first)
    assert finish(second).grant.generation == 1


def test_a_link_in_its_place_is_not_written_through(plan: LoginPlan, path: Path, clock: ManualClock) -> None:
    target = path.parent.parent / "precious"
    target.write_text("mine")
    path.parent.mkdir()
    path.symlink_to(target)

    start_login(plan, pending_path=path, clock=clock)

    assert target.read_text() == "mine"
    assert not path.is_symlink()


def test_a_planted_link_is_not_read(plan: LoginPlan, path: Path, finish: Finish, clock: ManualClock) -> None:
    start_login(plan, pending_path=path, clock=clock)
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))

    with pytest.raises(StoreUnsafe):
        finish("?code=x")


def loosen(path: Path) -> None:
    path.chmod(0o644)


def double(path: Path) -> None:
    path.with_name("second").hardlink_to(path)


@pytest.mark.parametrize("change", [loosen, double])
def test_a_start_that_others_could_have_written_is_not_trusted(
    plan: LoginPlan, path: Path, finish: Finish, clock: ManualClock, change: Callable[[Path], None]
) -> None:
    start_login(plan, pending_path=path, clock=clock)
    change(path)

    with pytest.raises(StoreUnsafe):
        finish("?code=x")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"schema": "one"}', '{"schema": 1}', "\x00" * 50, "[" * 9999]
)
def test_a_start_that_is_not_whole_is_named(path: Path, finish: Finish, content: str) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)
    path.write_text(content)

    with pytest.raises(StoreUnreadable, match=r"pending\.json"):
        finish("?code=x")


def test_a_start_of_a_newer_version_is_left_alone(path: Path, finish: Finish) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)
    path.write_text('{"schema": 2}')

    with pytest.raises(StoreTooNew):
        finish("?code=x")

    assert path.exists()


def test_a_place_that_cannot_be_written_is_a_clear_error(plan: LoginPlan, tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreUnwritable):
        start_login(plan, pending_path=tmp_path / "file" / "pending.json", clock=clock)


def test_an_athlete_that_was_required_survives_the_pause(plan: LoginPlan, path: Path, clock: ManualClock) -> None:
    wanted = replace(plan, only_athlete_id=7, is_strict=True, requested_scopes=parse_granted("read,activity:write"))

    start_login(wanted, pending_path=path, clock=clock)
    pending = load_started_login(path, now=clock.now())

    assert (pending.only_athlete_id, pending.is_strict, pending.requested_scopes) == (7, True, wanted.requested_scopes)
