"""The documentation runs: every Python block of it, against the simulated service."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from conftest import ROOT, reads_source
from paceport.cli.commands import COMMANDS
from paceport.clock import SystemClock
from paceport.logbook.database.store import Store
from paceport.logbook.exporting.parquet import export_parquet
from paceport.profile.open_profile import open as open_profile
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.world import World
from stored import stored_login

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\s*(?:\$ |.*\| |eval \"\$\()?paceport((?: --profile \w+)?) ([a-z-]+)", re.MULTILINE)
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
# Its blocks are pytest files and run as such: tests/adapters.
NOT_SCRIPTS = {"test-your-strava-code.md"}


def blocks(page: Path) -> list[str]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


WITH_PYTHON = [page for page in PAGES if blocks(page) and page.name not in NOT_SCRIPTS]


@pytest.fixture(scope="module")
def exported(computed_logbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `paceport export --format parquet -o runs` writes."""
    place = tmp_path_factory.mktemp("exported") / "runs"
    with Store(data_dir=computed_logbook / "data", cache_dir=computed_logbook / "cache", clock=SystemClock()) as store:
        export_parquet(store, place)
    return place


@pytest.fixture
def api_url(
    population: Population, monkeypatch: pytest.MonkeyPatch, computed_logbook: Path, exported: Path, tmp_path: Path
) -> Iterator[str]:
    """The simulated service on the machine's own clock, a home with a login and runs, and a folder with an export."""
    world = World(population, seed=1)
    shutil.copytree(computed_logbook, tmp_path / "home")
    shutil.copytree(exported, tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    with serve(world) as address:
        monkeypatch.setenv("PACEPORT_OAUTH_URL", address.url)
        monkeypatch.setenv("PACEPORT_API_URL", address.api_url)
        stored_login(open_profile(), world)
        yield address.api_url


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda page: page.name)
def test_every_python_block_of_a_page_runs(page: Path, api_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    for number, block in enumerate(blocks(page)):
        code = block.replace("https://www.strava.com/api/v3", api_url)

        exec(compile(code, f"{page.name}, block {number + 1}", "exec"), {"__name__": "a_reader"})

        assert "print(" not in block or capsys.readouterr().out.strip()


LINK = re.compile(r"\]\(([^)#:]+\.md)")
CITED = re.compile(r"(?<![\w:])docs/[a-z0-9_/-]+\.md\b")
NAMED_FILE = re.compile(r"`((?:src|tests|docs|benchmarks)/[\w./-]*)`")


def test_the_contents_page_lists_every_page_once() -> None:
    links = LINK.findall((ROOT / "docs" / "README.md").read_text(encoding="utf-8"))

    pages = sorted(str(page.relative_to(ROOT / "docs")) for page in ROOT.glob("docs/**/*.md"))
    assert sorted(links) == [page for page in pages if page != "README.md"]


def test_every_link_to_a_page_leads_to_one() -> None:
    broken = [
        f"{page.name}: {link}"
        for page in PAGES
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / link).is_file()
    ]

    assert broken == []


def test_every_page_that_the_code_cites_exists() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {cited}"
        for folder in ("src", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        for cited in CITED.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / cited).is_file()
    ]

    assert broken == []


@reads_source
def test_the_architecture_names_files_that_exist() -> None:
    named = NAMED_FILE.findall((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []
    assert len(named) > 40


# Native readers stumbled over these; each is a regular expression. CONTRIBUTING says how to write instead.
STUMBLED_OVER = (
    *(r"reckon(?:ed|s|ing)?", r"fore(?:tell(?:s|ing)?|told)", "men's constants", "nears? are"),
    *("the download that you want", "deleted by asking", "two things is asked", "asked for, never guessed"),
    *("value from the API shows", "(?:an|your) own one", "requests can renew", "(?:what|that) is due", "due is erased"),
    *("(?:anybody|nobody) ever ran", "ever (?:run|ran) by", "no such things?", "private activities too, and the parts"),
    *("parts inside privacy zones", "error message of Strava's", "any wrappings?", "wrapping, means", "gone by"),
    *("one that is meant", "can so (?:not|never)", "lent by", "borrowed from the API", "belongs to nobody"),
)
# Fit for a sentence, not for the head of a section.
NO_HEADINGS = "In all|How much|How fast|How far|How hard|How it is [a-z]+|Day by day"
CODE_WORD = re.compile("`[a-z_]+`")
STUMBLES = re.compile(
    rf"(?i:\b(?:{'|'.join(STUMBLED_OVER)})\b)|(?:<h\d[^>]*>|<th[^>]*>|^|^#+ )(?:{NO_HEADINGS})(?:</|$)", re.MULTILINE
)


def visible_texts() -> Iterator[tuple[str, str]]:
    """Every text of the code and the pages that a person may read, with where it stands."""
    for page in PAGES:
        yield page.name, CODE_WORD.sub("", page.read_text(encoding="utf-8"))
    for path in (ROOT / "src").rglob("*.html"):
        yield path.name, path.read_text(encoding="utf-8")
    for path in (ROOT / "src").rglob("*.py"):
        # Pieces of one literal are one text here: the parser has joined them.
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield str(path.relative_to(ROOT)), node.value


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a training load is reckoned with men's constants",
            "near are form",
            "Foretell race times",
            "it was foretold",
        ),
        "It is the download that you want; nothing is deleted by asking for it",
        "What could mean two things is asked for, never guessed",
        "A value from the API shows, else your own one",
        "holds no more runs than six days of requests can renew",
        "What is due is erased whenever the logbook is opened, byte by byte",
        "neither does what is faster than anybody ever ran",
        "Strava has no such thing for this login",
        "Not granted: private activities too, and the parts inside privacy zones",
        "An error message of Strava's, in any wrapping, means something",
        *(
            "In all",
            "<h2>How much</h2>",
            "## How fast",
            "How it is reckoned",
            "it can so not be lost",
            "a file gone by now",
        ),
    ],
)
def test_the_list_knows_what_readers_stumbled_over(text: str) -> None:
    assert STUMBLES.search(text)


def test_nobody_reads_a_phrase_that_readers_stumbled_over() -> None:
    found = [
        f"{place}: {match.group()}"
        for place, text in visible_texts()
        for match in (*STUMBLES.finditer(text), *STUMBLES.finditer(" ".join(text.split())))
    ]

    assert found == []


def test_there_are_blocks_to_run() -> None:
    assert {"python.md", "use-the-token-elsewhere.md", "several-athletes.md"} <= {page.name for page in WITH_PYTHON}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_a_page_names_exists(page: Path) -> None:
    code = "\n".join(re.findall(r"^```(?:sh|console)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.DOTALL))

    assert {word for _, word in COMMAND.findall(code)} <= set(COMMANDS)


def test_every_command_has_help() -> None:
    from paceport.cli.main import paceport

    for word in COMMANDS:
        command = paceport.get_command(None, word)  # type: ignore[arg-type]  # the table needs no context
        assert command is not None
        assert command.help, word
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, f"{word}: {option.name}"


def test_what_was_decided_stands_in_one_place() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    rows = " ".join(line for line in text.splitlines() if not line.startswith("|"))
    sentences = [said for said in re.split(r"(?<=[.:])\s+", rows) if len(said) > 50]

    assert [said for said in set(sentences) if sentences.count(said) > 1] == []
    assert re.findall(r"[^\n]\n(## .*)", text) == []  # glued to the paragraph before it
