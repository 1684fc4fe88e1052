import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from oauth.keeper.conftest import Bench, tampered
from paceport.errors import (
    AnswerLost,
    AppCredentialsWrong,
    AppInactive,
    AppMismatch,
    Busy,
    LoginNeeded,
    NotSent,
    OriginMismatch,
    RateLimited,
    StoreTooNew,
    StoreUnwritable,
    StravaDown,
)
from paceport.http_message import Request, Response, Send
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import log_warning
from paceport.oauth.protocol.token_endpoint import read_token, refresh_request
from paceport.oauth.token_store.base import JournalAnswer, RefreshJournal
from paceport.oauth.token_store.file import FileTokenStore
from paceport.secret import AccessToken, Secret

WHOLE = [
    "read",
    "locked",
    "read again",
    "journal begun",
    "answered",
    "answer kept",
    "saved",
    "journal dropped",
    "released",
]


def lost(request: Request, response: Response) -> Response:
    """The server has acted; its answer never arrives."""
    raise AnswerLost(host="sandbox", why="cut")


def unreachable(request: Request, *, timeout_s: float = 30.0) -> Response:
    raise NotSent(host="sandbox", why="no route")


class Killed(BaseException):
    """The process ends here."""


def kill_at(step: str) -> "object":
    def on_step(done: str) -> None:
        if done == step:
            raise Killed

    return on_step


# -- a living token


def test_a_living_token_is_given_without_a_lock_a_journal_or_a_request(bench: Bench) -> None:
    token = bench.keeper().token()

    assert isinstance(token, AccessToken)
    assert token == bench.grant.access_token.reveal()
    assert (bench.steps, bench.posts, bench.warnings) == (["read"], 0, [])


@pytest.mark.parametrize(("left_s", "posts"), [(121, 0), (120, 1), (1, 1), (0, 1), (-1, 1), (-86_400, 1)])
def test_two_minutes_are_the_least_that_is_handed_out(bench: Bench, left_s: int, posts: int) -> None:
    bench.clock.advance(6 * 3600 - left_s)

    bench.keeper().token()

    assert bench.posts == posts


def test_a_longer_life_can_be_asked_for(bench: Bench) -> None:
    bench.clock.advance(5.5 * 3600)

    old = bench.keeper().token(min_ttl_s=1799)
    new = bench.keeper().token(min_ttl_s=1800)

    assert (old != new, bench.posts) == (True, 1)


def test_more_than_an_hour_cannot_be_promised_and_it_says_why(bench: Bench) -> None:
    bench.clock.advance(4 * 3600)

    token = bench.keeper().token(min_ttl_s=3 * 3600)

    assert token == bench.grant.access_token.reveal()
    assert "cannot be promised" in bench.warnings[0]


# -- a refresh


def test_a_refresh_takes_every_step_in_order(bench: Bench) -> None:
    bench.expire()

    bench.keeper().token()

    assert bench.steps == WHOLE


def test_a_refresh_saves_the_new_token_before_giving_it(bench: Bench) -> None:
    bench.expire()

    token = bench.keeper().token()

    stored = bench.stored()
    assert token == stored.access_token.reveal() != bench.grant.access_token.reveal()
    assert stored.refresh_token != bench.grant.refresh_token
    assert stored.generation == bench.grant.generation + 1
    assert stored.left_s(bench.clock.now()) == pytest.approx(6 * 3600, abs=1)
    assert bench.token_store.journal(stored.key) is None


def test_a_refresh_carries_over_what_the_answer_does_not_say(bench: Bench) -> None:
    bench.expire()

    bench.keeper().token()

    kept = ("profile", "api_url", "athlete_id", "athlete_name", "scopes", "scopes_known_by")
    assert [getattr(bench.stored(), name) for name in kept] == [getattr(bench.grant, name) for name in kept]


def test_scopes_nobody_knew_are_learned_from_the_answer(bench: Bench) -> None:
    bench.world.switches.set(scope_in_token_answer=True)
    bench.put(scopes=None, scopes_known_by="unknown")
    bench.expire()

    bench.keeper().token()

    assert str(bench.stored().scopes) == "read,activity:read_all"
    assert bench.stored().scopes_known_by == "declared"


