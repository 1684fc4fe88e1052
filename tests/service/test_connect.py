"""Connecting: one-time states tied to a browser, scopes that are explained, places that run out, nothing lost."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from paceport.clock import ManualClock
from paceport.errors import PaceportError, StoreUnwritable
from paceport.http_message import Request, Response
from paceport.oauth.token_store.base import Grant
from paceport.scopes import meaning
from paceport.service.connect import begin_connect, finish_connect, settle_kept_answers
from paceport.service.options import ServiceOptions, check_base_url
from paceport.service.parts import ServiceParts
from paceport.service.running import tidy
from paceport.storage.postgres import connect_states
from paceport.storage.postgres.members import Members
from service.serving import Served, Visitor


def grant_of(served: Served, person: int = -1) -> Grant | None:
    return served.parts.token_store.read(served.parts.key_of(served.world.people[person].id))


def clock_of(served: Served) -> ManualClock:
    assert isinstance(served.parts.clock, ManualClock)
    return served.parts.clock


def redirect_path(served: Served, consent_url: str, scope: str) -> str:
    """Where Strava sends a browser whose athlete has left only these boxes ticked."""
    state = parse_qs(urlsplit(consent_url).query)["state"][0]
    code = served.world.grants.make_code(
        served.world.app.client_id, served.world.people[-1].id, tuple(scope.split(",")), served.world.now()
    )
    return "/callback?" + urlencode({"state": state, "code": code, "scope": scope})


def test_an_athlete_connects_and_sees_an_own_page(served: Served, visitor: Visitor) -> None:
    answer = visitor.connect()

    person, grant = served.world.people[-1], grant_of(served)
    assert (answer.status, answer.headers["location"]) == (303, "/me")
    assert grant is not None
    assert (grant.profile, grant.scopes_known_by) == (f"athlete-{person.id}", "redirect")
    assert Members(served.parts.database).counts() == {"member": 1}
    assert sum(served.parts.queue.waiting().values()) == 1
    page = visitor.get("/me")
    assert page.status == 200
    assert grant.athlete_name in page.text()


def test_the_consent_page_is_asked_with_the_addresses_of_the_settings(served: Served, visitor: Visitor) -> None:
    query = parse_qs(urlsplit(visitor.to_strava()).query)

    assert query["redirect_uri"] == [served.url + "/callback"]
    assert query["scope"] == ["read,profile:read_all,activity:read_all"]
    assert len(query["state"][0]) >= 43


def test_an_answer_that_names_no_athlete_costs_no_login(served: Served, visitor: Visitor) -> None:
    visitor.connect()
    served.world.switches.set(refresh_rotation="always")
    send = served.parts.send

    def nameless(request: Request, *, timeout_s: float = 30.0) -> Response:
        answer = send(request, timeout_s=timeout_s)
        if not request.url.endswith("/oauth/token"):
            return answer
        fields = {name: value for name, value in json.loads(answer.body).items() if name != "athlete"}
        return replace(answer, body=json.dumps(fields).encode())

    parts = replace(served.parts, send=nameless)
    begun = begin_connect(parts)
    assert begun is not None
    path = redirect_path(served, begun.consent_url, "read,profile:read_all,activity:read_all")
    ended = finish_connect(parts, path.partition("?")[2], browser=begun.browser)

    grant = grant_of(served)
    assert (ended.outcome, ended.athlete_id) == ("connected", served.world.people[-1].id)
    assert grant is not None
    assert grant.refresh_token.reveal() in {each.refresh_token for each, _ in served.world.grants.living()}


def test_a_state_counts_once(served: Served, visitor: Visitor) -> None:
    back = visitor.consent(visitor.to_strava())
    visitor.get(back)
    generation = grant_of(served)

    again = visitor.get(back)

    assert again.status == 400
    assert "does not count any more" in again.text()
    assert grant_of(served) == generation


def test_a_stolen_state_is_worth_nothing_in_another_browser(served: Served, visitor: Visitor) -> None:
    back = visitor.consent(visitor.to_strava())
    thief = served.browser()
    thief.to_strava()

    stolen = thief.get(back)

    assert stolen.status == 400
    assert grant_of(served) is None
    assert visitor.get(back).status == 303


def test_a_state_expires(served: Served, visitor: Visitor) -> None:
    back = visitor.consent(visitor.to_strava())
    clock_of(served).advance(601)

    assert visitor.get(back).status == 400
    assert grant_of(served) is None


@pytest.mark.parametrize(
    "query", ["", "state=", "state=a&state=b&code=c", "code=abc", "state=%00&code=x", "state=" + "a" * 5000]
)
def test_a_forged_redirect_is_refused(served: Served, visitor: Visitor, query: str) -> None:
    visitor.to_strava()

    answer = visitor.get("/callback?" + query)

    assert answer.status == 400
    assert served.parts.states.places_taken() == 0


def test_what_was_unticked_is_explained_on_the_page(served: Served, visitor: Visitor) -> None:
    back = redirect_path(served, visitor.to_strava(), "read,activity:read")

    assert visitor.get(back).status == 303

    page = visitor.get("/me").text()
    assert "Not allowed" in page
    assert meaning("activity:read_all") in page


def test_without_any_activities_nothing_is_stored(served: Served, visitor: Visitor) -> None:
    answer = visitor.get(redirect_path(served, visitor.to_strava(), "read,profile:read_all"))

    assert answer.status == 400
    assert "activity:read_all" in answer.text()
    assert grant_of(served) is None
    assert served.parts.states.places_taken() == 0


def test_a_refusal_is_no_error(served: Served, visitor: Visitor) -> None:
    state = parse_qs(urlsplit(visitor.to_strava()).query)["state"][0]

    answer = visitor.get(f"/callback?state={state}&error=access_denied")

    assert answer.status == 400
    assert "did not give your permission" in answer.text()


def test_a_full_app_takes_nobody_new_and_gives_the_login_back(
    served: Served, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.connect(-1)
    monkeypatch.setattr(served.parts, "options", replace(served.parts.options, capacity=1))
    before = served.world.grants.connected(served.world.app.client_id)

    asked, late = served.browser().get("/connect"), served.browser().connect(-2)
    known = served.browser().connect(-1)

    assert "places of this app are taken" in asked.text()
    assert late.status == 403
    assert "All places are taken" in late.text()
    assert grant_of(served, -2) is None
    assert served.world.grants.connected(served.world.app.client_id) == before
    assert known.status == 303


def test_of_many_who_come_at_once_as_many_get_in_as_there_are_places(served: Served) -> None:
    states, moment = served.parts.states, clock_of(served).now()

    def claim(athlete_id: int) -> bool:
        return states.claim_place(athlete_id, oauth_origin="o", client_id="1", capacity=7, now=moment)

    with ThreadPoolExecutor(12) as threads:
        got = list(threads.map(claim, range(1, 41)))

    assert sum(got) == 7
    assert states.places_taken() == 7


def test_two_thousand_may_be_on_their_way_at_once(served: Served) -> None:
    with ThreadPoolExecutor(12) as threads:
        begun = list(threads.map(lambda _: begin_connect(served.parts), range(2000)))

    assert len({one.consent_url for one in begun if one is not None}) == 2000


def test_a_flood_of_logins_is_bounded_and_passes(
    served: Served, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect_states, "MOST_WAITING", 5)
    statuses = [served.browser().post("/connect").status for _ in range(7)]
    clock_of(served).advance(601)
    tidy(served.parts)

    assert statuses == [303] * 5 + [503] * 2
    assert visitor.connect().status == 303


def lose_after(monkeypatch: pytest.MonkeyPatch, parts: ServiceParts) -> None:
    """Let the process die, as far as its database sees, when Strava's answer is kept and nothing else is done."""

    def dead(*values: object, **named: object) -> bool:
        del values, named
        raise StoreUnwritable(path="here", why="the process died", fix="")

    monkeypatch.setattr(parts.states, "claim_place", dead)


