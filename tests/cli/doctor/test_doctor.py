"""`doctor` names what is wrong, `fix` repairs it: each trouble made for real, found, and mended."""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from paceport.cli.doctor import machine
from paceport.cli.doctor.finding import Finding, finding_line, has_bad, public_report
from paceport.cli.doctor.repairs import make_files_private
from paceport.cli.doctor.service import about_clock
from paceport.clock import ManualClock
from paceport.oauth.token_store.base import RefreshJournal
from paceport.oauth.token_store.file import FileTokenStore
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from sandbox.visitor import Visitor
from shell import Shell

HOUR_S = 3600


@pytest.fixture
def logged_in(shell: Shell) -> Shell:
    shell("login")
    return shell


def found(shell: Shell, *words: str) -> dict[str, dict[str, Any]]:
    """The findings by the name of their check."""
    return {row["check"]: row for row in json.loads(shell("doctor", "--json", *words).out)}


def test_a_good_set_up_is_said_to_be_good(logged_in: Shell) -> None:
    ended = logged_in("doctor")

    assert ended.code == 0, ended.out
    assert "BAD" not in ended.out
    assert "client id and secret are accepted" in ended.out
    assert "it accepts the token" in ended.out
    assert "rate limits" in ended.out
    assert "of 2,000 today" in ended.out
    assert re.search(r"disk: [\d.]+ [MG]B free", ended.out)


def test_looking_harms_nothing(logged_in: Shell, world: World, home: Path) -> None:
    token = logged_in("token").out
    before = {path: path.read_bytes() for path in (home / "state" / "grants").glob("*.json")}

    logged_in("doctor")

    assert {path: path.read_bytes() for path in before} == before
    assert logged_in("token").out == token
    assert (world.grants.refreshes, world.grants.replays) == (0, 0)


def test_on_an_empty_home_it_names_app_and_login(shell: Shell, home: Path) -> None:
    shell.environ = {name: value for name, value in shell.environ.items() if not name.startswith("STRAVA_")}

    ended = shell("doctor", "--json")

    rows = {row["check"]: row for row in json.loads(ended.out)}
    assert ended.code == 1
    assert (rows["app"]["repair"], rows["login"]["repair"]) == ("init", "login")
    assert not (home / "state").exists()


def test_a_wrong_secret_is_found_without_touching_the_login(logged_in: Shell, world: World, home: Path) -> None:
    for path in (home / "state" / "apps").glob("*.json"):
        path.write_text(path.read_text().replace(world.app.client_secret, "0" * 40))

    row = found(logged_in)["secret"]

    assert row["state"] == "bad"
    assert "client secret" in row["text"]
    assert world.grants.refreshes == 0


def test_an_inactive_app_is_not_called_a_bad_login(logged_in: Shell, world: World) -> None:
    world.set_inactive()

    rows = found(logged_in)

    assert rows["API"]["public"] in ("inactive", "AppInactive")
    assert rows["API"]["repair"] == ""
    assert rows["login"]["state"] == "ok"


def test_a_revoked_login_is_found_and_mended(logged_in: Shell, world: World) -> None:
    world.revoke()

    assert found(logged_in)["API"]["repair"] == "login"
    ended = logged_in("fix")

    assert ended.code == 0, ended.err
    assert "Logged in as" in ended.err
    assert logged_in("api", "GET", "/athlete").code == 0


def test_a_login_that_lacks_a_permission_needs_no_new_login(logged_in: Shell, world: World) -> None:
    world.grants._grants[0].scopes = ("activity:read",)

    api = found(logged_in)["API"]

    assert (api["state"], api["repair"]) == ("note", "")
    assert "paceport grant +read" in str(api["fix"])


def test_fix_logs_in_where_there_is_no_login(shell: Shell) -> None:
    assert shell("fix").code == 0
    assert shell("token").code == 0


def test_offline_it_asks_nobody(logged_in: Shell, world: World) -> None:
    before = world.requests.total()

    rows = found(logged_in, "--offline")

    assert "network" not in rows
    assert world.requests.total() == before


def test_a_dead_network_is_named(logged_in: Shell) -> None:
    logged_in.environ["PACEPORT_API_URL"] = "http://127.0.0.1:9"
    logged_in.environ["PACEPORT_OAUTH_URL"] = "http://127.0.0.1:9"

    ended = logged_in("doctor")

    assert ended.code == 1
    assert "BAD   network" in ended.out


def test_a_service_that_is_down_is_named(logged_in: Shell, world: World) -> None:
    world.plan("html", path="/api/v3/athlete", status=502)

    assert found(logged_in)["network"]["public"] == "the API answers 502"


