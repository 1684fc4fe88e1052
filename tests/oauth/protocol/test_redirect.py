from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.error_body import read_error_body
from paceport.errors import (
    AppCredentialsWrong,
    AppInactive,
    BadRequest,
    CapacityReached,
    LoginDenied,
    PaceportError,
    RateLimited,
    RedirectRefused,
    StravaDown,
    UnexpectedAnswer,
)
from paceport.http_message import Request
from paceport.oauth.protocol.authorization_url import authorize_error, authorize_url
from paceport.oauth.protocol.redirect import read_redirect
from paceport.scopes import parse_granted
from sandbox.visitor import Visitor

STATE = "s7a7e-of-this-login"
CODE = "5c0de" * 8
GOOD = f"http://127.0.0.1:51234/x/y?state={STATE}&code={CODE}&scope=read,activity:read_all"
ASKED = parse_granted("read,activity:read_all")


def test_the_address_asks_for_what_was_wanted() -> None:
    url = authorize_url(
        oauth_url="https://www.strava.com/",
        client_id="12345",
        redirect_uri="http://127.0.0.1:51234/a-b_c",
        scopes=ASKED,
        state=STATE,
        force=True,
    )

    assert url.startswith("https://www.strava.com/oauth/authorize?")
    assert {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()} == {
        "client_id": "12345",
        "response_type": "code",
        "redirect_uri": "http://127.0.0.1:51234/a-b_c",
        "approval_prompt": "force",
        "scope": "read,activity:read_all",
        "state": STATE,
    }
    assert "scope=read,activity:read_all" in url


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"  {GOOD}\r\n",
        f'"{GOOD}"',
        f"<{GOOD}>",
        GOOD.replace("&", "&amp;"),
        f"{GOOD}#_=_",
        GOOD[:60] + "\n" + GOOD[60:],
        GOOD.replace(",", "%2C").replace(":read", "%3Aread"),
        GOOD.partition("?")[2],
        "?" + GOOD.partition("?")[2],
        GOOD.removeprefix("http://"),
        f"code={CODE}&scope=read+activity:read_all&state={STATE}",
    ],
)
def test_an_address_or_its_query_is_read_however_it_was_copied(text: str) -> None:
    redirect = read_redirect(text, state=STATE)

    assert redirect.code.reveal() == CODE
    assert redirect.scopes == ASKED
    assert redirect.is_state_checked


def test_no_letter_at_the_end_of_a_state_is_taken_for_a_quote() -> None:
    assert read_redirect(f"code={CODE}&state={STATE}X", state=f"{STATE}X").is_state_checked


def test_a_bare_code_leaves_state_and_scopes_unknown() -> None:
    redirect = read_redirect(f" {CODE}\n", state=STATE)

    assert redirect.code.reveal() == CODE
    assert redirect.scopes is None
    assert redirect.is_state_checked is False


def test_an_address_without_scope_leaves_the_scopes_unknown() -> None:
    assert read_redirect(f"?state={STATE}&code={CODE}", state=STATE).scopes is None


def test_an_empty_scope_is_known_to_be_nothing() -> None:
    scopes = read_redirect(f"?state={STATE}&code={CODE}&scope=", state=STATE).scopes

    assert scopes is not None
    assert len(scopes) == 0


def test_without_a_state_to_compare_an_empty_one_is_fine() -> None:
    redirect = read_redirect(f"http://localhost/exchange_token?state=&code={CODE}&scope=read", state=None)

    assert redirect.code.reveal() == CODE
    assert not redirect.is_state_checked


@pytest.mark.parametrize("found", ["", "other", STATE.upper(), STATE + "x", STATE[:-1], "\ud800", "%00"])
@pytest.mark.parametrize("rest", [f"code={CODE}", "error=access_denied", "error=else"])
def test_another_state_is_refused_for_errors_too(found: str, rest: str) -> None:
    with pytest.raises(RedirectRefused, match="state"):
        read_redirect(f"?state={found}&{rest}", state=STATE)


def test_a_missing_state_is_refused() -> None:
    with pytest.raises(RedirectRefused, match="state"):
        read_redirect(f"?code={CODE}", state=STATE)


def test_cancel_is_a_denial() -> None:
    with pytest.raises(LoginDenied):
        read_redirect(f"http://127.0.0.1:1/x?state={STATE}&error=access_denied", state=STATE)


def test_another_error_is_named_by_its_word() -> None:
    with pytest.raises(RedirectRefused) as caught:
        read_redirect("http://127.0.0.1/x?state=s&error=temporarily_unavailable", state="s")

    assert "temporarily_unavailable" in str(caught.value)


@pytest.mark.parametrize("code", [CODE, ""])
def test_the_consent_pages_own_address_is_recognised(code: str) -> None:
    url = authorize_url(
        oauth_url="https://www.strava.com",
        client_id="1",
        redirect_uri="http://127.0.0.1:1/x",
        scopes=ASKED,
        state=STATE,
    )

    with pytest.raises(RedirectRefused, match="consent page"):
        read_redirect(url + ("" if code else "&code="), state=STATE)


@pytest.mark.parametrize(
    "rest", ["oauth/authorize?client_id=1", "oauth/authorize/?client_id=1", "login?response_type=code&client_id=1"]
)
def test_the_consent_page_is_recognised_by_its_path_or_by_what_it_is_asked(rest: str) -> None:
    with pytest.raises(RedirectRefused, match="consent page"):
        read_redirect(f"https://www.strava.com/{rest}", state=STATE)


