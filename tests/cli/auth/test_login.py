"""From nothing to a token, by the command line, against the simulated service over a socket."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

from paceport.sandbox.state.world import World
from shell import Shell


def test_one_command_leads_from_nothing_to_a_login(shell: Shell) -> None:
    ended = shell("login")

    assert ended.code == 0, ended.err
    assert "Logged in as" in ended.err
    assert "Granted: read,profile:read_all,activity:read_all" in ended.err
    assert "Next: paceport activities" in ended.err
    assert ended.out == ""


def test_the_token_works_at_once_and_stands_alone_on_stdout(shell: Shell, world: World) -> None:
    shell("login")

    ended = shell("token")

    assert ended.code == 0
    assert world.grants.holder(ended.out.strip(), world.now()) is not None
    assert ended.out.count("\n") == 1


def test_header_and_env_carry_the_same_token(shell: Shell) -> None:
    shell("login")
    token = shell("token").out.strip()

    header, env = shell("header"), shell("env")

    assert header.out == f"Authorization: Bearer {token}\n"
    assert f"export STRAVA_ACCESS_TOKEN={token}\n" in env.out


def test_an_expired_token_is_refreshed_on_the_way(shell: Shell, world: World) -> None:
    shell("login")
    before = shell("token").out
    world.clock.advance(6 * 3600)

    after = shell("token")

    assert after.code == 0
    assert after.out != before
    assert world.grants.holder(after.out.strip(), world.now()) is not None


def test_token_json_says_what_a_program_needs(shell: Shell) -> None:
    shell("login", "--for", "upload")

    value = json.loads(shell("token", "--json").out)

    assert value["token_type"] == "Bearer"
    assert value["scopes"] == ["read", "activity:read_all", "activity:write"]
    assert len(value["access_token"]) == 40
    assert value["expires_at"].endswith("Z")


def test_a_second_login_says_that_all_is_well_and_asks_nobody(shell: Shell, world: World) -> None:
    shell("login")
    asked = world.requests.total()

    ended = shell("login")

    assert ended.code == 0
    assert "Already logged in" in ended.err
    assert world.requests.total() == asked


def test_old_scope_words_are_translated_with_a_note(shell: Shell) -> None:
    ended = shell("login", "--scope", "view_private,write")

    assert ended.code == 0, ended.err
    assert "'write' was retired in 2019" in ended.err
    assert "activity:read_all" in ended.err


def test_an_unknown_scope_names_the_nearest_right_one(shell: Shell) -> None:
    ended = shell("login", "--scope", "activity:raed_all")

    assert ended.code == 2
    assert "did you mean activity:read_all?" in ended.err


def test_grant_adds_a_scope_and_keeps_the_others(shell: Shell) -> None:
    shell("login", "--scope", "read")

    ended = shell("grant", "+activity:read_all")

    assert ended.code == 0, ended.err
    assert "Granted: read,activity:read_all" in ended.err


def test_logout_forgets_the_login_and_keeps_the_app(shell: Shell) -> None:
    shell("login")

    assert shell("logout").code == 0

    assert shell("token").code == 3
    assert shell("login", environ={"STRAVA_CLIENT_ID": "", "STRAVA_CLIENT_SECRET": ""}).code == 0


def test_without_a_login_the_way_to_one_is_named(shell: Shell) -> None:
    ended = shell("token")

    assert ended.code == 3
    assert "Fix: paceport login" in ended.err
    assert ended.out == ""


def test_errors_come_as_json_too(shell: Shell) -> None:
    ended = shell("token", "--json")

    assert ended.code == 3
    assert json.loads(ended.out)["error"]["type"] == "LoginNeeded"
    assert json.loads(ended.out)["error"]["fix"] == "paceport login"


def test_everything_below_the_state_folder_is_for_this_user_alone(shell: Shell, home: Path) -> None:
    shell("login")

    loose = [path for path in (home / "state").rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]

    assert loose == []
    assert stat.S_IMODE((home / "state").stat().st_mode) == 0o700


def test_login_in_two_steps_needs_no_browser_here(shell: Shell) -> None:
    started = shell("login", "--start")
    assert started.code == 0, started.err
    url = started.out.strip()
    answer = _address_after_consent(shell, url)

    ended = shell("login", "--finish", stdin=answer + "\n")

    assert ended.code == 0, ended.err
    assert "Logged in as" in ended.err


def test_profiles_keep_two_logins_apart(shell: Shell, world: World) -> None:
    shell("login")
    world.sign_in(world.people[1].id)

    ended = shell("login", "--profile", "second")

    assert ended.code == 0, ended.err
    first, second = shell("status", "--json"), shell("--profile", "second", "status", "--json")
    assert json.loads(first.out)["athlete"]["id"] == world.people[0].id
    assert json.loads(second.out)["athlete"]["id"] == world.people[1].id


def test_another_athlete_never_takes_a_profile_over_silently(shell: Shell, world: World) -> None:
    shell("login")
    world.sign_in(world.people[1].id)

    ended = shell("login", "--force")

    assert ended.code == 2
    assert "belongs to another athlete" in ended.err
    assert json.loads(shell("status", "--json").out)["athlete"]["id"] == world.people[0].id


def test_a_wrong_secret_is_named_and_the_app_can_be_set_anew(shell: Shell) -> None:
    ended = shell("login", environ={"STRAVA_CLIENT_SECRET": "0" * 40})

    assert ended.code == 2
    assert "client secret" in ended.err
    assert shell("login").code == 0


def test_swapped_id_and_secret_are_recognised(shell: Shell) -> None:
    swapped = {
        "STRAVA_CLIENT_ID": shell.environ["STRAVA_CLIENT_SECRET"],
        "STRAVA_CLIENT_SECRET": shell.environ["STRAVA_CLIENT_ID"],
    }

    ended = shell("login", environ=swapped)

    assert ended.code == 2
    assert "swapped" in ended.err


def test_an_email_is_no_client_id(shell: Shell) -> None:
    ended = shell("login", environ={"STRAVA_CLIENT_ID": "me@example.org"})

    assert ended.code == 2
    assert "e-mail" in ended.err


def _address_after_consent(shell: Shell, url: str) -> str:
    """The address the browser ends on, read off without following it."""
    from paceport.cli.consent_form import consent_answer
    from paceport.transport.http_transport import open_transport

    with open_transport() as send:
        return consent_answer(send, url).headers["location"]


def start(shell: Shell) -> str:
    """Begin a login here, consent elsewhere; gives the address the browser ended on."""
    return _address_after_consent(shell, shell("login", "--start").out.strip())


def test_a_started_login_ends_once(shell: Shell) -> None:
    where = start(shell)

    assert shell("login", "--finish", stdin=where).code == 0
    again = shell("login", "--finish", stdin=where)

    assert again.code != 0
    assert shell("token").code == 0


def test_the_answer_to_another_start_is_refused_and_the_right_one_still_counts(shell: Shell) -> None:
    earlier = start(shell)
    later = start(shell)

    refused = shell("login", "--finish", stdin=earlier)

    assert refused.code == 2
    assert shell("login", "--finish", stdin=later).code == 0


def test_the_authorize_address_pasted_by_mistake_is_recognised(shell: Shell) -> None:
    url = shell("login", "--start").out.strip()

    ended = shell("login", "--finish", stdin=url)

    assert ended.code == 2
    assert ended.err
    assert not json.loads(shell("status", "--json").out)["logged_in"]


def test_nothing_to_finish_is_said(shell: Shell) -> None:
    ended = shell("login", "--finish", stdin="http://127.0.0.1:1/x?state=a&code=b&scope=read")

    assert ended.code in (2, 3)
    assert "login" in ended.err


def test_no_address_at_all_is_a_mistake_of_the_caller(shell: Shell) -> None:
    start(shell)

    assert shell("login", "--finish", stdin="").code == 2


def test_a_login_can_be_finished_in_a_shell_that_knows_no_secret(shell: Shell) -> None:
    where = start(shell)
    shell.environ = {name: value for name, value in shell.environ.items() if not name.startswith("STRAVA_CLIENT")}

    ended = shell("login", "--finish", stdin=where)

    assert ended.code == 0, ended.err


def test_a_code_never_goes_to_another_server_than_its_login_was_started_at(
    shell: Shell, world: World, home: Path
) -> None:
    started = shell("login", "--start")
    answer = _address_after_consent(shell, started.out.strip())
    shutil.rmtree(home / "state" / "apps")

    ended = shell("login", "--finish", stdin=answer, environ={"PACEPORT_OAUTH_URL": "http://127.0.0.1:9"})

    assert ended.code == 2
    assert shell.environ["PACEPORT_OAUTH_URL"] in ended.err
    assert "http://127.0.0.1:9" in ended.err
    assert world.requests["POST /oauth/token"] == 0


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\n  "])
def test_an_address_wrapped_over_several_lines_finishes_a_login(shell: Shell, ending: str) -> None:
    where = start(shell)
    wrapped = ending.join(where[at : at + 40] for at in range(0, len(where), 40))

    assert shell("login", "--finish", stdin=f"{wrapped}\n\nand a note").code == 0


def test_a_scope_is_added_in_two_steps_and_the_old_token_stays_until_then(shell: Shell) -> None:
    shell("login", "--scope", "read")
    before = json.loads(shell("token", "--json").out)["access_token"]
    started = shell("grant", "--start", "+activity:write")
    during = json.loads(shell("token", "--json").out)["access_token"]

    ended = shell("grant", "--finish", stdin=_address_after_consent(shell, started.out.strip()))

    assert ended.code == 0, ended.err
    assert "paceport grant --finish" in started.err
    assert during == before
    assert json.loads(shell("status", "--json").out)["scopes"] == ["read", "activity:write"]


def test_a_grant_in_two_steps_refuses_another_athlete(shell: Shell, world: World) -> None:
    shell("login", "--scope", "read")
    url = shell("grant", "--start", "+activity:write").out.strip()
    world.sign_in(world.people[1].id)

    ended = shell("grant", "--finish", stdin=_address_after_consent(shell, url))

    assert ended.code == 2
    assert "Another athlete answered" in ended.err
    assert json.loads(shell("status", "--json").out)["scopes"] == ["read"]


def test_starting_a_grant_of_what_is_granted_already_asks_nobody(shell: Shell) -> None:
    shell("login", "--scope", "read")

    ended = shell("grant", "--start", "+read")

    assert (ended.code, ended.out) == (0, "")
    assert "already granted" in ended.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["grant"], "Fix: paceport grant +activity:read_all"),
        (["grant", "--start", "--finish", "+read"], "cannot be combined"),
        (["login", "--start", "--finish"], "cannot be combined"),
        (["--profile", "ben", "grant", "--finish"], "Fix: paceport --profile ben grant --start +SCOPE…"),
        (["--profile", "ben", "login", "--finish"], "Fix: paceport --profile ben login --start"),
    ],
)
def test_a_step_that_cannot_be_taken_names_the_one_that_can(shell: Shell, words: list[str], says: str) -> None:
    ended = shell(*words, stdin="http://127.0.0.1:1/x?state=a&code=b&scope=read")

    assert ended.code in (2, 3)
    assert says in ended.err


def test_a_login_that_ends_in_another_profile_is_no_success(shell: Shell) -> None:
    shell("login")
    token = shell("token").out

    ended = shell("--profile", "ben", "login")
    started = shell("--profile", "ben", "login", "--start")
    finished = shell("--profile", "ben", "login", "--finish", stdin=_address_after_consent(shell, started.out.strip()))

    for each in (ended, finished):
        assert each.code == 3
        assert "Profile 'ben' was not logged in" in each.err
        assert "whose login is profile 'default'" in each.err
        assert "then: paceport --profile ben login" in each.err
    assert shell("token").out == token
    assert shell("--profile", "ben", "token").code == 3


def test_a_profile_that_holds_another_athlete_is_not_touched_by_a_login_that_ends_elsewhere(
    shell: Shell, world: World
) -> None:
    shell("login")
    world.sign_in(world.people[1].id)
    shell("--profile", "ben", "login")
    world.sign_in(world.people[0].id)

    ended = shell("--profile", "ben", "login", "--force")

    assert ended.code == 3
    assert json.loads(shell("--profile", "ben", "status", "--json").out)["athlete"]["id"] == world.people[1].id