def test_ten_days_of_refreshing_replay_nothing(bench: Bench) -> None:
    keeper = bench.keeper()

    for _ in range(50):
        bench.clock.advance(5 * 3600)
        keeper.token()

    assert bench.world.grants.replays == 0
    assert bench.posts == bench.stored().generation - 1


def test_without_a_login_a_person_is_asked_for_one(bench: Bench) -> None:
    keeper = bench.keeper(key=replace(bench.grant.key, athlete_id=1))

    with pytest.raises(LoginNeeded, match="nothing is stored"):
        keeper.token()
    with pytest.raises(LoginNeeded):
        keeper.grant()


def test_a_login_that_vanishes_before_the_lock_is_asked_for_again(bench: Bench) -> None:
    bench.expire()

    with pytest.raises(LoginNeeded, match="nothing is stored"):
        bench.keeper(
            on_step=lambda step: bench.token_store.remove(bench.grant.key) if step == "locked" else None
        ).token()

    assert bench.posts == 0


# -- somebody else


def refresh_elsewhere(bench: Bench) -> None:
    """Another program refreshes and saves, without asking for the lock."""
    request = refresh_request(
        oauth_url=bench.app.oauth_url,
        client_id=bench.app.client_id,
        client_secret=bench.app.client_secret,
        refresh_token=bench.stored().refresh_token,
    )
    token = read_token(bench.send(request), now=bench.clock.now())
    bench.put(
        access_token=token.access_token,
        refresh_token=token.refresh_token,
        expires_at=token.expires_at,
        received_at=bench.clock.now(),
        expires_in_s=token.expires_in_s,
    )


def once_at(step: str, act: "object") -> "object":
    waiting = [act]

    def on_step(done: str) -> None:
        if done == step and waiting:
            waiting.pop()()  # type: ignore[operator]  # a call without arguments

    return on_step


def test_what_somebody_else_refreshed_meanwhile_is_used(bench: Bench) -> None:
    bench.expire()

    token = bench.keeper(on_step=once_at("read", lambda: refresh_elsewhere(bench))).token()

    assert token == bench.stored().access_token.reveal()
    assert (bench.posts, bench.world.grants.replays) == (1, 0)


def test_a_shorter_life_will_do_when_somebody_else_has_just_refreshed(bench: Bench) -> None:
    bench.clock.advance(4 * 3600)

    token = bench.keeper(on_step=once_at("read", lambda: refresh_elsewhere(bench))).token(min_ttl_s=3 * 3600)

    assert (token, bench.posts) == (bench.stored().access_token.reveal(), 1)


def test_a_refused_token_gives_way_to_one_that_somebody_else_saved(bench: Bench) -> None:
    bench.expire()

    token = bench.keeper(on_step=once_at("journal begun", lambda: refresh_elsewhere(bench))).token()

    assert token == bench.stored().access_token.reveal()
    assert bench.stored().status == "ok"
    assert bench.token_store.journal(bench.grant.key) is None


def test_a_refused_token_gives_way_even_to_one_that_has_expired_since(bench: Bench) -> None:
    bench.expire()

    def refresh_and_wait() -> None:
        refresh_elsewhere(bench)
        bench.expire()

    token = bench.keeper(on_step=once_at("journal begun", refresh_and_wait)).token()

    assert bench.stored().left_s(bench.clock.now()) > 3600
    assert token == bench.stored().access_token.reveal()


def test_a_change_of_other_fields_meanwhile_is_not_the_end_of_the_new_token(bench: Bench) -> None:
    bench.expire()

    token = bench.keeper(on_step=once_at("answer kept", lambda: bench.put(athlete_name="Other"))).token()

    assert token == bench.stored().access_token.reveal()
    bench.expire()
    bench.keeper().token()
    assert bench.world.grants.replays == 0


def test_a_new_login_saved_meanwhile_is_not_overwritten(bench: Bench) -> None:
    bench.expire()
    theirs = {"refresh_token": Secret("n" * 40), "access_token": Secret("m" * 40)}
    alive = {"expires_at": bench.clock.now() + timedelta(hours=6), "received_at": bench.clock.now()}

    token = bench.keeper(on_step=once_at("answer kept", lambda: bench.put(**theirs, **alive))).token()

    assert token == "m" * 40
    assert bench.stored().refresh_token == theirs["refresh_token"]


