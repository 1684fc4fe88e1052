from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from makers.gateway_answers import bodies, statuses
from oauth.conftest import LogIn
from oauth.person import Person
from paceport.clock import ManualClock
from paceport.errors import AppCredentialsWrong, AppInactive, GatewayAnswer, LoginNeeded, NotSent, StravaDown
from paceport.http_message import Request, Response
from paceport.oauth.login.login_plan import LoginPlan
from paceport.oauth.protocol.token_endpoint import refresh_request
from paceport.oauth.revoke import RevokeResult, revoke
from paceport.oauth.token_store.base import Grant, JournalAnswer, RefreshJournal, TokenStore
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from paceport.secret import Secret
from paceport.transport.http_transport import open_transport


@pytest.fixture
def grant(plan: LoginPlan, log_in: LogIn) -> Grant:
    return log_in(plan).grant


@pytest.fixture
def parts(plan: LoginPlan, token_store: TokenStore, person: Person, clock: ManualClock) -> dict[str, Any]:
    """What `revoke` needs beside the key."""
    return {"app": plan.app, "token_store": token_store, "send": person.visitor.send, "clock": clock}


def test_a_revocation_is_verified_before_the_grant_is_forgotten(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, world: World, person: Person
) -> None:
    result = revoke(grant.key, **parts)

    assert result == RevokeResult(is_verified=True, is_erased=True, notes=result.notes)
    assert token_store.read(grant.key) is None
    assert person.visitor.api("/athlete", grant.access_token.reveal()).status == 401
    assert (world.requests["POST /oauth/revoke"], world.requests["POST /oauth/deauthorize"]) == (1, 0)


def test_an_inactive_app_leaves_it_unverified_and_the_grant_in_place(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, world: World
) -> None:
    world.set_inactive()
    parts["send"] = inactive_after_revoking(parts["send"])

    result = revoke(grant.key, **parts)

    kept = token_store.read(grant.key)
    assert (result.is_verified, result.is_erased) == (False, False)
    assert kept is not None
    assert kept.status == "revoked"
    assert "could not be verified" in " ".join(result.notes)


def inactive_after_revoking(send: Any) -> Any:  # noqa: ANN401  # a Send
    """The service as it is for an inactive app: every API call is 403, whoever asks."""

    def carry(request: Request, *, timeout_s: float = 30.0) -> Response:
        if "/api/v3" in request.url:
            body = b'{"message":"Forbidden","errors":[{"resource":"Application","field":"Status","code":"Inactive"}]}'
            return Response(status=403, body=body)
        answer: Response = send(request, timeout_s=timeout_s)
        return answer

    return carry


def test_force_forgets_what_could_not_be_verified(grant: Grant, parts: dict[str, Any], token_store: TokenStore) -> None:
    parts["send"] = inactive_after_revoking(parts["send"])

    result = revoke(grant.key, **parts, force=True)

    assert (result.is_verified, result.is_erased) == (False, True)
    assert "settings/apps" in result.notes[-1]
    assert token_store.read(grant.key) is None


def offline(request: Request, *, timeout_s: float = 30.0) -> Response:
    raise NotSent(host="sandbox", why="no network")


def test_offline_nothing_is_forgotten_unless_forced(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore
) -> None:
    parts["send"] = offline

    with pytest.raises(NotSent):
        revoke(grant.key, **parts)
    assert token_store.read(grant.key) == grant

    assert revoke(grant.key, **parts, force=True).is_erased
    assert token_store.read(grant.key) is None


def test_a_service_that_cannot_answer_leaves_everything(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, world: World
) -> None:
    world.plan("html", path="/oauth/revoke", status=503)

    with pytest.raises(StravaDown):
        revoke(grant.key, **parts)

    assert token_store.read(grant.key) == grant


def test_a_wrong_secret_is_named_and_nothing_is_forgotten(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore
) -> None:
    parts["app"] = replace(parts["app"], client_secret=Secret("0" * 40))

    with pytest.raises(AppCredentialsWrong, match="secret"):
        revoke(grant.key, **parts, force=True)

    assert token_store.read(grant.key) == grant


