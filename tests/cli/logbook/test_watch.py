"""`watch`, and the units that `watch --service` and `sync --service` print."""

from __future__ import annotations

import configparser
import json
import os
import plistlib
import shlex
import signal
from pathlib import Path

import pytest

from makers.fit_writer import hour_of_running
from paceport.cli.service_unit import kind_of
from paceport.errors import UsageError
from processes import finish, start
from shell import Shell


def unit(text: str) -> configparser.ConfigParser:
    """A systemd unit as values; systemd's own names keep their capitals."""
    parsed = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",), strict=False)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]  # as its documentation says
    parsed.read_string(text)
    return parsed


def test_a_recording_that_appears_is_in_the_logbook(tmp_path: Path) -> None:
    folder, home = tmp_path / "runs", {"PACEPORT_HOME": str(tmp_path / "home")}
    folder.mkdir()
    process = start(["watch", str(folder)], home)
    assert process.stdout is not None
    (folder / "run.fit").write_bytes(hour_of_running(seconds=60))

    line = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)

    assert "run.fit: 1 new" in line
    assert process.returncode == 0
    assert "No longer watching" in said
    assert len(json.loads(finish(["runs", "--json"], home).stdout)) == 1


def test_what_is_no_folder_cannot_be_watched(shell: Shell, tmp_path: Path) -> None:
    ended = shell("watch", str(tmp_path / "gone"))

    assert ended.code == 2
    assert "is no folder" in ended.err


def test_the_unit_of_systemd_starts_the_same_watch(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / 'my "runs" 100%'
    folder.mkdir()

    ended = shell("watch", str(folder), "--sport", "Run", "--service", "systemd", "--profile", "ben")

    parsed = unit(ended.out)
    assert parsed["Unit"]["Description"].endswith('my "runs" 100%%')
    words = shlex.split(parsed["Service"]["ExecStart"].replace("%%", "%"))
    assert words[-6:] == ["watch", str(folder), "--sport", "Run", "--profile", "ben"]
    assert parsed["Service"]["Restart"] == "on-failure"
    assert f"PACEPORT_HOME={shell.environ['PACEPORT_HOME']}" in parsed["Service"]["Environment"]
    assert "systemctl --user enable --now paceport-watch.service" in ended.err


def test_the_agent_of_launchd_starts_the_same_watch(shell: Shell, tmp_path: Path) -> None:
    ended = shell("watch", str(tmp_path), "--service", "launchd")

    agent = plistlib.loads(ended.out.encode())
    assert agent["ProgramArguments"][-2:] == ["watch", str(tmp_path)]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}


@pytest.mark.parametrize("kind", ["systemd", "launchd"])
@pytest.mark.parametrize("name", [b"a\nExecStartPre=rm", b"a\x01b", b"Stra\xdfe", b"a\xe2\x80\xaeb"])
def test_no_name_of_a_folder_adds_a_line_to_a_unit(shell: Shell, tmp_path: Path, name: bytes, kind: str) -> None:
    folder = tmp_path / os.fsdecode(name)
    folder.mkdir()

    watched = shell("watch", str(folder), "--service", kind)
    synced = shell("sync", "--service", kind, environ=shell.environ | {"XDG_DATA_HOME": str(folder)})

    for ended in (watched, synced):
        assert (ended.code, ended.out) == (2, "")
        assert "cannot stand in a unit" in ended.err
        assert "rename the folder" in ended.err


def test_sync_prints_a_service_and_its_timer(shell: Shell) -> None:
    ended = shell("sync", "--service", "systemd")

    service, timer = ended.out.split("\n\n# ")
    assert shlex.split(unit(service)["Service"]["ExecStart"])[-2:] == ["sync", "-q"]
    assert unit("# " + timer)["Timer"]["OnCalendar"] == "daily"
    assert ended.code == 0


@pytest.mark.parametrize("kind", ["systemd", "launchd"])
@pytest.mark.parametrize("words", [["sync"], ["watch", "."]])
def test_no_unit_holds_a_secret(shell: Shell, words: list[str], kind: str) -> None:
    ended = shell(*words, "--service", kind, environ=shell.environ | {"STRAVA_ACCESS_TOKEN": "a" * 40})

    assert "a" * 40 not in ended.out
    assert shell.environ["STRAVA_CLIENT_SECRET"] not in ended.out
    assert "CLIENT_SECRET" not in ended.out


def test_windows_gets_the_line_for_its_own_scheduler() -> None:
    with pytest.raises(UsageError) as refused:
        kind_of("win32", [r"C:\Program Files\paceport.exe", "sync", "-q"])

    assert refused.value.fix.endswith(r'"C:\Program Files\paceport.exe" sync -q')
    assert (kind_of("darwin", []), kind_of("linux", [])) == ("launchd", "systemd")