def replaced_at_each_request(bench: Bench, **last: object) -> Send:
    """A network on which somebody else saves another dead login at each request, the second one with these fields."""

    def sending(request: Request, *, timeout_s: float = 30.0) -> Response:
        response = bench.send(request, timeout_s=timeout_s)
        bench.put(refresh_token=Secret(str(bench.posts) * 40), **(last if bench.posts == 2 else {}))
        return response

    return sending


def test_a_login_that_is_dead_each_time_somebody_replaces_it_is_tried_twice(bench: Bench) -> None:
    bench.expire()
    bench.put(refresh_token=Secret("0" * 40))

    with pytest.raises(LoginNeeded):
        bench.keeper(send=replaced_at_each_request(bench)).token()

    assert bench.posts == 2
    assert bench.stored().status == "ok"


def test_a_living_token_that_somebody_saves_at_the_second_refusal_is_given(bench: Bench) -> None:
    bench.expire()
    bench.put(refresh_token=Secret("0" * 40))
    alive = {"expires_at": bench.clock.now() + timedelta(hours=6), "received_at": bench.clock.now()}

    token = bench.keeper(send=replaced_at_each_request(bench, access_token=Secret("m" * 40), **alive)).token()

    assert (token, bench.posts) == ("m" * 40, 2)


def test_a_change_of_other_fields_does_not_hide_that_a_login_is_dead(bench: Bench) -> None:
    bench.expire()
    bench.put(refresh_token=Secret("0" * 40))

    with pytest.raises(LoginNeeded):
        bench.keeper(on_step=once_at("journal begun", lambda: bench.put(athlete_name="Other"))).token()

    assert (bench.stored().status, bench.stored().athlete_name, bench.posts) == ("needs_consent", "Other", 2)


def test_a_warning_is_logged_under_our_name_as_it_stands(caplog: pytest.LogCaptureFixture) -> None:
    log_warning("100 %s of it")

    assert caplog.record_tuples == [("paceport", logging.WARNING, "100 %s of it")]


def test_a_held_lock_ends_the_waiting_with_its_holder(bench: Bench) -> None:
    bench.expire()

    with bench.token_store.lock(bench.grant.key), pytest.raises(Busy, match="process") as busy:
        bench.keeper(lock_timeout_s=0.3).token()

    assert (busy.value.exit_code, bench.posts) == (9, 0)
    assert bench.steps == ["read", *["read again"] * 2]  # each quarter of a second, and at the end


# -- a refused access token


def test_a_refused_access_token_is_not_given_again(bench: Bench) -> None:
    bench.clock.advance(5.5 * 3600)
    refused = bench.keeper().token()

    token = bench.keeper().token(not_this=refused)

    assert (token != refused, bench.posts) == (True, 1)


def test_an_async_caller_can_refuse_a_token_too(bench: Bench) -> None:
    bench.clock.advance(5.5 * 3600)
    refused = bench.keeper().token()

    token = asyncio.run(bench.keeper().token_async(not_this=refused))

    assert (token != refused, bench.posts) == (True, 1)


def test_another_stored_token_answers_a_refusal_without_a_request(bench: Bench) -> None:
    token = bench.keeper().token(not_this="an older one")

    assert (token, bench.posts) == (bench.grant.access_token.reveal(), 0)


def test_the_same_token_again_means_that_access_was_revoked(bench: Bench) -> None:
    refused = bench.keeper().token()

    with pytest.raises(LoginNeeded, match="revoked"):
        bench.keeper().token(not_this=refused)

    assert bench.stored().status == "revoked"


def test_a_revoked_login_is_not_asked_about_in_a_loop(bench: Bench) -> None:
    refused = bench.keeper().token()
    for not_this in (refused, refused, None):
        with pytest.raises(LoginNeeded):
            bench.keeper().token(not_this=not_this)

    assert bench.posts == 1