def test_where_the_newer_address_is_missing_the_older_one_is_used(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, world: World
) -> None:
    world.plan("status", path="/oauth/revoke", status=404)

    result = revoke(grant.key, **parts)

    assert result.is_verified
    assert world.requests["POST /oauth/deauthorize"] == 1


def test_the_older_address_can_be_forbidden(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, world: World
) -> None:
    world.plan("status", path="/oauth/revoke", status=404)

    result = revoke(grant.key, **parts, allow_legacy=False)

    assert (result.is_verified, result.is_erased) == (False, False)
    assert world.requests["POST /oauth/deauthorize"] == 0
    assert token_store.read(grant.key) is not None


def test_an_expired_token_is_verified_by_its_refresh(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, clock: ManualClock, world: World
) -> None:
    clock.advance(7 * 3600)

    result = revoke(grant.key, **parts)

    assert result.is_verified
    assert world.requests["GET /athlete"] == 0
    assert token_store.read(grant.key) is None


def test_an_expired_token_whose_refresh_still_works_is_ended_the_older_way(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, clock: ManualClock, world: World
) -> None:
    clock.advance(7 * 3600)
    world.plan("status", path="/oauth/revoke", status=404)

    result = revoke(grant.key, **parts)

    assert result.is_verified
    assert world.grants.living() == []


def test_a_token_that_lacks_a_scope_is_not_taken_for_dead(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore
) -> None:
    body = b'{"message":"Authorization Error","errors":[{"resource":"AccessToken","field":"x","code":"missing"}]}'

    def lacking(request: Request, *, timeout_s: float = 30.0) -> Response:
        return Response(status=401, body=body) if "/api/v3" in request.url else Response(status=200)

    result = revoke(grant.key, **{**parts, "send": lacking})

    assert not result.is_verified
    assert "still accepts" in result.notes[0]
    assert token_store.read(grant.key) is not None


def test_a_lost_answer_is_settled_by_the_check(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, world: World, server: Address
) -> None:
    world.plan("lost", path="/oauth/revoke")
    moved = replace(grant, oauth_url=server.url, api_url=server.api_url, generation=0)
    with token_store.lock(moved.key):
        token_store.save(moved, expect_generation=0)
    parts["app"] = replace(parts["app"], oauth_url=server.url)

    with open_transport() as send:
        result = revoke(moved.key, **{**parts, "send": send})

    assert result.is_verified


def test_nothing_to_revoke_says_so(grant: Grant, parts: dict[str, Any]) -> None:
    with pytest.raises(LoginNeeded, match="nothing to revoke"):
        revoke(replace(grant, athlete_id=1).key, **parts)


def test_no_token_is_in_what_is_said(grant: Grant, parts: dict[str, Any]) -> None:
    result = revoke(grant.key, **parts)

    assert grant.refresh_token.reveal() not in repr(result)
    assert grant.access_token.reveal() not in repr(result)


def refresh_that_died(
    grant: Grant,
    plan: LoginPlan,
    parts: dict[str, Any],
    token_store: TokenStore,
    clock: ManualClock,
    *,
    is_answer_kept: bool,
) -> None:
    """Somebody refreshed and died before saving: the stored tokens are old, and the journal lies there."""
    begun = RefreshJournal(token_digest=grant.refresh_token.digest(), begun_at=clock.now(), begun_by="somebody")
    answer = parts["send"](
        refresh_request(
            oauth_url=plan.app.oauth_url,
            client_id=plan.app.client_id,
            client_secret=plan.app.client_secret,
            refresh_token=grant.refresh_token,
        )
    )
    with token_store.lock(grant.key):
        token_store.begin_journal(grant.key, begun)
        if is_answer_kept:
            kept = JournalAnswer(body=answer.body, received_at=clock.now(), clock_offset_s=None)
            token_store.add_journal_answer(grant.key, kept)


