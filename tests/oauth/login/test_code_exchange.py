from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import pytest

from oauth.conftest import LogIn
from oauth.person import Person, code_of
from paceport.clock import ManualClock
from paceport.errors import (
    AnswerLost,
    AppCredentialsWrong,
    AppInactive,
    CapacityReached,
    CodeRefused,
    NotSent,
    PaceportError,
    RateLimited,
    ScopeMissing,
    StoreUnwritable,
    StravaDown,
    UnexpectedAnswer,
    UsageError,
)
from paceport.http_message import Request, Response
from paceport.oauth.login.login_plan import LoginPlan
from paceport.oauth.token_store.base import App, RefreshJournal, TokenStore
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from paceport.scopes import meaning
from paceport.secret import Secret
from paceport.transport.http_transport import open_transport

TOKEN = "POST /oauth/token"


def test_an_unticked_box_is_named_with_the_command_that_repairs_it(
    plan: LoginPlan, log_in: LogIn, person: Person
) -> None:
    person.granted = ["read"]

    result = log_in(plan)

    assert str(result.missing_scopes) == "activity:read_all"
    assert meaning("activity:read_all") in result.notes[0]
    assert "paceport grant +activity:read_all" in result.notes[1]
    assert str(result.grant.scopes) == "read"
    assert "Some permissions given" in person.pages[0]


def test_read_is_not_called_missing_where_the_service_does_not_list_it(
    plan: LoginPlan, log_in: LogIn, person: Person, world: World
) -> None:
    world.switches.set(read_scope="as_ticked")
    person.granted = ["activity:read_all"]

    result = log_in(plan)

    assert not result.missing_scopes
    assert str(result.grant.scopes) == "activity:read_all"


def test_strictness_refuses_an_unticked_box_before_the_code_is_used(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore, world: World
) -> None:
    person.granted = ["read"]

    with pytest.raises(ScopeMissing, match="nothing was stored"):
        log_in(replace(plan, is_strict=True))

    assert token_store.grants() == []
    assert world.requests[TOKEN] == 0


def test_strictness_also_reads_the_scopes_of_the_token_answer(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore, world: World
) -> None:
    world.switches.set(scope_in_token_answer=True)
    person.granted, person.pastes = ["read"], [code_of]

    with pytest.raises(ScopeMissing):
        log_in(replace(plan, is_strict=True))

    assert token_store.grants() == []


def test_scopes_of_the_token_answer_stand_in_where_there_was_no_redirect(
    plan: LoginPlan, log_in: LogIn, person: Person, world: World
) -> None:
    world.switches.set(scope_in_token_answer=True)
    person.granted, person.pastes = ["read"], [code_of]

    result = log_in(plan)

    assert (str(result.grant.scopes), result.grant.scopes_known_by) == ("read", "declared")
    assert str(result.missing_scopes) == "activity:read_all"


@pytest.mark.parametrize(("refusals", "waited_s"), [(1, 1.0), (2, 3.0), (3, 7.0)])
def test_a_fresh_code_that_is_called_invalid_is_tried_again(
    plan: LoginPlan, log_in: LogIn, world: World, clock: ManualClock, refusals: int, waited_s: float
) -> None:
    world.switches.set(fresh_code_refusals=refusals)

    log_in(plan)

    assert clock.monotonic_s() == waited_s
    assert world.requests[TOKEN] == refusals + 1


def test_a_code_that_stays_refused_is_explained_after_four_tries(
    plan: LoginPlan, log_in: LogIn, world: World, token_store: TokenStore
) -> None:
    world.switches.set(fresh_code_refusals=9)

    with pytest.raises(CodeRefused, match="once"):
        log_in(plan)

    assert world.requests[TOKEN] == 4
    assert token_store.grants() == []