def test_a_token_wrongly_called_revoked_is_tried_again_once_it_has_expired(bench: Bench) -> None:
    with pytest.raises(LoginNeeded):
        bench.keeper().token(not_this=bench.grant.access_token.reveal())
    bench.expire()

    bench.keeper().token()

    assert bench.stored().status == "ok"


# -- a refused refresh token


def test_a_dead_login_names_the_command_that_repairs_it(bench: Bench) -> None:
    bench.put(profile="my club")
    bench.world.revoke()
    bench.expire()

    with pytest.raises(LoginNeeded) as needed:
        bench.keeper().token()

    assert needed.value.fix == "paceport login --profile 'my club'"
    assert needed.value.exit_code == 3


def test_a_dead_login_is_kept_and_not_sent_again(bench: Bench) -> None:
    bench.world.revoke()
    bench.expire()

    for _ in range(3):
        with pytest.raises(LoginNeeded):
            bench.keeper().token()

    assert bench.posts == 1
    assert bench.stored().refresh_token == bench.grant.refresh_token
    assert bench.stored().status == "needs_consent"
    assert bench.token_store.journal(bench.grant.key) is None


def test_an_access_token_that_outlives_its_login_is_given_with_a_warning(bench: Bench) -> None:
    bench.world.plan("revoked", path="/oauth/token")
    bench.clock.advance(5.5 * 3600)

    tokens = {bench.keeper().token(min_ttl_s=3000) for _ in range(2)}

    assert tokens == {bench.grant.access_token.reveal()}
    assert bench.posts == 1
    assert all("another 30 min; then: paceport login" in warning for warning in bench.warnings)
    assert len(bench.warnings) >= 2


def test_a_grant_without_a_refresh_token_lives_as_long_as_its_access_token(bench: Bench) -> None:
    bench.put(refresh_token=Secret(""))

    assert bench.keeper().token() == bench.grant.access_token.reveal()
    bench.expire()
    with pytest.raises(LoginNeeded, match="without a refresh token"):
        bench.keeper().token()
    assert bench.posts == 0


def test_a_copied_store_says_so_when_its_login_turns_out_dead(bench: Bench) -> None:
    original = bench.state_dir
    bench.expire()
    bench.state_dir = original.rename(original.with_name("copy"))
    bench.world.revoke()

    with pytest.raises(LoginNeeded, match=f"copied or moved from .*{original}"):
        bench.keeper().token()


# -- wrong app


@pytest.mark.parametrize(("part", "value"), [("client_secret", Secret("0" * 40))])
def test_a_wrong_secret_leaves_the_grant_alone(bench: Bench, part: str, value: Secret) -> None:
    bench.expire()
    right, bench.app = bench.app, replace(bench.app, client_secret=value)

    with pytest.raises(AppCredentialsWrong, match="client secret"):
        bench.keeper().token()

    assert bench.stored() == bench.grant
    assert bench.token_store.journal(bench.grant.key) is None
    bench.app = right
    bench.keeper().token()
    assert bench.world.grants.replays == 0


def test_an_inactive_app_leaves_the_grant_alone(bench: Bench) -> None:
    bench.expire()
    bench.world.plan("inactive", path="/oauth/token")

    with pytest.raises(AppInactive):
        bench.keeper().token()

    assert bench.stored() == bench.grant
    assert bench.token_store.journal(bench.grant.key) is None


def test_no_secret_goes_to_another_server_or_with_another_id(bench: Bench) -> None:
    bench.expire()

    with pytest.raises(OriginMismatch):
        bench.keeper(app=lambda: replace(bench.app, oauth_url="https://www.strava.com")).token()
    with pytest.raises(AppMismatch):
        bench.keeper(app=lambda: replace(bench.app, client_id="7")).token()

    assert bench.posts == 0


# -- network


def test_an_unreachable_server_is_tried_again_with_growing_pauses(bench: Bench) -> None:
    bench.expire()
    began_s = bench.clock.monotonic_s()

    with pytest.raises(NotSent):
        bench.keeper(send=unreachable, retry_s=10.0).token()

    assert 5 <= bench.clock.monotonic_s() - began_s <= 10
    assert bench.token_store.journal(bench.grant.key) is None