def test_an_answer_that_was_kept_becomes_the_login_later(
    served: Served, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        lose_after(dying, served.parts)
        assert visitor.connect().status == 503
    assert grant_of(served) is None

    early = settle_kept_answers(served.parts)
    clock_of(served).advance(121)
    settled = [settle_kept_answers(served.parts) for _ in range(2)]

    assert early == 0
    assert settled == [1, 0]
    grant = grant_of(served)
    assert grant is not None
    assert served.world.grants.holder(grant.access_token.reveal(), served.world.now()) is not None


def test_a_login_that_was_answered_later_is_not_overwritten(served: Served, visitor: Visitor) -> None:
    visitor.connect()
    later = grant_of(served)
    assert later is not None
    with served.parts.token_store.lock(later.key):
        newer = served.parts.token_store.save(
            replace(later, received_at=later.received_at + timedelta(seconds=5)), expect_generation=later.generation
        )

    served.browser().connect()

    assert grant_of(served) == newer


def test_strava_out_of_reach_is_told_and_may_be_tried_again(
    served: Served, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    back, numbers = visitor.consent(visitor.to_strava()), count()

    def cut(*values: object, **named: object) -> object:
        del values, named
        next(numbers)
        raise PaceportError(what="The network is down", why="no route", fix="")

    monkeypatch.setattr(served.parts, "send", cut)
    answer = visitor.get(back)
    monkeypatch.undo()

    assert answer.status == 502
    assert next(numbers) >= 1
    assert visitor.connect().status == 303


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("https://runs.example.org", True),
        ("https://runs.example.org/", True),
        ("http://127.0.0.1:8000", True),
        ("http://runs.example.org", False),
        ("https://runs.example.org/paceport", False),
        ("https://me:word@runs.example.org", False),
        ("runs.example.org", False),
        ("https://runs.example.org?x=1", False),
    ],
)
def test_the_base_address_is_checked(url: str, is_good: bool) -> None:
    if is_good:
        assert ServiceOptions(base_url=check_base_url(url)).address("/callback").count("//") == 1
    else:
        with pytest.raises(PaceportError, match="base address"):
            check_base_url(url)