def test_a_code_that_is_too_old_is_not_tried_again(
    plan: LoginPlan, log_in: LogIn, world: World, person: Person
) -> None:
    person.before = [lambda where: world.clock.advance(61)]
    world.switches.set(code_lifetime_s=60)

    with pytest.raises(CodeRefused, match="too old"):
        log_in(plan)

    assert world.requests[TOKEN] == 1


def test_one_html_page_of_a_gateway_is_survived(plan: LoginPlan, log_in: LogIn, world: World) -> None:
    world.plan("html", path="/oauth/token")

    assert log_in(plan).grant.generation == 1


def test_a_lost_answer_that_used_the_code_up_is_named_as_the_cause(
    plan: LoginPlan, log_in: LogIn, world: World, server: Address
) -> None:
    world.plan("lost", path="/oauth/token")
    app = replace(plan.app, oauth_url=server.url)

    with open_transport() as send, pytest.raises(CodeRefused) as caught:
        log_in(replace(plan, app=app), send=send)

    assert isinstance(caught.value.__cause__, AnswerLost)


def test_an_answer_that_is_cut_off_behind_its_tokens_is_a_login(
    plan: LoginPlan, log_in: LogIn, world: World, server: Address
) -> None:
    world.plan("cut", path="/oauth/token")
    app = replace(plan.app, oauth_url=server.url)

    with open_transport() as send:
        grant = log_in(replace(plan, app=app), send=send).grant

    assert world.grants.client_of(grant.refresh_token.reveal()) is not None


def test_a_connection_that_was_never_made_is_tried_again(plan: LoginPlan, log_in: LogIn, person: Person) -> None:
    tries: list[Request] = []

    def flaky(request: Request, *, timeout_s: float = 30.0) -> Response:
        tries.append(request)
        if len(tries) < 3:
            raise NotSent(host="sandbox", why="refused")
        return person.visitor.send(request, timeout_s=timeout_s)

    assert log_in(plan, send=flaky).grant.generation == 1
    assert len(tries) == 3


Trouble = Callable[[World], object]


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (lambda world: world.plan("rate_limited", path="/oauth/token"), RateLimited),
        (lambda world: world.plan("inactive", path="/oauth/token"), AppInactive),
        (lambda world: world.plan("html", path="/oauth/token", times=9), StravaDown),
        (lambda world: world.plan("status", path="/oauth/token", status=418), UnexpectedAnswer),
        (lambda world: world.switches.set(athlete_capacity=0, capacity_at_token_endpoint=True), CapacityReached),
    ],
)
def test_a_refused_exchange_stores_nothing(
    plan: LoginPlan,
    log_in: LogIn,
    world: World,
    token_store: TokenStore,
    person: Person,
    trouble: Trouble,
    error: type[PaceportError],
) -> None:
    person.before = [lambda where: trouble(world)]

    with pytest.raises(error):
        log_in(plan)

    assert token_store.grants() == []


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("client secret", {"client_secret": Secret("0" * 40)}),
        ("client id", {"client_id": "7"}),
    ],
)
def test_wrong_app_credentials_are_told_apart(
    plan: LoginPlan, log_in: LogIn, person: Person, part: str, change: dict[str, str]
) -> None:
    # The consent page knew the right client id; the exchange does not.
    wrong = replace(plan.app, **change)  # type: ignore[arg-type]  # one field of either type
    person.pastes = [lambda where: where]

    def answer(url: str) -> str:
        return Person.answer(person, url.replace("client_id=7&", f"client_id={plan.app.client_id}&"))

    person.answer = answer  # type: ignore[method-assign]  # this person corrects the address

    with pytest.raises(AppCredentialsWrong, match=part):
        log_in(replace(plan, app=wrong))


def test_no_canary_is_in_an_error_of_a_refused_exchange(plan: LoginPlan, log_in: LogIn, person: Person) -> None:
    sent: list[str] = []

    def echo(request: Request, *, timeout_s: float = 30.0) -> Response:
        sent.append(request.body.decode())
        return Response(status=400, body=b'{"message": "' + request.body + b'", "errors": []}')

    with pytest.raises(UnexpectedAnswer) as caught:
        log_in(plan, send=echo)

    shown = f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert plan.app.client_secret.reveal() in sent[0]
    assert plan.app.client_secret.reveal() not in shown
    assert code_of(f"?{sent[0]}") not in shown