def test_used_up_limits_are_no_fault(logged_in: Shell, world: World) -> None:
    world.plan("rate_limited", path="/api/v3/athlete", after=1)

    ended = logged_in("doctor")

    assert ended.code == 0
    assert "rate limit is used up" in ended.out


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_files_that_others_can_read_are_found_and_closed(logged_in: Shell, home: Path) -> None:
    grants = home / "state" / "grants"
    record = next(grants.glob("*.json"))
    record.chmod(0o644)
    grants.chmod(0o755)

    assert found(logged_in, "--offline")["permissions"]["repair"] == "permissions"
    assert logged_in("fix").code == 0

    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    assert stat.S_IMODE(grants.stat().st_mode) == 0o700
    assert logged_in("token").code == 0


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX's")
def test_a_planted_link_is_named_and_never_followed(logged_in: Shell, home: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("x")
    victim.chmod(0o644)
    (home / "state" / "grants" / "evil.json").symlink_to(victim)

    ended = logged_in("fix", "--offline")

    assert ended.code == 1
    assert stat.S_IMODE(victim.stat().st_mode) == 0o644


def test_what_a_stopped_writer_left_is_swept(logged_in: Shell, home: Path, clock: ManualClock) -> None:
    grants = home / "state" / "grants"
    old, fresh = grants / "x.json.new", grants / "y.json.new"
    orphan, of_a_login_just_now = grants / "nobodys.journal", grants / "new.journal"
    for path in (old, fresh, orphan, of_a_login_just_now):
        path.write_text("half")
        path.chmod(0o600)
        os.utime(path, (clock.now().timestamp(), clock.now().timestamp()))
    for path in (old, orphan):
        os.utime(path, (0, clock.now().timestamp() - 3600))

    assert found(logged_in, "--offline")["leftovers"]["repair"] == "drafts"
    logged_in("fix")

    assert (old.exists(), orphan.exists(), fresh.exists()) == (False, False, True)
    assert of_a_login_just_now.exists()


def test_a_file_that_goes_while_it_is_looked_at_is_no_trouble(
    logged_in: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever refreshes a token makes a note and a draft, and takes both away in the next moment."""
    lstat = Path.lstat

    def just_gone(path: Path) -> os.stat_result:
        if path.name in ("x.holder", "x.json.new"):
            path.unlink()
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", just_gone)
    for command in ("doctor", "fix"):
        for name in ("x.holder", "x.json.new"):
            path = home / "state" / "grants" / name
            path.write_text("half")
            path.chmod(0o600)

        ended = logged_in(command, "--offline")

        assert ended.code == 0, ended.out + ended.err
        assert "BAD" not in ended.out


def test_an_unfinished_refresh_is_named_and_settled(logged_in: Shell, home: Path, clock: ManualClock) -> None:
    token_store = FileTokenStore(home / "state", clock=clock)
    grant = token_store.grants()[0]
    journal = RefreshJournal(
        token_digest=grant.refresh_token.digest(), begun_at=clock.now() - timedelta(hours=1), begun_by="process 1"
    )
    with token_store.lock(grant.key):
        token_store.begin_journal(grant.key, journal)

    assert found(logged_in, "--offline")["journals"]["repair"] == "journal"
    ended = logged_in("fix")

    assert ended.code == 0, ended.err
    assert token_store.journal(grant.key) is None
    assert logged_in("token").code == 0


def test_a_login_nobody_knows_is_identified(shell: Shell, world: World, server: Address) -> None:
    shell.environ |= {"STRAVA_CLIENT_ID": str(world.app.client_id), "STRAVA_CLIENT_SECRET": world.app.client_secret}
    with open_transport() as send:
        token = Visitor(world=world, send=send, base=server.url).login()
    shell("adopt", stdin=f"REFRESH_TOKEN={token['refresh_token']}")

    assert found(shell, "--offline")["adopted"]["repair"] == "identify"
    assert shell("fix").code == 0

    status = json.loads(shell("status", "--json").out)
    assert status["athlete"]["id"] == world.people[0].id
    assert status["scopes"] is not None


def test_settings_that_cannot_be_are_named(shell: Shell) -> None:
    shell.environ["PACEPORT_API_URL"] = "http://example.com/api"

    ended = shell("doctor")

    assert ended.code == 1
    assert "not https" in ended.out


def test_a_login_that_cannot_be_read_is_named(logged_in: Shell, home: Path) -> None:
    next((home / "state" / "grants").glob("*.json")).write_text("{")

    row = found(logged_in, "--offline")["login"]

    assert row["state"] == "bad"
    assert "incomplete JSON" in row["text"]


@pytest.mark.parametrize(
    ("content", "said"),
    [("garbage{", "delete it"), ('{"schema": 99}', "update"), ('{"schema": 1, "profile": 3}', "delete it")],
)
def test_choices_that_cannot_be_read_are_named_and_the_machine_is_looked_at_all_the_same(
    logged_in: Shell, home: Path, content: str, said: str
) -> None:
    choices = home / "state" / "choices.json"
    choices.write_text(content)
    choices.chmod(0o600)
    grant = next((home / "state" / "grants").glob("*.json"))
    grant.chmod(0o644)

    findings = found(logged_in)
    ended, report, mended = logged_in("doctor"), logged_in("doctor", "--report"), logged_in("fix")

    assert findings["choices"]["state"] == "bad"
    assert said in findings["choices"]["fix"]
    assert findings["disk"]["state"] == findings["platform"]["state"] == "ok"
    assert (ended.code, report.code, mended.code) == (1, 1, 1)
    assert "Next: paceport fix" in ended.err
    assert "choices" in report.out
    assert str(home) not in report.out
    assert stat.S_IMODE(grant.stat().st_mode) == 0o600


def test_the_report_names_nobody(logged_in: Shell, world: World, home: Path) -> None:
    status = json.loads(logged_in("status", "--json").out)
    token = logged_in("token").out.strip()

    text = logged_in("doctor", "--report").out

    private = [
        token,
        world.app.client_secret,
        str(world.app.client_id),
        str(world.people[0].id),
        status["athlete"]["name"],
        str(home),
        str(Path.home()),
        "127.0.0.1",
    ]
    assert [word for word in private if word in text] == []
    assert text.startswith("paceport ")
    assert "- ok API: 200" in text


def test_a_finding_shows_its_repair_and_its_public_half_alone_in_public() -> None:
    finding = Finding(check="login", state="bad", text="Ida's", public="none", fix="paceport login")

    assert finding_line(finding) == "BAD   login: Ida's\n        To do: paceport login"
    assert public_report([finding], version="1") == "paceport 1\n\n- BAD login: none"
    assert has_bad([finding])


@pytest.mark.parametrize(("version", "state"), [((3, 10, 9), "bad"), ((3, 11, 0), "ok"), ((3, 14, 1), "ok")])
def test_the_python_must_be_new_enough(version: tuple[int, int, int], state: str) -> None:
    assert machine.about_python(version).state == state


@pytest.mark.parametrize(("name", "state"), [("linux", "ok"), ("darwin", "note"), ("win32", "note"), ("plan9", "note")])
def test_what_is_untested_is_said_to_be(name: str, state: str) -> None:
    finding = machine.about_platform(name)

    assert finding.state == state
    assert ("untested" in finding.text) is (state == "note")


def test_every_extra_is_known_to_doctor_and_to_the_readme() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = set(table["project"]["optional-dependencies"]) - {"all", "dev"}
    (named,) = re.findall(r"or choose from: (.*)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert set(machine.EXTRAS) == extras
    assert set(named.split(", ")) == extras


def test_extras_that_lack_one_module_are_not_installed() -> None:
    text = machine.about_extras(lambda name: name not in {"tzfpy", "pyarrow"}).text

    installed, missing = text.split(";")
    assert "logbook" in missing
    assert "parquet" in missing
    assert "sandbox" in installed


@pytest.mark.parametrize(("offset_s", "state"), [(0.0, "ok"), (60.0, "ok"), (61.0, "note"), (-86_400.0, "note")])
def test_a_wrong_clock_is_a_note(offset_s: float, state: str) -> None:
    assert about_clock(offset_s).state == state


def test_a_clock_a_day_ahead_is_noticed_and_harms_nothing(logged_in: Shell, world: World) -> None:
    logged_in.clock = ManualClock(world.now() + timedelta(days=1))

    rows = found(logged_in)

    assert "ahead of" in rows["clock"]["text"]


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX's")
def test_closing_files_closes_none_behind_a_link(logged_in: Shell, home: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("x")
    victim.chmod(0o644)
    (home / "state" / "grants" / "evil.json").symlink_to(victim)
    os.link(victim, home / "state" / "grants" / "twin.json")
    next((home / "state" / "apps").glob("*.json")).chmod(0o644)

    changed = make_files_private(Profile(settings=Settings.from_environment(logged_in.environ)))

    assert changed == 1
    assert stat.S_IMODE(victim.stat().st_mode) == 0o644