def test_an_app_may_return_to_a_path_of_the_same_name() -> None:
    where = f"http://127.0.0.1:51234/authorize?state={STATE}&code={CODE}&response_type=code"

    assert read_redirect(where, state=STATE).code.reveal() == CODE


@pytest.mark.parametrize("state", ["s", None])
def test_an_error_ends_the_login_where_its_state_shows_whose_it_is(state: str | None) -> None:
    with pytest.raises(RedirectRefused) as caught:
        read_redirect("http://127.0.0.1/x?state=s&error=temporarily_unavailable", state=state)

    assert caught.value.is_final is (state is not None)


def test_a_redirect_may_have_8192_characters_and_no_more() -> None:
    longest = (GOOD + "&x=").ljust(8192, "y")

    assert read_redirect(longest, state=STATE).is_state_checked
    with pytest.raises(RedirectRefused, match="longer"):
        read_redirect(longest + "y", state=STATE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "yes",
        "ok go",
        "http://127.0.0.1:51234/x/y",
        f"?state={STATE}",
        f"?state={STATE}&code=",
        f"?state={STATE}&code=a%20b",
        f"?state={STATE}&code=a%0d%0aSet-Cookie:x",
        f"?state={STATE}&code={CODE}&code={CODE}",
        f"?state={STATE}&state={STATE}&code={CODE}",
        f"?state={STATE}&code={CODE}&scope=read&scope=read_all",
        f"?state={STATE}&code={CODE}&error=access_denied&error=x",
        f"?state={STATE}&code={'a' * 600}",
        "https://www.strava.com/login",
        "http://[::1",
        "?" + "&".join(f"a{n}=1" for n in range(80)),
        GOOD + "&x=" + "y" * 1_000_000,
    ],
)
def test_anything_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(RedirectRefused) as caught:
        read_redirect(text, state=STATE)

    assert CODE not in str(caught.value)
    assert STATE not in str(caught.value)
    assert len(str(caught.value)) < 500


pieces = st.lists(
    st.sampled_from(
        [
            "code=",
            "state=",
            "scope=",
            "error=",
            STATE,
            CODE,
            "&",
            "?",
            "#",
            "http://",
            "[",
            "]",
            "%",
            "%f",
            "+",
            "=",
            "@",
        ]
    )
    | st.text(max_size=8),
    max_size=12,
).map("".join)


@given(pieces | st.text(max_size=200), st.sampled_from([STATE, None, ""]))
def test_no_text_raises_anything_but_our_errors(text: str, state: str | None) -> None:
    try:
        redirect = read_redirect(text, state=state)
    except PaceportError as error:
        assert CODE not in f"{error} {error!r}"  # noqa: PT017  # most texts raise, and both outcomes count
    else:
        assert redirect.code.reveal().isascii()
        assert redirect.code.reveal() not in repr(redirect)


@given(st.text(alphabet="abcdef0123456789", min_size=8, max_size=64), st.text(min_size=1, max_size=60))
def test_whatever_state_was_sent_comes_back_as_the_same(code: str, state: str) -> None:
    state = state.encode("utf-8", "replace").decode()

    redirect = read_redirect("http://127.0.0.1:9/?" + urlencode({"state": state, "code": code}), state=state)

    assert redirect.code.reveal() == code


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"client_id": "999999"}, AppCredentialsWrong, "e-mail"),
        ({"client_id": "me@example.com"}, AppCredentialsWrong, "e-mail"),
        ({"redirect_uri": "http://192.168.2.191:6060/x"}, BadRequest, "localhost"),
        ({"scope": "view_private"}, BadRequest, "2017"),
        ({"scope": "write"}, BadRequest, "2017"),
        ({"response_type": "token"}, UnexpectedAnswer, "response_type"),
    ],
)
def test_what_the_consent_page_refuses_is_explained(
    visitor: Visitor, changes: dict[str, str], error: type[PaceportError], said: str
) -> None:
    answer = visitor.get(visitor.asking(**changes))

    fault = read_error_body(answer.status, answer.body)

    found = authorize_error(fault)

    assert type(found) is error
    assert said in str(found)
    assert getattr(found, "fault", fault) is fault


def test_the_page_of_a_full_app_is_explained(visitor: Visitor) -> None:
    visitor.world.switches.set(athlete_capacity=0)
    answer = visitor.send(Request(method="GET", url=visitor.asking()))

    assert isinstance(authorize_error(read_error_body(answer.status, answer.body)), CapacityReached)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, '{"errors":[{"resource":"Application","field":"Status","code":"Inactive"}]}', AppInactive),
        (0, "Error 403: Limit of connected athletes exceeded", CapacityReached),
        (429, "", RateLimited),
        (503, "<html>", StravaDown),
        (418, "{}", UnexpectedAnswer),
        (400, '{"errors":[{"resource":"Authorize","field":"response_type","code":"invalid"}]}', UnexpectedAnswer),
    ],
)
def test_other_answers_of_the_consent_page_are_decisions(status: int, body: str, error: type[PaceportError]) -> None:
    assert type(authorize_error(read_error_body(status, body))) is error


def test_a_redirect_of_the_sandbox_is_understood(visitor: Visitor) -> None:
    where = visitor.consent(state=STATE, redirect_uri="http://127.0.0.1:4711/" + quote("a b"))

    redirect = read_redirect(where, state=STATE)

    assert redirect.scopes == ASKED


def test_an_error_that_is_no_word_is_not_shown() -> None:
    with pytest.raises(RedirectRefused) as caught:
        read_redirect(f"http://127.0.0.1/x?state=s&error={'5c0de' * 8}", state="s")

    assert "5c0de" not in str(caught.value)