def test_a_second_login_takes_the_place_of_the_first(plan: LoginPlan, log_in: LogIn, token_store: TokenStore) -> None:
    first = log_in(plan).grant
    with token_store.lock(first.key):
        journal = RefreshJournal(
            token_digest=first.refresh_token.digest(), begun_at=first.received_at, begun_by="a test"
        )
        token_store.begin_journal(first.key, journal)

    second = log_in(plan).grant

    assert token_store.grants() == [second]
    assert second.generation == 2
    assert token_store.journal(second.key) is None


def test_another_athlete_under_the_same_profile_is_refused_naming_both(
    plan: LoginPlan, log_in: LogIn, token_store: TokenStore, world: World
) -> None:
    first = log_in(plan).grant
    world.sign_in(world.people[1].id)

    with pytest.raises(UsageError) as caught:
        log_in(plan)

    said = str(caught.value)
    assert all(person.firstname in said for person in world.people[:2])
    assert "--profile NAME" in said
    assert token_store.grants() == [first]


def test_another_athlete_takes_over_where_that_was_wanted(
    plan: LoginPlan, log_in: LogIn, token_store: TokenStore, world: World
) -> None:
    log_in(plan)
    world.sign_in(world.people[1].id)

    result = log_in(replace(plan, replaces_athlete=True))

    assert token_store.grants() == [result.grant]
    assert world.people[0].firstname in result.notes[0]


def test_another_athlete_under_another_profile_is_welcome(
    plan: LoginPlan, log_in: LogIn, token_store: TokenStore, world: World
) -> None:
    log_in(plan)
    world.sign_in(world.people[1].id)

    log_in(replace(plan, profile="partner"))

    assert [grant.profile for grant in token_store.grants()] == ["default", "partner"]


def test_the_same_athlete_under_another_profile_renews_the_first(
    plan: LoginPlan, log_in: LogIn, token_store: TokenStore
) -> None:
    log_in(plan)

    result = log_in(replace(plan, profile="again"))

    assert [grant.profile for grant in token_store.grants()] == ["default"]
    assert result.grant.generation == 2
    assert "--profile default" in result.notes[0]


def test_a_new_app_takes_over_its_athletes_profile(
    plan: LoginPlan, log_in: LogIn, token_store: TokenStore, world: World
) -> None:
    log_in(plan)
    added = world.add_app(name="second")
    app = App(oauth_url=plan.app.oauth_url, client_id=str(added.client_id), client_secret=Secret(added.client_secret))

    result = log_in(replace(plan, app=app))

    assert token_store.grants() == [result.grant]
    assert plan.app.client_id in result.notes[0]


def test_another_server_under_the_same_profile_is_another_grant(
    plan: LoginPlan, log_in: LogIn, token_store: TokenStore, person: Person
) -> None:
    log_in(plan)

    log_in(replace(plan, app=replace(plan.app, oauth_url="http://other")))

    assert len(token_store.grants()) == 2


def test_the_servers_clock_is_remembered(plan: LoginPlan, log_in: LogIn, world: World, person: Person) -> None:
    slow = ManualClock(world.now())
    slow.advance(-3600)

    grant = log_in(plan, clock=slow).grant

    assert grant.clock_offset_s == 3600
    assert grant.left_s(slow.now()) == 21_600


def forbidden(*args: object, **kwargs: object) -> NoReturn:
    raise StoreUnwritable(path="x", why="full")


def test_a_store_that_cannot_be_written_is_an_error(
    plan: LoginPlan, log_in: LogIn, token_store: TokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_store, "save", forbidden)

    with pytest.raises(StoreUnwritable):
        log_in(plan)
