"""Imports point down: floor by floor, and inside one package on the same floor. See CONTRIBUTING.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src"

# The longest matching prefix decides. A module that none of these names is an error: give it a floor.
FLOORS = {
    "paceport": 0,  # the lazy public face
    "paceport.errors": 0,
    "paceport.fault": 0,
    "paceport.clock": 0,
    "paceport.message": 0,
    "paceport.secret": 0,
    "paceport.scopes": 0,
    "paceport.streams": 0,
    "paceport.oauth": 0,  # the package's docstring
    "paceport.oauth.protocol": 1,
    "paceport.api": 0,
    "paceport.api.endpoints": 1,
    "paceport.api.models": 1,
    "paceport.api.protocol": 1,
    "paceport.api.rates": 1,
    "paceport.api.ledger": 1,
    "paceport.analysis": 1,
    "paceport.logbook": 0,
    "paceport.logbook.archive": 1,
    "paceport.logbook.tracks": 1,
    "paceport.logbook.blocks": 1,
    "paceport.transport": 2,
    "paceport.oauth.pages": 1,
    "paceport.oauth.surroundings": 2,
    "paceport.oauth.loopback": 2,
    "paceport.oauth.paste": 2,
    "paceport.oauth.pending": 2,
    "paceport.oauth.vault": 2,
    "paceport.api.folders": 2,
    "paceport.api.budget": 2,
    "paceport.api.client": 2,
    "paceport.logbook.schema": 2,
    "paceport.logbook.store": 2,
    "paceport.oauth.keeper": 3,
    "paceport.oauth.arrival": 3,
    "paceport.oauth.login": 3,
    "paceport.oauth.adopt": 3,
    "paceport.oauth.revoke": 3,
    "paceport.api.uploads": 3,
    "paceport.api.journal": 2,
    "paceport.api.sniff": 1,
    "paceport.logbook.intake": 3,
    "paceport.logbook.sync": 3,
    "paceport.logbook.derive": 3,
    "paceport.logbook.insight": 2,
    "paceport.logbook.export": 3,
    "paceport.report": 3,
    "paceport.profile": 4,
    "paceport.adapters": 5,
    "paceport.cli": 5,
    "paceport.quick": 6,
    "paceport.__main__": 7,
}
MAY_IMPORT_SANDBOX = ("paceport.cli.sandbox", "paceport.cli.demo", "paceport.adapters.pytest", "paceport.sandbox")
MAY_IMPORT_HTTP = ("paceport.transport", "paceport.adapters")
HTTP_LIBRARIES = {"httpx", "httpx2", "requests", "urllib3", "aiohttp", "http.client", "urllib.request"}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted((SRC / "paceport").rglob("*.py")):
        parts = path.relative_to(SRC).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(module: str, prefixes: object) -> str | None:
    parts = module.split(".")
    candidates = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((name for name in candidates if name in prefixes), None)  # type: ignore[operator]  # dict or tuple


def floor(module: str) -> int:
    name = named(module, FLOORS)
    assert name is not None
    assert (
        name != "paceport" or module.count(".") == 0 or not (SRC / module.replace(".", "/")).with_suffix(".py").exists()
    ), f"{module} has no floor: add it to FLOORS"
    return FLOORS[name]


def package(module: str) -> str:
    return ".".join(module.split(".")[:2])


MODULES = list(modules())


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_imports_point_down(module: str, path: Path) -> None:
    for target in imports(path):
        if not target.startswith("paceport"):
            continue
        if named(target, {"paceport.sandbox": 0}):
            assert named(module, MAY_IMPORT_SANDBOX), f"{module} imports the sandbox"
            continue
        if named(module, ("paceport.sandbox",)):
            assert named(target, ("paceport.clock",)), f"the sandbox imports {target}: it may use clock.py alone"
            continue
        if module == "paceport":
            continue  # lazy: the names are resolved on first use
        here, there = floor(module), floor(target)
        assert there <= here, f"{module} (floor {here}) imports {target} (floor {there})"
        if there == here and here > 0:
            assert package(module) == package(target), f"{module} and {target} share floor {here} across packages"
        assert not (package(module) == "paceport.api" and package(target) == "paceport.oauth"), (
            "api never imports oauth"
        )


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_only_the_transport_imports_an_http_library(module: str, path: Path) -> None:
    if named(module, MAY_IMPORT_HTTP) or module == "paceport.sandbox.webhooks":
        return

    used = {
        name for target in imports(path) for name in HTTP_LIBRARIES if target == name or target.startswith(name + ".")
    }

    assert not used, f"{module} imports {used}"


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_only_the_clock_asks_for_the_time(module: str, path: Path) -> None:
    if module in {"paceport.clock", "paceport.quick"}:
        return
    forbidden = {"time", "monotonic", "perf_counter", "sleep", "now", "utcnow", "today"}

    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in forbidden and isinstance(node.value, ast.Name):
            assert node.value.id not in {"time", "datetime", "date"}, f"{module}:{node.lineno} asks the machine's clock"


def test_the_entry_imports_nothing_of_ours_before_it_hands_over() -> None:
    path = SRC / "paceport" / "quick.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))

    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in top for alias in node.names} if top else set()

    assert names <= {"os", "sys", "json", "time"}
