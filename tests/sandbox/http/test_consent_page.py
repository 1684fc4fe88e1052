"""The consent page and the way back: sections on authorization of docs/reference/sandbox.md, row by row."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest

from paceport.sandbox.http.consent_page import redirect_allowed
from paceport.sandbox.state.world import World
from sandbox.visitor import Visitor

CODE = 40


def refused(resource: str, field: str) -> bytes:
    errors = f'[{{"resource":"{resource}","field":"{field}","code":"invalid"}}]'
    return f'{{"message":"Bad Request","errors":{errors}}}'.encode()


@pytest.mark.parametrize(
    ("changes", "resource", "field"),
    [
        ({"client_id": "999"}, "Application", "client_id"),
        ({"client_id": "me@example.org"}, "Application", "client_id"),
        ({"client_id": None}, "Application", "client_id"),
        ({"redirect_uri": "http://192.168.2.191:6060/x"}, "Application", "redirect_uri"),
        ({"redirect_uri": "https://localhost.example.org/"}, "Application", "redirect_uri"),
        ({"redirect_uri": None}, "Application", "redirect_uri"),
        ({"response_type": "token"}, "Application", "response_type"),
        ({"response_type": None}, "Application", "response_type"),
        ({"scope": "write"}, "Authorize", "scope"),
        ({"scope": "view_private"}, "Authorize", "scope"),
        ({"scope": "view_private,write"}, "Authorize", "scope"),
        ({"scope": "public"}, "Authorize", "scope"),
        ({"scope": "read,activity:raed_all"}, "Authorize", "scope"),
        ({"scope": None}, "Authorize", "scope"),
        ({"client_id": "999", "redirect_uri": "x", "scope": "write"}, "Application", "client_id"),
        ({"redirect_uri": "x", "response_type": "x", "scope": "write"}, "Application", "redirect_uri"),
    ],
)
@pytest.mark.parametrize("path", ["/oauth/authorize", "/oauth/mobile/authorize"])
def test_a_wrong_request_is_answered_in_json(
    visitor: Visitor, path: str, changes: dict[str, str | None], resource: str, field: str
) -> None:
    answer = visitor.get(visitor.asking(**changes).replace("/oauth/authorize", path))

    assert (answer.status, answer.body) == (400, refused(resource, field))
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("uri", "domain", "is_allowed"),
    [
        ("http://localhost/exchange_token", "example.org", True),
        ("http://127.0.0.1:12345/code", "example.org", True),
        ("https://localhost:8081/", "example.org", True),
        ("https://example.org:8443/back?x=1", "example.org", True),
        ("https://App.Example.org/back", "example.org", True),
        ("MyApp://www.example.org/en-US", "example.org", True),
        ("http://192.168.8.102:8050/", "192.168.8.102", True),
        ("https://badexample.org/", "example.org", False),
        ("https://example.org.evil.net/", "example.org", False),
        ("https://example.org@evil.net/", "example.org", False),
        ("http://[::1]/", "example.org", False),
        ("javascript://localhost/%0aalert(1)", "example.org", False),
        ("http://localhost:notaport/", "example.org", False),
        ("http://localhost/\r\nSet-Cookie: x", "example.org", False),
        ("/exchange_token", "example.org", False),
        ("localhost", "example.org", False),
    ],
)
def test_the_browser_is_sent_to_the_domain_or_this_machine_only(uri: str, domain: str, is_allowed: bool) -> None:
    assert redirect_allowed(uri, domain) is is_allowed


def test_ipv6_loopback_is_allowed_by_switch() -> None:
    assert redirect_allowed("http://[::1]:8080/", "example.org", ipv6=True)


def test_the_way_back_carries_state_then_code_then_scope(visitor: Visitor) -> None:
    where = visitor.consent(state="a b&c", scope="read,activity:read_all")

    query = urlsplit(where).query
    assert [name for name, _ in parse_qsl(query)] == ["state", "code", "scope"]
    assert query.startswith("state=a%20b%26c&code=")
    assert query.endswith("&scope=read,activity:read_all")
    assert len(dict(parse_qsl(query))["code"]) == CODE


def test_an_empty_state_comes_back_when_none_was_sent(visitor: Visitor) -> None:
    where = visitor.consent(scope="read")

    assert where.startswith("http://localhost/exchange_token?state=&code=")


def test_cancel_comes_back_as_access_denied_without_a_code(visitor: Visitor) -> None:
    where = visitor.consent(decision="cancel", state="s")

    assert where == "http://localhost/exchange_token?state=s&error=access_denied"


def test_a_query_of_the_redirect_is_kept(visitor: Visitor) -> None:
    where = visitor.consent(redirect_uri="http://localhost/back?tab=1", state="s")

    assert where.startswith("http://localhost/back?tab=1&state=s&code=")


@pytest.mark.parametrize("spelled", ["read,activity:read_all", "read activity:read_all", "read+activity:read_all"])
def test_scopes_may_be_separated_by_comma_space_or_plus(visitor: Visitor, spelled: str) -> None:
    assert visitor.consent(scope=spelled).endswith("&scope=read,activity:read_all")


def test_read_is_granted_even_if_it_was_not_asked_for(visitor: Visitor) -> None:
    assert visitor.consent(scope="activity:read_all").endswith("&scope=read,activity:read_all")


def test_by_switch_only_what_was_asked_is_granted(visitor: Visitor, world: World) -> None:
    world.switches.set(read_scope="as_ticked")

    assert visitor.consent(scope="activity:read_all").endswith("&scope=activity:read_all")


def test_an_unticked_box_is_not_granted(visitor: Visitor) -> None:
    assert visitor.consent(granted=["read"], scope="read,activity:read_all").endswith("&scope=read")


def test_a_box_that_was_not_asked_for_cannot_be_ticked(visitor: Visitor) -> None:
    assert visitor.consent(granted=["read", "activity:write"], scope="read").endswith("&scope=read")


def test_auto_sends_an_athlete_who_has_agreed_straight_back(visitor: Visitor) -> None:
    visitor.login()

    again = visitor.get(visitor.asking())

    assert again.status == 302
    assert again.headers["location"].endswith("&scope=read,activity:read_all")


def test_force_always_shows_the_page(visitor: Visitor) -> None:
    visitor.login()

    assert visitor.get(visitor.asking(approval_prompt="force")).status == 200


def test_auto_with_more_scopes_shows_the_page_again(visitor: Visitor) -> None:
    visitor.login()

    assert visitor.get(visitor.asking(scope="read,activity:read_all,activity:write")).status == 200


def test_auto_with_more_scopes_passes_by_switch_with_the_old_ones(visitor: Visitor, world: World) -> None:
    visitor.login(scope="read")
    world.switches.set(auto_with_new_scopes="pass")

    again = visitor.get(visitor.asking(scope="read,activity:write"))

    assert again.headers["location"].endswith("&scope=read")


def test_the_chosen_athlete_is_the_one_of_the_token(visitor: Visitor, world: World) -> None:
    second = world.people[1].id
    answer = visitor.post(visitor.asking(), {"decision": "authorize", "athlete": str(second)})
    code = dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]

    token = visitor.ask_token(code=code, grant_type="authorization_code")

    assert f'"athlete":{{"id":{second},'.encode() in token.body


def test_beyond_the_capacity_the_page_is_an_error_403(visitor: Visitor, world: World) -> None:
    world.switches.set(athlete_capacity=1)
    visitor.login()

    answer = visitor.post(visitor.asking(), {"decision": "authorize", "athlete": str(world.people[1].id)})

    assert answer.status == 403
    assert b"Error 403: Limit of connected athletes exceeded" in answer.body


def test_a_connected_athlete_may_come_back_at_full_capacity(visitor: Visitor, world: World) -> None:
    world.switches.set(athlete_capacity=1)
    visitor.login()

    assert visitor.login()["athlete"]["id"] == world.people[0].id


class Page(HTMLParser):
    """What a page offers: labelled boxes, buttons, the select."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.boxes: dict[str, str] = {}
        self.buttons: list[str] = []
        self.label_for: set[str] = set()
        self.ids: set[str] = set()
        self.scripts = 0
        self._open, self._box = "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.scripts += tag == "script"
        self.ids.add(given.get("id") or "")
        if tag in ("label", "button"):
            self._open = tag
            self.label_for.add(given.get("for") or "")
        if tag == "input" and given.get("type") == "checkbox":
            assert self._open == "label", "a box stands inside its label"
            assert "checked" in given
            self._box = str(given["value"])
            self.boxes[self._box] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = self._box = ""

    def handle_data(self, data: str) -> None:
        if self._open == "button":
            self.buttons.append(data.strip())
        elif self._box:
            self.boxes[self._box] += data


def test_the_page_offers_a_labelled_ticked_box_for_each_scope_and_two_buttons(visitor: Visitor) -> None:
    page = Page(visitor.get(visitor.asking(scope="read,activity:read_all,activity:write")).text())

    assert list(page.boxes) == ["read", "activity:read_all", "activity:write"]
    assert "View data about your private activities" in page.boxes["activity:read_all"]
    assert all(words.strip() for words in page.boxes.values())
    assert page.buttons == ["Authorize", "Cancel"]
    assert page.label_for - {""} <= page.ids
    assert page.scripts == 0


def test_the_page_says_that_it_is_simulated(visitor: Visitor) -> None:
    text = visitor.get(visitor.asking()).text()

    assert "Sandbox" in text
    assert "is not Strava" in text


def test_names_cannot_break_the_page(visitor: Visitor, world: World) -> None:
    evil = world.add_app(name='<script>alert(1)</script>"')

    text = visitor.get(visitor.asking(client_id=str(evil.client_id))).text()

    assert "<script>" not in text
