"""Setting up the app and logging in from pages, without a browser: the answers, and what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from paceport.clock import ManualClock
from paceport.sandbox.state.world import first_app
from paceport.scopes import Scopes
from web.account.person import Person
from web.serving import served

FROM_ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
SECRET = "0123456789abcdef0123456789abcdef01234567"  # the right shape, and no app's


def path_of(person: Person, location: str) -> str:
    return location.removeprefix(person.server.origin)


def test_a_whole_login_is_stored_and_shows_no_secret_anywhere(person: Person) -> None:
    ended = person.log_in()
    account = person.read("/account")
    grant = person.grant()

    assert "You are logged in" in ended.text
    assert grant is not None
    assert str(grant.athlete_id) in account.text
    assert "6 h 00 min more" in account.text
    seen = "\n".join([*person.texts, person.read("/setup").text, person.read("/login").text])
    app = first_app(person.world.seed)
    assert app.client_secret not in seen
    assert grant.access_token.reveal() not in seen
    assert grant.refresh_token.reveal() not in seen


def test_the_consent_page_is_asked_for_the_chosen_scopes_and_sends_back_to_this_server(person: Person) -> None:
    person.set_up()

    asked = parse_qs(urlsplit(person.begin(**{"scope:activity:read": "on", "scope:nonsense": "on"})).query)

    assert asked["scope"] == ["read,activity:read"]
    assert asked["redirect_uri"][0].startswith(f"{person.server.origin}/login/answer/")
    assert asked["approval_prompt"] == ["force"]
    assert len(asked["state"][0]) >= 43


def test_what_the_browser_keeps_in_its_history_holds_neither_code_nor_state(person: Person) -> None:
    person.set_up()
    url = person.begin()
    location = person.consent(url)

    first = person.server.ask(path_of(person, location), headers=FROM_ELSEWHERE)
    shown = person.server.ask(first.headers["location"], headers=FROM_ELSEWHERE)

    code, state = (parse_qs(urlsplit(location).query)[name][0] for name in ("code", "state"))
    assert first.status == 303
    assert first.text == ""
    assert code not in first.headers["location"] + shown.text
    assert state not in first.headers["location"] + shown.text
    assert "set-cookie" not in first.headers | shown.headers
    assert 'href="/account"' in shown.text
    assert 'name="token"' not in shown.text


def test_the_same_answer_again_shows_the_same_page_and_exchanges_nothing(person: Person) -> None:
    person.set_up()
    location = person.consent(person.begin())

    first, sent = person.come_back(location), person.world.requests.total()
    again = person.come_back(location)

    assert (again.status, again.text) == (first.status, first.text)
    assert person.world.requests.total() == sent


def test_a_login_takes_one_answer(person: Person) -> None:
    person.set_up()
    url = person.begin()
    person.come_back(person.consent(url))
    generation = getattr(person.grant(), "generation", None)

    other = person.come_back(person.consent(url))

    assert other.status == 400
    assert "answered already" in other.text
    assert getattr(person.grant(), "generation", None) == generation


# What may stand in place of the query of an answer, made from the right one.
WRONG_ANSWERS: tuple[Callable[[str], str], ...] = (
    lambda query: re.sub(r"state=[^&]*", "state=wrong", query),
    lambda query: re.sub(r"state=[^&]*&?", "", query),
    lambda query: re.sub(r"state=([^&]*)", r"state=\1&state=\1", query),
    lambda query: re.sub(r"code=[^&]*", "code=", query),
    lambda _query: "",
    lambda _query: "a" * 40,
    lambda _query: "error=access_denied&state=wrong",
    lambda query: query + "&code=" + "b" * 9000,
)


def test_what_is_not_the_answer_stores_nothing_and_the_login_goes_on(person: Person) -> None:
    person.set_up()
    location = person.consent(person.begin())
    path, _, query = path_of(person, location).partition("?")

    wrong = [person.server.ask(f"{path}?{change(query)}", headers=FROM_ELSEWHERE) for change in WRONG_ANSWERS]
    before = person.grant()
    right = person.come_back(location)

    assert [one.status for one in wrong] == [400] * len(WRONG_ANSWERS)
    assert before is None
    assert right.status == 200
    assert person.grant() is not None


# Headers, method, host (None: ours) and the status that they get.
NO_VISITS: tuple[tuple[dict[str, str], str, str | None, int], ...] = (
    ({"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, "GET", None, 403),
    ({"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, "GET", None, 403),
    ({"Sec-Purpose": "prefetch"}, "GET", None, 503),
    ({}, "HEAD", None, 405),
    ({}, "POST", None, 405),
    ({}, "GET", "evil.example", 421),
    ({}, "GET", "localhost", 421),
)


def test_only_a_visit_to_this_address_is_an_answer(person: Person) -> None:
    person.set_up()
    location = person.consent(person.begin())
    path, port = path_of(person, location), person.server.port

    refused = [
        person.server.ask(path, method, headers, host=f"{host}:{port}" if host else None).status
        for headers, method, host, _ in NO_VISITS
    ]
    before = person.grant()

    assert refused == [status for *_, status in NO_VISITS]
    assert before is None
    assert person.come_back(location).status == 200


def test_an_answer_may_name_the_consent_page_as_its_origin(person: Person) -> None:
    person.set_up()
    location = person.consent(person.begin())

    first = person.server.ask(path_of(person, location), headers=FROM_ELSEWHERE | {"Origin": "null"})

    assert first.status == 303


def test_an_old_answer_is_refused_and_stores_nothing(person: Person, clock: ManualClock) -> None:
    person.set_up()
    location = person.consent(person.begin())
    clock.advance(15 * 60)

    late = person.come_back(location)
    elsewhere = person.come_back(re.sub(r"answer/[^?]+", "answer/another", location))

    assert (late.status, elsewhere.status) == (410, 410)
    assert "begin another login" in late.text or 'href="/login"' in late.text
    assert person.grant() is None


def test_a_cancelled_consent_changes_nothing_and_says_so(person: Person) -> None:
    person.set_up()

    ended = person.come_back(person.consent(person.begin(), decision="cancel"))
    login = person.read("/login")

    assert "No permission was given" in ended.text
    assert 'href="/login"' in ended.text
    assert "Cancel was chosen there" in login.text
    assert person.grant() is None


def test_a_code_that_is_refused_is_explained_on_the_next_page(person: Person) -> None:
    person.set_up()
    location = person.consent(person.begin())

    ended = person.come_back(re.sub(r"code=[^&]*", f"code={'0' * 40}", location))
    login = person.read("/login")

    assert "did not work" in ended.text
    assert "Strava refused the authorization code" in login.text
    assert "paceport login" not in login.text
    assert person.grant() is None


def test_a_missing_scope_is_explained_and_repaired_with_what_was_granted(person: Person) -> None:
    ended = person.log_in(scopes="read,profile:read_all")
    account = person.read("/account")
    add = re.search(r'name="add" value="([^"]+)"', account.text)
    assert add is not None
    url = person.begin(add=add[1])
    repaired = person.come_back(person.consent(url))
    after, grant = person.read("/account"), person.grant()

    assert "less than asked" in ended.text
    assert "A permission is missing" in account.text
    assert "activities that only you may see are left out" in account.text
    assert "Sync your runs" not in account.text
    assert add[1] == "activity:read_all"
    assert parse_qs(urlsplit(url).query)["scope"] == ["read,profile:read_all,activity:read_all"]
    assert "You are logged in" in repaired.text
    assert "missing" not in after.text
    assert grant is not None
    assert grant.scopes == Scopes(frozenset({"read", "profile:read_all", "activity:read_all"}))


def test_another_athlete_cannot_repair_the_login_of_this_one(person: Person) -> None:
    person.log_in(scopes="read")
    mine = person.grant()
    url = person.begin(add="activity:read_all")

    ended = person.come_back(person.consent(url, athlete=1))
    login = person.read("/login")

    assert "did not work" in ended.text
    assert "Another athlete answered" in login.text
    assert person.grant() == mine


# Client id, client secret, and what is said of them.
WRONG_APPS = (
    ("", SECRET, "nothing was given"),
    ("me@example.org", SECRET, "e-mail address"),
    (SECRET, "12345", "the two may be swapped"),
    ("12345", "", "nothing was given"),
    ("12345", "12345", "perhaps the client id"),
    ("12345", SECRET[:39], "39 characters"),
    ("12345", f"{SECRET[:20]} {SECRET[20:]}", "contains a space"),
    ("12345", SECRET, "Strava does not accept"),
)


def test_a_wrong_app_is_explained_and_not_stored_and_its_secret_never_comes_back(person: Person) -> None:
    answers = [person.post("/setup", client_id=one, client_secret=other) for one, other, _ in WRONG_APPS]

    assert [answer.status for answer in answers] == [409] * len(WRONG_APPS)
    assert [said for answer, (*_, said) in zip(answers, WRONG_APPS, strict=True) if said not in answer.text] == []
    assert SECRET[:39] not in "".join(person.texts)
    assert [answer for answer in answers if "paceport init" in answer.text] == []
    with person.profile() as profile:
        assert profile.token_store.apps() == []


def test_a_login_goes_on_with_its_own_app_until_it_is_ended(person: Person) -> None:
    person.log_in()
    other = person.world.add_app(name="Another")

    answer = person.post("/setup", client_id=str(other.client_id), client_secret=other.client_secret)
    page, account = person.read("/setup"), person.read("/account")

    assert answer.headers["location"] == "/setup"
    assert f"App {other.client_id} is set up, but the login was made with app" in page.text
    assert 'href="/logout">log out</a>' in page.text
    assert str(other.client_id) not in account.text


def test_a_profile_is_not_taken_over_by_another_athlete(person: Person) -> None:
    person.log_in()
    mine = person.grant()

    person.come_back(person.consent(person.begin(), athlete=1))
    login = person.read("/login")

    assert "belongs to another athlete" in login.text
    assert 'href="/logout">Log out</a>' in login.text
    assert person.grant() == mine


def test_a_login_without_an_app_leads_to_its_set_up(person: Person) -> None:
    page, begun = person.read("/login"), person.post("/login", **{"scope:activity:read": "on"})

    assert 'href="/setup"' in page.text
    assert 'name="scope:' not in page.text
    assert begun.status == 409
    assert "No app is set up here" in begun.text


def test_no_other_page_can_start_any_of_it(person: Person) -> None:
    person.log_in()
    server, form = person.server, {"Content-Type": "application/x-www-form-urlencoded"}
    fields = "how=everything&client_id=1&add=activity:write"
    right = f"{fields}&token={server.write_token()}"

    for path in ("/setup", "/login", "/logout"):
        mine, cookie = {"Origin": server.origin}, {"Cookie": server.cookie}
        without_token = server.ask(path, "POST", form | cookie | mine, body=fields)
        from_another = server.ask(path, "POST", form | cookie | {"Origin": "https://x.example"}, body=right)
        without_cookie = server.ask(path, "POST", form | mine, body=right)
        assert [one.status for one in (without_token, from_another, without_cookie)] == [403, 403, 401], path
    assert person.grant() is not None


def test_a_server_that_changes_nothing_offers_and_takes_none_of_it(tmp_path: Path, clock: ManualClock) -> None:
    paths = ["/setup", "/login", "/account", "/logout", "/sync"]
    with served(tmp_path, clock, is_read_only=True) as server:
        pages = [server.read(path) for path in paths]
        own = {"Cookie": server.cookie, "Origin": server.origin}
        sent = [server.ask(path, "POST", own).status for path in [*paths, "/sync/allowed", "/account/profile"]]

    assert [page.status for page in pages] == [200] * len(paths)
    assert [page.text for page in pages if 'method="post"' in page.text] == []
    assert set(sent) == {403}


def test_what_is_stored_and_cannot_be_read_is_named(person: Person, tmp_path: Path) -> None:
    person.log_in()
    (grant,) = (tmp_path / "state" / "grants").glob("*.json")

    statuses, named = set(), []
    for path in (grant, tmp_path / "state" / "choices.json"):
        whole = path.read_bytes()
        path.write_bytes(b"{")
        statuses |= {person.read(page).status for page in ("/setup", "/login", "/account", "/sync", "/logout")}
        named.append(path.name in person.read("/account").text)
        path.write_bytes(whole)

    assert statuses <= {200, 503}
    assert named == [True, True]
    assert person.grant() is not None