def test_a_server_that_comes_back_in_time_is_no_failure(bench: Bench) -> None:
    bench.expire()
    bench.world.plan("status", path="/oauth/token", status=503, times=2)

    bench.keeper().token()

    assert (bench.posts, bench.world.grants.replays) == (3, 0)


@pytest.mark.parametrize(("kind", "status"), [("status", 500), ("html", 502), ("status", 503)])
def test_a_server_that_stays_down_costs_nothing(bench: Bench, kind: str, status: int) -> None:
    bench.expire()
    bench.world.plan(kind, path="/oauth/token", status=status, times=10)  # type: ignore[arg-type]  # a Kind

    with pytest.raises(StravaDown):
        bench.keeper().token()

    bench.world.faults.clear()
    bench.keeper().token()
    assert bench.world.grants.replays == 0


def test_a_rate_limit_at_the_token_endpoint_is_not_run_into_again(bench: Bench) -> None:
    bench.expire()
    bench.world.plan("rate_limited", path="/oauth/token", times=10)

    with pytest.raises(RateLimited):
        bench.keeper().token()

    assert bench.posts == 1
    assert bench.token_store.journal(bench.grant.key) is None


def test_while_the_server_is_down_a_living_token_is_given_with_a_warning(bench: Bench) -> None:
    bench.clock.advance(6 * 3600 - 100)

    token = bench.keeper(send=unreachable, retry_s=0.0).token()

    assert token == bench.grant.access_token.reveal()
    assert "works for another 2 min" in bench.warnings[0]


# -- the one window


def test_a_lost_answer_is_asked_for_once_more_and_the_login_kept_where_the_server_honours_it(bench: Bench) -> None:
    bench.world.switches.set(refresh_rotation="never")
    bench.expire()

    token = bench.keeper(send=tampered(bench.send, lost)).token()

    assert (token, bench.posts) == (bench.stored().access_token.reveal(), 2)
    assert bench.token_store.journal(bench.grant.key) is None


def test_a_lost_answer_that_cost_the_login_is_named_with_its_time(bench: Bench) -> None:
    bench.expire()

    with pytest.raises(LoginNeeded, match=r"the refresh of 2026-11-22 14:00:00 UTC was lost"):
        bench.keeper(send=tampered(bench.send, lost)).token()

    assert bench.world.grants.replays == 1
    assert "lost" in bench.stored().status_reason


def test_two_lost_answers_end_the_attempt_and_the_doubt_stays(bench: Bench) -> None:
    bench.expire()

    with pytest.raises(AnswerLost):
        bench.keeper(send=tampered(bench.send, lost, lost)).token()

    assert bench.posts == 2
    assert bench.token_store.journal(bench.grant.key) is not None
    with pytest.raises(LoginNeeded, match="was lost"):
        bench.keeper().token()


def test_a_page_in_the_place_of_the_answer_is_a_lost_answer(bench: Bench) -> None:
    bench.world.switches.set(refresh_rotation="never")
    bench.expire()

    def portal(request: Request, response: Response) -> Response:
        return Response(status=200, headers={"content-type": "text/html"}, body=b"<html>Welcome to our WLAN</html>")

    bench.keeper(send=tampered(bench.send, portal)).token()

    assert bench.posts == 2


def test_an_answer_without_a_refresh_token_is_kept_and_the_old_one_stays(bench: Bench) -> None:
    bench.world.switches.set(refresh_rotation="never")
    bench.expire()

    def halved(request: Request, response: Response) -> Response:
        answer = json.loads(response.body)
        del answer["refresh_token"]
        return replace(response, body=json.dumps(answer).encode())

    token = bench.keeper(send=tampered(bench.send, halved)).token()

    assert bench.stored().access_token.reveal() == token
    assert bench.stored().refresh_token == bench.grant.refresh_token
    assert bench.token_store.journal(bench.grant.key) is None
    bench.expire()
    assert bench.keeper().token() != token


# -- death at every step


@contextmanager
def dying(bench: Bench, step: str) -> Iterator[Keeper]:
    with pytest.raises(Killed):
        yield bench.keeper(on_step=kill_at(step))


