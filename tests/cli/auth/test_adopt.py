"""Tokens from elsewhere, taken over: saved first, then looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from paceport.scopes import SCOPES
from paceport.transport.http_transport import open_transport
from sandbox.visitor import Visitor
from shell import Shell

HOUR_S = 3600


def answer(world: World, server: Address, *, scope: str = "read,activity:read_all,profile:read_all") -> dict[str, Any]:
    """What curl would have got."""
    with open_transport() as send:
        return Visitor(world=world, send=send, base=server.url).login(scope=scope)


def status(shell: Shell) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(shell("status", "--json").out)
    return value


@pytest.fixture
def told(shell: Shell, world: World) -> Shell:
    """A shell whose environment names the app."""
    shell.environ |= {"STRAVA_CLIENT_ID": str(world.app.client_id), "STRAVA_CLIENT_SECRET": world.app.client_secret}
    return shell


def test_the_answer_of_a_curl_exchange_becomes_a_login(told: Shell, world: World, server: Address) -> None:
    token = answer(world, server)

    ended = told("adopt", stdin=json.dumps(token))

    assert ended.code == 0, ended.err
    assert ended.out == ""
    assert str(world.people[0].id) in ended.err
    assert "may lose its login at our first refresh" in ended.err
    assert told("token").out.strip() == token["access_token"]
    assert status(told)["scopes_known_by"] == "probed"


def test_it_refreshes_from_then_on(told: Shell, world: World, server: Address) -> None:
    told("adopt", stdin=json.dumps(answer(world, server)))
    world.clock.advance(7 * HOUR_S)

    ended = told("token")

    assert ended.code == 0, ended.err
    assert world.grants.refreshes == 1


def test_a_token_file_without_athlete_is_found_out_about(
    told: Shell, world: World, server: Address, tmp_path: Path
) -> None:
    token = answer(world, server)
    file = tmp_path / "strava_tokens.json"
    file.write_text(json.dumps({name: token[name] for name in ("access_token", "refresh_token", "expires_at")}))

    ended = told("adopt", str(file))

    assert ended.code == 0, ended.err
    assert status(told)["athlete"]["id"] == world.people[0].id
    assert len(json.loads(told("profiles", "--json").out)) == 1
    assert world.requests.total() >= 3


def test_an_env_file_brings_the_app_along(shell: Shell, world: World, server: Address, tmp_path: Path) -> None:
    token = answer(world, server)
    shell.environ = {name: value for name, value in shell.environ.items() if not name.startswith("STRAVA_")}
    file = tmp_path / ".env"
    file.write_text(
        f"STRAVA_CLIENT_ID={world.app.client_id}\nSTRAVA_CLIENT_SECRET={world.app.client_secret}\n"
        f"STRAVA_ACCESS_TOKEN={token['access_token']}\nSTRAVA_REFRESH_TOKEN={token['refresh_token']}\n"
        f"STRAVA_TOKEN_EXPIRES={token['expires_at']}\n"
    )

    ended = shell("adopt", str(file))

    assert ended.code == 0, ended.err
    world.clock.advance(7 * HOUR_S)
    assert shell("token").code == 0


def test_without_the_network_it_is_saved_all_the_same(told: Shell, world: World, server: Address) -> None:
    token = answer(world, server)
    world.plan("dropped", path="/api/v3", times=9)

    ended = told("adopt", stdin=json.dumps(token))

    assert ended.code == 0, ended.err
    assert "Scopes: unknown" in ended.err
    assert told("token").out.strip() == token["access_token"]


def test_an_inactive_app_is_named_and_the_login_kept(told: Shell, world: World, server: Address) -> None:
    token = answer(world, server)
    world.set_inactive()

    ended = told("adopt", stdin=json.dumps(token))

    assert ended.code == 0
    assert "inactive" in ended.err
    assert status(told)["logged_in"] is True


def test_the_token_of_the_settings_page_is_named_for_what_it_is(told: Shell, world: World, server: Address) -> None:
    ended = told("adopt", stdin=json.dumps(answer(world, server, scope="read")))

    assert "settings/api" in ended.err
    assert "paceport grant +activity:read_all" in ended.err
    assert status(told)["scopes"] == ["read"]


def test_declared_scopes_are_believed_and_said_to_be_declared(told: Shell, world: World, server: Address) -> None:
    told("adopt", "--scope", "read,activity:write", stdin=json.dumps(answer(world, server, scope=",".join(SCOPES))))

    assert status(told)["scopes_known_by"] == "declared"
    assert status(told)["scopes"] == ["read", "activity:write"]


def test_what_was_probed_forbids_nothing_that_was_not_tried(told: Shell, world: World, server: Address) -> None:
    told("adopt", stdin=json.dumps(answer(world, server, scope=",".join(SCOPES))))

    assert told("token", "--need", "activity:write").code == 0


def test_a_refresh_token_alone_is_used_at_first_need(told: Shell, world: World, server: Address) -> None:
    token = answer(world, server)

    ended = told("adopt", stdin=f"STRAVA_REFRESH_TOKEN={token['refresh_token']}")

    assert ended.code == 0, ended.err
    assert world.grants.refreshes == 0
    assert told("token").out.strip() == token["access_token"]


def test_an_expired_one_is_adopted_without_any_call(told: Shell, world: World, server: Address) -> None:
    token = answer(world, server)
    world.clock.advance(7 * HOUR_S)
    before = world.requests.total()

    ended = told("adopt", stdin=json.dumps(token))

    assert ended.code == 0, ended.err
    assert world.requests.total() == before


def test_a_login_that_is_there_is_not_replaced_unless_forced(told: Shell, world: World, server: Address) -> None:
    told("login")
    token = answer(world, server, scope="read,activity:read")

    refused = told("adopt", stdin=json.dumps(token))

    assert refused.code == 2
    assert "already has a login" in refused.err
    assert told("adopt", "--force", stdin=json.dumps(token)).code == 0
    assert told("token").out.strip() == token["access_token"]


def test_another_athlete_is_kept_under_another_profile(told: Shell, world: World, server: Address) -> None:
    told("login")
    world.sign_in(world.people[1].id)
    token = answer(world, server)

    assert told("--profile", "second", "adopt", stdin=json.dumps(token)).code == 0

    owners = {row["profile"]: row["athlete"]["id"] for row in json.loads(told("profiles", "--json").out)}
    assert owners == {"default": world.people[0].id, "second": world.people[1].id}


def test_one_athlete_is_not_kept_under_two_profiles(told: Shell, world: World, server: Address) -> None:
    told("login")

    ended = told("--profile", "twin", "adopt", stdin=json.dumps(answer(world, server)))

    assert ended.code == 2
    assert "--profile default" in ended.err


def test_tokens_of_another_app_are_refused(told: Shell, world: World, server: Address) -> None:
    token = answer(world, server)

    ended = told("adopt", stdin=json.dumps({**token, "client_id": 999, "client_secret": None}))

    assert ended.code == 2
    assert json.loads(told("profiles", "--json").out) == []


@pytest.mark.parametrize("file", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_named(told: Shell, file: str) -> None:
    ended = told("adopt", file)

    assert ended.code == 1
    assert file in ended.err


@pytest.mark.parametrize("scope", ["activity:read_all", "activity:read"])
def test_private_activities_tell_the_wide_scope_from_the_narrow_one(
    told: Shell, world: World, server: Address, scope: str
) -> None:
    told("adopt", stdin=json.dumps(answer(world, server, scope=f"read,{scope}")))

    assert status(told)["scopes"] == ["read", scope]
