"""Every shell line of the documentation is run, or says here why it cannot be."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from documented_shell import COMMENT, DocumentedShell
from paceport.cli.consent_form import consent_answer
from paceport.install import install_line
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.bulk_export.archive import write_export
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from paceport.transport.http_transport import open_transport
from shell import Shell

pytestmark = pytest.mark.slow
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Drawn from the program itself, or a description of what a program answers.
NO_SCRIPTS = {"commands.md", "json.md", "endpoints.md"}

NOT_RUN = {
    "make demo": "tests/cli/test_demo.py plays the demo",
    **{install_line(extra): "it needs the network" for extra in ("all", "sandbox", "web,logbook,report")},
    "paceport serve --open": "it serves until Ctrl-C: tests/cli/test_serve.py",
    "paceport sandbox": "it serves until Ctrl-C: tests/cli/test_sandbox.py",
    "paceport sandbox &": "it serves until Ctrl-C: tests/cli/test_sandbox.py",
    "paceport login --no-browser": "it waits at a terminal: tests/oauth/login/test_flow_on_terminal.py",
    "paceport exec -- python my_script.py": "it becomes that program: tests/cli/auth/test_exec.py",
    "paceport exec -- ./my-script": "it becomes that program: tests/cli/auth/test_exec.py",
    "paceport completion fish | source": "a fish of its own reads it: tests/cli/test_completion.py",
}
# They are for a profile that has no login yet.
WITHOUT_LOGIN = ("paceport adopt", "paceport --profile anna login")
ANSWERS = {"paceport sync": "y\n"}


def lines(page: Path) -> list[str]:
    text = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    return [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]


def statements(page: Path) -> list[str]:
    """The queries that a page shows within its text, as command lines."""
    return re.findall(r'`(paceport sql "[^`…]*")`', page.read_text(encoding="utf-8"))


WITH_COMMANDS = [page for page in PAGES if page.name not in NO_SCRIPTS and (lines(page) or statements(page))]


@pytest.fixture
def reader(
    shell: Shell,
    server: Address,
    world: World,
    population: Population,
    computed_logbook: Path,
    home: Path,
    tmp_path: Path,
) -> Iterator[DocumentedShell]:
    """A shell in a folder that holds the files the pages name; logged in, with runs in the logbook."""
    shutil.copytree(computed_logbook, home, dirs_exist_ok=True)
    newcomer = population.people[2]  # whose activities are few
    world.sign_in(newcomer.id)
    assert shell("login", "--for", "everything").code == 0
    folder = tmp_path / "folder"
    (folder / "watch").mkdir(parents=True)
    with (folder / "export.zip").open("wb") as file:
        write_export(file, newcomer, population.activities(newcomer.id), "en")
    second = world.add_app(name="second")
    (folder / "secret-file").write_text(f"{second.client_secret}\n")
    record = json.loads(next((home / "state" / "grants").glob("*.json")).read_text())
    (folder / ".env").write_text(f"STRAVA_REFRESH_TOKEN={record['refresh_token']}\n")
    newest = population.activities(population.people[1].id)[0].id
    started = shell("login", "--start").out.strip()
    shell.environ |= {"STRAVA_CLIENT_ID": "", "STRAVA_CLIENT_SECRET": "", "AUTHORIZE_URL": started}
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        hosts = {"https://www.strava.com/api/v3": server.api_url, "1234567890": str(newest)}
        hosts |= {"67890": str(second.client_id), "12345": str(second.client_id)}
        yield DocumentedShell(shell=shell, folder=folder, hosts=hosts, answers=ANSWERS)


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.name)
def test_every_command_of_a_page_works(page: Path, reader: DocumentedShell, world: World) -> None:
    started = ""
    for line in [*lines(page), *statements(page)]:
        command = COMMENT.sub("", line)
        if command in NOT_RUN or command.startswith("git clone "):
            continue
        if command.startswith(WITHOUT_LOGIN):
            reader.shell("logout")
        if match := re.search("--profile (anna|ben) login", command):
            # The consent page belongs to whoever is signed in.
            world.sign_in(world.people[{"anna": 1, "ben": 2}[match[1]]].id)
        if command.endswith("--finish"):
            with open_transport() as send:
                started = consent_answer(send, started.strip()).headers["location"]
            reader.answers = {**reader.answers, command: started}
        for ended in reader.run(line):
            assert ended.code == 0, f"{page.name}: {line}\n{ended.out[-300:]}\n{ended.err}"
            assert ended.out + ended.err
            started = ended.out


def test_every_reason_is_for_a_line_that_a_page_has() -> None:
    shown = {COMMENT.sub("", line) for page in WITH_COMMANDS for line in lines(page)}

    assert set(NOT_RUN) <= shown
    assert len(shown) > 40


SPAN = re.compile(r"`(?:\$ )?(paceport [a-z][^`]*)`")


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in NO_SCRIPTS], ids=lambda page: page.name)
def test_every_option_that_a_page_names_is_one_of_its_command(page: Path) -> None:
    from paceport.cli.commands import COMMANDS
    from paceport.cli.main import paceport

    unknown = []
    for command in [*SPAN.findall(page.read_text(encoding="utf-8")), *lines(page)]:
        words = re.split(r"[\s=\"]+", COMMENT.sub("", command.split(" -- ")[0]))
        word = next((word for word in words if word in COMMANDS), "")
        found = paceport.get_command(None, word) if word else None  # type: ignore[arg-type]  # the table needs no context
        options = {option for each in (found.params if found else paceport.params) for option in each.opts}
        unknown += [f"{word} {each}" for each in words if re.fullmatch("--[a-z-]+", each) and each not in options]

    assert [each for each in unknown if not each.endswith((" --version", " --help"))] == []