@pytest.mark.parametrize("step", [step for step in WHOLE if step != "answered"])
def test_a_death_at_any_step_outside_the_window_costs_nothing(bench: Bench, step: str) -> None:
    bench.expire()

    with dying(bench, step) as keeper:
        keeper.token()
    token = bench.keeper().token()

    assert token == bench.stored().access_token.reveal()
    assert (bench.posts, bench.world.grants.replays) == (1, 0)


def test_a_journal_whose_answer_was_saved_already_changes_nothing(bench: Bench) -> None:
    bench.world.switches.set(refresh_rotation="never")
    bench.expire()
    with dying(bench, "saved") as keeper:
        keeper.token()
    login = bench.put(access_token=Secret("w" * 40))
    bench.clock.advance(5.5 * 3600)

    with dying(bench, "journal dropped") as keeper:
        keeper.token(min_ttl_s=3000)

    assert bench.stored() == login
    assert bench.token_store.journal(bench.grant.key) is None


def test_a_death_in_the_window_forces_one_resend_and_keeps_a_login_that_is_honoured(bench: Bench) -> None:
    bench.world.switches.set(refresh_rotation="never")
    bench.expire()

    with dying(bench, "answered") as keeper:
        keeper.token()
    bench.keeper().token()

    assert bench.posts == 2
    assert bench.stored().status == "ok"


def test_a_death_in_the_window_is_remembered_over_further_deaths(bench: Bench) -> None:
    bench.expire()
    with dying(bench, "answered") as keeper:
        keeper.token()
    bench.clock.advance(60)
    for step in ("journal without an answer", "journal begun"):
        with dying(bench, step) as keeper:
            keeper.token()

    with pytest.raises(LoginNeeded, match=r"the refresh of 2026-11-22 14:00:00 UTC was lost"):
        bench.keeper().token()

    assert bench.world.grants.replays == 1


def test_an_answer_kept_by_a_dead_process_is_used_without_a_request(bench: Bench) -> None:
    bench.expire()
    with dying(bench, "answer kept") as keeper:
        keeper.token()

    bench.keeper(send=unreachable).token()

    assert bench.stored().generation == bench.grant.generation + 1


def test_an_answer_kept_two_days_ago_is_used_and_then_renewed(bench: Bench) -> None:
    bench.expire()
    with dying(bench, "answer kept") as keeper:
        keeper.token()
    bench.clock.advance(2 * 86_400)

    bench.keeper().token()

    assert (bench.posts, bench.world.grants.replays) == (2, 0)
    assert bench.stored().left_s(bench.clock.now()) > 3600


def test_a_journal_of_an_older_token_is_dropped(bench: Bench) -> None:
    journal = RefreshJournal(token_digest=Secret("older").digest(), begun_at=bench.clock.now(), begun_by="process 1")
    bench.token_store.begin_journal(bench.grant.key, journal)
    answer = JournalAnswer(body=b'{"access_token": "stale"}', received_at=bench.clock.now(), clock_offset_s=0.0)
    bench.token_store.add_journal_answer(bench.grant.key, answer)
    bench.expire()

    token = bench.keeper().token()

    assert token == bench.stored().access_token.reveal() != "stale"
    assert bench.world.grants.replays == 0


# -- the store


def test_what_cannot_be_written_down_is_not_sent(bench: Bench) -> None:
    bench.expire()
    bench.file("journal.new").mkdir()

    with pytest.raises(StoreUnwritable):
        bench.keeper().token()

    assert bench.posts == 0


def test_where_nothing_can_be_written_a_living_token_is_given_with_a_warning(bench: Bench) -> None:
    bench.clock.advance(6 * 3600 - 60)
    bench.file("journal.new").mkdir()

    token = bench.keeper().token()

    assert token == bench.grant.access_token.reveal()
    assert "cannot be written" in bench.warnings[0]
    assert bench.posts == 0


def test_a_disk_that_fills_after_the_request_does_not_cost_the_new_token(bench: Bench) -> None:
    bench.expire()
    bench.file("json.new").mkdir()

    given = [bench.keeper().token() for _ in range(2)]
    bench.file("json.new").rmdir()
    token = bench.keeper().token()

    assert given == [token, token]
    assert bench.stored().access_token.reveal() == token
    assert (bench.posts, bench.world.grants.replays) == (1, 0)
    assert any("cannot be written" in warning for warning in bench.warnings)