def test_the_login_that_a_dead_refresh_left_behind_is_the_one_that_is_revoked(
    grant: Grant, plan: LoginPlan, parts: dict[str, Any], token_store: TokenStore, world: World, clock: ManualClock
) -> None:
    world.switches.set(refresh_rotation="always")
    clock.advance(6 * 3600)
    refresh_that_died(grant, plan, parts, token_store, clock, is_answer_kept=True)

    result = revoke(grant.key, **parts)

    assert result.is_verified
    assert world.grants.connected(world.app.client_id) == set()


def test_the_refusal_of_a_token_that_may_be_old_verifies_nothing(
    grant: Grant, plan: LoginPlan, parts: dict[str, Any], token_store: TokenStore, world: World, clock: ManualClock
) -> None:
    world.switches.set(refresh_rotation="always")
    clock.advance(6 * 3600)
    refresh_that_died(grant, plan, parts, token_store, clock, is_answer_kept=False)

    result = revoke(grant.key, **parts)

    assert not result.is_verified
    assert token_store.read(grant.key) is not None


def test_force_forgets_a_login_of_an_app_that_may_not_even_revoke(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore
) -> None:
    def inactive(request: Request, *, timeout_s: float = 30.0) -> Response:
        body = b'{"message":"Forbidden","errors":[{"resource":"Application","field":"Status","code":"Inactive"}]}'
        return Response(status=403, body=body)

    parts["send"] = inactive

    with pytest.raises(AppInactive):
        revoke(grant.key, **parts)
    assert token_store.read(grant.key) is not None

    assert revoke(grant.key, **parts, force=True).is_erased
    assert token_store.read(grant.key) is None


def answered_by_a_gateway(status: int, body: bytes, *, path: str = "") -> Any:  # noqa: ANN401  # a Send
    def carry(request: Request, *, timeout_s: float = 30.0) -> Response:
        return Response(status=status, headers={"content-type": "text/html"}, body=body)

    return carry


# An empty answer with 200 is what Strava says itself, and an object with an id might be an athlete.
@given(status=statuses(), body=bodies().filter(lambda body: body.strip() and b'"id"' not in body))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_of_a_gateway_verifies_marks_or_forgets_anything(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, status: int, body: bytes
) -> None:
    parts["send"] = answered_by_a_gateway(status, body)

    with pytest.raises((GatewayAnswer, StravaDown)):
        revoke(grant.key, **parts)

    assert token_store.read(grant.key) == grant


@pytest.mark.parametrize("status", [200, 401, 403, 404])
def test_a_gateway_that_lets_the_revocation_through_cannot_verify_it(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, person: Person, status: int
) -> None:
    def behind(request: Request, *, timeout_s: float = 30.0) -> Response:
        if "/api/v3" in request.url:
            return Response(status=status, body=b"<html><h1>Sign in to the guest network</h1></html>")
        return person.visitor.send(request, timeout_s=timeout_s)

    parts["send"] = behind

    with pytest.raises(GatewayAnswer, match="Sign in to the guest network"):
        revoke(grant.key, **parts)

    assert token_store.read(grant.key) == grant


def test_a_refresh_that_a_revocation_makes_is_kept_in_the_journal_before_it_is_used(
    grant: Grant, parts: dict[str, Any], token_store: TokenStore, clock: ManualClock, person: Person
) -> None:
    clock.advance(6 * 3600)
    kept: list[RefreshJournal | None] = []

    def watched(request: Request, *, timeout_s: float = 30.0) -> Response:
        if request.url.endswith("/oauth/token"):
            kept.append(token_store.journal(grant.key))
        if request.url.endswith("/oauth/revoke"):
            return Response(status=404, body=b"{}")
        return person.visitor.send(request, timeout_s=timeout_s)

    parts["send"] = watched

    revoke(grant.key, **parts)

    assert [journal is not None and journal.is_about(grant.refresh_token) for journal in kept[:1]] == [True]
