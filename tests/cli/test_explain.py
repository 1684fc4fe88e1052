"""Every refusal of the service, produced by the sandbox, is explained; an unknown one is shown honestly."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest

from paceport.http_message import Request
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from shell import Shell

CLASSIC = (
    '{"message":"Authorization Error",'
    '"errors":[{"resource":"AccessToken","field":"activity:read_permission","code":"missing"}]}'
)


@pytest.fixture
def token(shell: Shell) -> str:
    shell("login", "--scope", "read")
    return shell("token").out.strip()


def ask(address: Address, path: str, *, token: str = "", method: str = "GET", body: bytes = b"") -> tuple[int, str]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if body:
        headers["content-type"] = "application/x-www-form-urlencoded"
    with open_transport() as send:
        answer = send(Request(method=method, url=f"{address.url}{path}", headers=headers, body=body))
    return answer.status, answer.text()


def explained(shell: Shell, status: int, body: str) -> dict[str, object]:
    value = json.loads(shell("explain", "--json", "--status", str(status), stdin=body).out)
    assert value["known"] is True
    explanation: dict[str, object] = value["explanation"]
    return explanation


def test_a_missing_permission(shell: Shell, server: Address, token: str) -> None:
    status, body = ask(server, "/api/v3/athlete/activities", token=token)

    explanation = explained(shell, status, body)

    assert explanation["type"] == "ScopeMissing"
    assert explanation["fix"] == "paceport grant +activity:read_all"


def test_a_dead_access_token(shell: Shell, server: Address) -> None:
    status, body = ask(server, "/api/v3/athlete", token="0" * 40)

    assert explained(shell, status, body)["exit_code"] == 3


def test_an_inactive_app(shell: Shell, server: Address, world: World, token: str) -> None:
    world.set_inactive()
    status, body = ask(server, "/api/v3/athlete", token=token)

    assert explained(shell, status, body)["type"] == "AppInactive"


def test_a_rate_limit(shell: Shell, server: Address, world: World, token: str) -> None:
    world.plan("rate_limited", path="/api/v3/athlete")
    status, body = ask(server, "/api/v3/athlete", token=token)

    assert explained(shell, status, body)["type"] == "RateLimited"


def test_a_thing_that_is_not_there(shell: Shell, server: Address, token: str) -> None:
    shell("grant", "+activity:read_all")
    status, body = ask(server, "/api/v3/activities/1", token=shell("token").out.strip())

    assert explained(shell, status, body)["type"] == "NotFound"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("client_id=999999", "AppCredentialsWrong"),
        ("client_id={id}&redirect_uri=http://example.com/x", "BadRequest"),
        ("client_id={id}&redirect_uri=http://localhost/x&response_type=code&scope=view_private", "BadRequest"),
    ],
)
def test_what_the_consent_page_refuses(shell: Shell, server: Address, world: World, query: str, kind: str) -> None:
    base = "redirect_uri=http://localhost/x&response_type=code&scope=read&" if "redirect" not in query else ""
    status, body = ask(server, f"/oauth/authorize?{base}{query.format(id=world.app.client_id)}")

    assert status == 400
    assert explained(shell, status, body)["type"] == kind


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("client_id=999999&client_secret=x&grant_type=refresh_token&refresh_token=x", "AppCredentialsWrong"),
        ("client_id={id}&client_secret=wrong&grant_type=refresh_token&refresh_token=x", "AppCredentialsWrong"),
        ("client_id={id}&client_secret={secret}&grant_type=refresh_token&refresh_token=x", "LoginNeeded"),
        ("client_id={id}&client_secret={secret}&grant_type=authorization_code&code=x", "CodeRefused"),
    ],
)
def test_what_the_token_endpoint_refuses(shell: Shell, server: Address, world: World, form: str, kind: str) -> None:
    filled = form.format(id=world.app.client_id, secret=world.app.client_secret)
    status, body = ask(server, "/oauth/token", method="POST", body=filled.encode())

    assert explained(shell, status, body)["type"] == kind


@pytest.mark.parametrize(
    "text",
    [
        CLASSIC,
        "Unauthorized: [{'resource': 'AccessToken', 'field': 'activity:read_permission', 'code': 'missing'}]",
        "Strava: Authorization Error - Missing activity:read_permission",
        f"HTTP/2 401\r\ncontent-type: application/json\r\n\r\n{CLASSIC}",
    ],
)
def test_the_classic_error_is_found_in_any_format(shell: Shell, text: str) -> None:
    ended = shell("explain", text)

    assert ended.code == 0, ended.err
    assert "paceport grant +activity:read_all" in ended.out


def test_the_scopes_of_the_stored_login_are_named(shell: Shell) -> None:
    shell("login", "--scope", "read")

    ended = shell("explain", CLASSIC)

    assert "this login grants read; it needs activity:read" in ended.out
    assert "came from another token" not in ended.err


def test_a_login_that_grants_the_scope_already_is_not_sent_to_grant_it_again(shell: Shell) -> None:
    shell("login", "--scope", "read,activity:read_all")

    assert "came from another token" in shell("explain", CLASSIC).err


def test_a_store_that_cannot_be_read_hides_no_explanation(shell: Shell, home: Path) -> None:
    shell("login")
    next((home / "state" / "grants").glob("*.json")).write_text("{")

    ended = shell("explain", CLASSIC)

    assert ended.code == 0
    assert "paceport grant +activity:read_all" in ended.out


def test_an_unknown_error_is_shown_honestly(shell: Shell) -> None:
    body = '{"message":"Teapot","errors":[{"resource":"Tea","field":"leaf","code":"short"}]}'

    ended = shell("explain", body, "--status", "418", "--json")

    value = json.loads(ended.out)
    assert value["known"] is False
    assert value["read"]["errors"] == [{"resource": "Tea", "field": "leaf", "code": "short"}]


def test_text_without_any_error_says_so(shell: Shell) -> None:
    ended = shell("explain", "hello")

    assert ended.code == 2
    assert "No error of Strava was found" in ended.err


def test_hostile_text_is_cleaned(shell: Shell) -> None:
    body = json.dumps({"message": "\x1b]52;c;x\x07 \u202e", "errors": [{"resource": "\x9b", "field": "", "code": "x"}]})

    ended = shell("explain", body, "--status", "400")

    assert not {"\x1b", "\x9b", "\u202e", "\x07"} & set(ended.out + ended.err)


def test_what_the_revocation_address_refuses(shell: Shell, server: Address) -> None:
    status, body = ask(server, "/oauth/revoke", method="POST", body=b"token=x")

    assert status == 401
    assert explained(shell, status, body)["type"] == "AppCredentialsWrong"


def test_what_the_older_address_refuses(shell: Shell, server: Address) -> None:
    status, body = ask(server, "/oauth/deauthorize", method="POST", token="0" * 40)

    assert status == 401
    assert "access_token" in body
    assert explained(shell, status, body)["type"] == "TokenRefused"


@pytest.mark.parametrize(("word", "needed"), [("read", "read"), ("read_all", "read_all"), ("write", "activity:write")])
def test_a_permission_without_its_subject_is_a_scope(shell: Shell, word: str, needed: str) -> None:
    detail = {"resource": "AccessToken", "field": f"{word}_permission", "code": "missing"}

    found = explained(shell, 401, json.dumps({"message": "Authorization Error", "errors": [detail]}))

    assert found["type"] == "ScopeMissing"
    assert str(found["fix"]) == f"paceport grant +{needed}"


@pytest.mark.parametrize("field", ["overall rate limit", "read rate limit", "rate limit"])
@pytest.mark.parametrize("status", [429, 403, 0])
def test_every_form_of_the_rate_limit(shell: Shell, field: str, status: int) -> None:
    detail = {"resource": "Application", "field": field, "code": "exceeded"}

    explanation = explained(shell, status, json.dumps({"message": "Rate Limit Exceeded", "errors": [detail]}))

    assert explanation["type"] == "RateLimited"
    assert ("read" in str(explanation["what"])) is (field == "read rate limit")


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"data_type": "fit", "file": b""}, "found nothing"),
        ({"data_type": "doc", "file": b"x"}, "does not know the kind"),
    ],
)
def test_what_the_upload_refuses_at_once(shell: Shell, server: Address, form: dict[str, object], word: str) -> None:
    shell("login", "--for", "upload")
    token = shell("token").out.strip()
    content = form["file"]
    assert isinstance(content, bytes)
    answer = httpx2.post(
        f"{server.api_url}/uploads",
        headers={"authorization": f"Bearer {token}"},
        data={"data_type": str(form["data_type"])},
        files={"file": ("run.fit", content)},
    )

    assert answer.status_code == 400
    assert word in str(explained(shell, 400, answer.text)["what"])


def test_what_an_upload_ends_with_in_the_sandbox(shell: Shell, server: Address) -> None:
    shell("login", "--for", "upload")
    headers = {"authorization": f"Bearer {shell('token').out.strip()}"}
    begun = httpx2.post(
        f"{server.api_url}/uploads",
        headers=headers,
        data={"data_type": "fit"},
        files={"file": ("run.fit", b"no activity at all")},
    ).json()
    for _ in range(20):
        upload = httpx2.get(f"{server.api_url}/uploads/{begun['id']}", headers=headers)
        if upload.json()["error"]:
            break
        shell.clock.advance(5)

    assert "cannot read the uploaded file" in shell("explain", upload.text).out


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("17611540601.tcx duplicate of activity 8319193780", "already: 8319193780"),
        ("run.fit duplicate of <a href='/activities/123'>activity 123</a>", "already: 123"),
        ('{"id": 1, "error": "x.gpx duplicate of activity 5", "activity_id": null}', "already: 5"),
        ('The file is empty, <a href="https://example.com" target="_blank">More Information</a>.', "found nothing"),
        ("The upload appears to be malformed and we are unable to process it", "cannot read"),
        ("The created activity has been deleted.", "deleted at Strava"),
        (
            '{"message":"Bad Request","errors":[{"resource":"upload","field":"gzip","code":"invalid encoding"}]}',
            "cannot unpack",
        ),
    ],
)
def test_every_recorded_sentence_about_uploads(shell: Shell, text: str, word: str) -> None:
    ended = shell("explain", text)

    assert ended.code == 0, ended.err
    assert word in ended.out


def test_the_401_that_names_the_application_alone_may_mean_a_token(shell: Shell) -> None:
    detail = {"resource": "Application", "field": "", "code": "invalid"}

    found = explained(shell, 401, json.dumps({"message": "Authorization Error", "errors": [detail]}))

    assert found["type"] == "AppCredentialsWrong"
    assert "its token or the call itself may be meant: paceport doctor" in str(found["why"])