def test_an_answer_that_cannot_be_kept_is_still_saved(bench: Bench) -> None:
    bench.expire()

    token = bench.keeper(on_step=once_at("answered", lambda: bench.file("journal").unlink())).token()

    assert bench.stored().access_token.reveal() == token


def test_a_record_of_a_newer_version_stops_everything(bench: Bench) -> None:
    record = json.loads(bench.file("json").read_bytes())
    bench.file("json").write_text(json.dumps({**record, "schema": 2}))

    with pytest.raises(StoreTooNew):
        bench.keeper().token()


# -- clocks


@pytest.mark.parametrize("jump_s", [-86_400, -7200, 86_400, 400 * 86_400])
def test_a_jump_of_our_clock_costs_one_request_at_most(bench: Bench, jump_s: int) -> None:
    ours = type(bench.clock)(bench.clock.now() + timedelta(seconds=jump_s))

    tokens = [bench.keeper(clock=ours).token() for _ in range(5)]

    assert bench.posts <= 1
    assert set(tokens) == {bench.stored().access_token.reveal()}
    assert bench.stored().left_s(ours.now()) == pytest.approx(6 * 3600, abs=7300)


def test_expiry_is_judged_by_the_servers_clock(bench: Bench) -> None:
    ours = type(bench.clock)(bench.clock.now() - timedelta(days=3))
    bench.expire()
    keeper = bench.keeper(clock=ours)
    keeper.token()

    offset_s = bench.stored().clock_offset_s
    for _ in range(30):
        ours.advance(600)
        bench.clock.advance(600)
        keeper.token()

    assert offset_s == pytest.approx(3 * 86_400 + 6 * 3600, abs=1)
    assert bench.posts == 1


@pytest.mark.parametrize("date", [None, "", "Mon, 01 Jan 2024 00:00:00 GMT", "yesterday"])
def test_an_answer_whose_date_is_of_no_use_is_judged_by_its_own_figures(bench: Bench, date: str | None) -> None:
    ours = type(bench.clock)(bench.clock.now() - timedelta(days=3))
    bench.expire()

    def undated(request: Request, response: Response) -> Response:
        headers = {name: value for name, value in response.headers.items() if name != "date"}
        return replace(response, headers=headers if date is None else {**headers, "date": date})

    keeper = bench.keeper(clock=ours, send=tampered(bench.send, undated))
    for _ in range(3):
        keeper.token()

    assert bench.posts == 1
    assert bench.stored().left_s(ours.now()) == pytest.approx(6 * 3600, abs=2)


# -- marks


def test_a_mark_counts_the_generation_up_and_keeps_the_tokens(bench: Bench) -> None:
    marked = bench.keeper().set_status("app_inactive", "403")

    assert (
        bench.stored()
        == marked
        == replace(bench.grant, generation=bench.grant.generation + 1, status="app_inactive", status_reason="403")
    )
    assert bench.keeper().set_status("app_inactive", "403") == marked


def test_an_inactive_app_does_not_stop_refreshing(bench: Bench) -> None:
    bench.keeper().set_status("app_inactive", "403")
    bench.expire()

    bench.keeper().token()

    assert bench.posts == 1


# -- secrets


def test_no_error_and_no_warning_shows_a_token(bench: Bench) -> None:
    seen: list[str] = []
    token_store: FileTokenStore = bench.token_store
    for send in (tampered(bench.send, lost), tampered(bench.send, lost, lost), bench.send):
        bench.expire()
        bench.world.revoke()
        with pytest.raises((LoginNeeded, AnswerLost)) as needed:
            bench.keeper(send=send).token()
        seen += [str(needed.value), repr(needed.value.__dict__)]
    seen += [*bench.warnings, repr(token_store.grants()), repr(bench.app)]

    secrets = [bench.grant.access_token, bench.grant.refresh_token, bench.app.client_secret]
    assert not [text for text in seen for secret in secrets if secret.reveal() in text]


def test_the_refresh_token_goes_to_the_token_endpoint_of_its_own_server_alone(bench: Bench) -> None:
    bench.expire()

    bench.keeper().token()

    assert bench.sent == ["http://sandbox/oauth/token"]
