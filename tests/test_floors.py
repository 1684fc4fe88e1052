"""The house rules: imports point down, floor by floor, and nothing grows past its budget. See docs/architecture.md.

One test a rule: each reads all modules and names every one that breaks it.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conftest import ROOT, reads_source

pytestmark = reads_source

SRC = ROOT / "src"

# The longest matching prefix decides. A module that none of these names breaks a rule: give it a floor.
FLOORS = {
    "paceport.errors": 0,
    "paceport.install": 0,
    "paceport.parse_quantities": 0,
    "paceport.amount_text": 0,
    "paceport.error_body": 0,
    "paceport.system_errors": 0,
    "paceport.clock": 0,
    "paceport.http_message": 0,
    "paceport.secret": 0,
    "paceport.secret_filter": 0,
    "paceport.scopes": 0,
    "paceport.streams": 0,
    "paceport.channels": 0,
    "paceport.units": 0,
    "paceport.text": 0,
    "paceport.geodesy": 0,
    "paceport.time_zones": 0,
    "paceport.csv_text": 0,
    "paceport.plausible_time": 0,
    "paceport.lazy_dataclass": 0,
    "paceport.look": 0,
    "paceport.notebook": 0,
    "paceport.sports": 0,
    "paceport.storage": 1,
    "paceport.formats": 1,
    "paceport.oauth.protocol": 1,
    "paceport.api.endpoints": 1,
    "paceport.api.models": 1,
    "paceport.api.protocol": 1,
    "paceport.api.rate_limit": 1,
    "paceport.api.refused_token": 1,
    "paceport.api.upload.file_type": 1,
    "paceport.maps": 1,
    "paceport.training.metrics": 1,
    "paceport.training.cleaning": 1,
    "paceport.transport": 2,
    "paceport.oauth.token_store": 2,
    "paceport.api.rate_limit.file_budget": 2,
    "paceport.api.rate_limit.postgres": 2,
    "paceport.api.client": 2,
    "paceport.api.upload": 2,
    "paceport.logbook.recordings": 1,
    "paceport.logbook.database": 2,
    "paceport.logbook.amending": 2,
    "paceport.oauth.keeper": 3,
    "paceport.oauth.login": 3,
    "paceport.oauth.import_tokens": 3,
    "paceport.oauth.revoke": 3,
    "paceport.oauth.move_login": 3,
    "paceport.api.upload.uploader": 3,
    "paceport.logbook.importing": 3,
    "paceport.logbook.syncing": 3,
    "paceport.logbook.exporting": 3,
    "paceport.logbook.backup": 4,
    "paceport.logbook.watching": 4,
    "paceport.training.history": 3,
    "paceport.training.compute": 3,
    "paceport.explain": 3,
    "paceport.jobs": 4,
    "paceport.profile": 4,
    "paceport.report": 4,
    "paceport.pictures": 4,
    "paceport.web": 5,
    "paceport.web.form_post": 4,
    "paceport.web.server_config": 4,
    "paceport.service": 5,
    "paceport.adapters": 6,
    "paceport.cli": 6,
    "paceport.quick": 7,
    "paceport.__main__": 8,
}
# Packages that hold nothing but a docstring.
EMPTY = {"paceport.oauth", "paceport.api", "paceport.logbook", "paceport.training"}
MAY_IMPORT_SANDBOX = ("paceport.cli.sandbox", "paceport.cli.demo", "paceport.adapters.pytest", "paceport.sandbox")
SANDBOX_MAY_IMPORT = ("paceport.clock", "paceport.look", "paceport.sandbox")
MAY_IMPORT_HTTP = ("paceport.transport.http_transport", "paceport.adapters", "paceport.sandbox.http")
HTTP_LIBRARIES = ("httpx", "httpx2", "requests", "urllib3", "aiohttp", "http.client", "urllib.request")
# Each floor of the sandbox, lowest first.
SANDBOX_FLOORS = ("athletes", "upload_files", "bulk_export", "state", "json", "http")
DEEPEST_IMPORT = 12
LONGEST_MODULE, LONGEST_FUNCTION = 400, 40
LONGEST_REPEAT = 8
# One home here and one in the sandbox, which shares none of our constants: docs/decisions.md.
HOMES = {
    1609.344: {"paceport.units", "paceport.sandbox.athletes.splits"},
    6371008.8: {"paceport.geodesy", "paceport.sandbox.athletes.geometry"},
    111195.0: {"paceport.geodesy", "paceport.sandbox.athletes.geometry"},
}


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module


@cache
def modules() -> Mapping[str, Module]:
    found = {}
    for path in sorted((SRC / "paceport").rglob("*.py")):
        parts = path.relative_to(SRC).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name=name, path=path, tree=ast.parse(path.read_text(encoding="utf-8")))
    return found


def targets(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """What these import statements name: our own modules where there are such, else the words as they stand."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                ours = str(node.module).split(".")[0] == "paceport" and whole not in modules()
                yield str(node.module) if ours else whole


def imports(module: Module) -> set[str]:
    """All that a module imports anywhere: at its top, for the type checker, and inside functions."""
    return set(targets(ast.walk(module.tree))) - {module.name}


def imports_at_start(module: Module) -> set[str]:
    """Our own modules that are loaded when this one is."""

    def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
        for node in body:
            yield node
            if isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
                yield from statements((*node.body, *node.orelse))

    return {name for name in targets(statements(module.tree.body)) if name in modules()} - {module.name}


def under(name: str, prefixes: Iterable[str]) -> str | None:
    """The longest of the prefixes that is this module or a package round it."""
    return max((one for one in prefixes if name == one or name.startswith(one + ".")), key=len, default=None)


def floor(name: str) -> int | None:
    prefix = under(name, FLOORS)
    return FLOORS[prefix] if prefix else None


def room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def is_ours_outside_the_sandbox(name: str) -> bool:
    return name != "paceport" and name not in EMPTY and not under(name, ("paceport.sandbox",))


def test_every_module_has_a_floor() -> None:
    homeless = [name for name in modules() if is_ours_outside_the_sandbox(name) and floor(name) is None]

    assert homeless == []


def test_every_floor_has_a_module() -> None:
    assert [name for name in FLOORS if name not in modules()] == []


def test_imports_point_down() -> None:
    wrong = []
    for module in filter(lambda one: is_ours_outside_the_sandbox(one.name), modules().values()):
        here = floor(module.name) or 0
        for target in imports(module):
            there = floor(target)
            if there is None or under(target, ("paceport.sandbox",)):
                continue
            if there > here or (there == here > 0 and room(target) != room(module.name)):
                wrong.append(f"{module.name} (floor {here}) imports {target} (floor {there})")

    assert wrong == []


def test_the_api_never_imports_the_login() -> None:
    wrong = [
        f"{module.name} imports {target}"
        for module in modules().values()
        if room(module.name) == "paceport.api"
        for target in imports(module)
        if room(target) == "paceport.oauth"
    ]

    assert wrong == []


def test_the_sandbox_stands_alone() -> None:
    wrong = []
    for module in modules().values():
        is_sandbox = under(module.name, ("paceport.sandbox",))
        for target in imports(module):
            if under(target, ("paceport.sandbox",)) and not under(module.name, MAY_IMPORT_SANDBOX):
                wrong.append(f"{module.name} imports {target}")
            if is_sandbox and under(target, ("paceport",)) and not under(target, SANDBOX_MAY_IMPORT):
                wrong.append(f"{module.name} imports {target}")

    assert wrong == []


def test_inside_the_sandbox_imports_point_down() -> None:
    def height(name: str) -> int | None:
        parts = name.split(".")
        return SANDBOX_FLOORS.index(parts[2]) if parts[:2] == ["paceport", "sandbox"] and len(parts) > 2 else None

    wrong = []
    for module in modules().values():
        here = height(module.name)
        for target in imports(module) if here is not None else ():
            there = height(target)
            if here is not None and there is not None and there > here:
                wrong.append(f"{module.name} imports {target}")

    assert wrong == []


def test_only_the_transport_imports_an_http_library() -> None:
    wrong = [
        f"{module.name} imports {target}"
        for module in modules().values()
        if not under(module.name, MAY_IMPORT_HTTP)
        for target in imports(module)
        if under(target, HTTP_LIBRARIES)
    ]

    assert wrong == []


def test_only_the_clock_asks_for_the_time() -> None:
    forbidden = {"time", "monotonic", "perf_counter", "sleep", "now", "utcnow", "today"}
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules().values()
        if module.name not in {"paceport.clock", "paceport.quick"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in forbidden
        if isinstance(node.value, ast.Name) and node.value.id in {"time", "datetime", "date"}
    ]

    assert wrong == []


def test_the_entry_imports_nothing_of_ours_before_it_hands_over() -> None:
    assert set(targets(modules()["paceport.quick"].tree.body)) <= {"os", "sys", "json", "time"}


def test_no_imports_go_round_in_a_circle() -> None:
    """Imports inside functions count: a circle hidden in one is a circle."""
    done: set[str] = set()
    circles = []

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            circles.append(" > ".join((*trail[trail.index(name) :], name)))
        elif name not in done:
            for target in sorted(imports(modules()[name])):
                if target in modules():
                    visit(target, (*trail, name))
            done.add(name)

    for name in modules():
        if name != "paceport":  # its lazy names reach everything, and what imports it means its docstring alone
            visit(name, ())

    assert circles == []


def test_no_import_chain_is_deeper_than_its_budget() -> None:
    @cache
    def chain(name: str) -> tuple[str, ...]:
        below = (chain(target) for target in imports_at_start(modules()[name]))
        return (name, *max(below, key=len, default=()))

    deepest = max(map(chain, modules()), key=len)

    assert len(deepest) <= DEEPEST_IMPORT, " > ".join(deepest)


def test_no_module_outgrows_its_budget() -> None:
    lengths = {name: module.path.read_text(encoding="utf-8").count("\n") for name, module in modules().items()}

    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_function_outgrows_its_budget() -> None:
    wrong = {
        f"{module.name}.{node.name}": length
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }

    assert wrong == {}


def telling_lines(module: Module) -> list[tuple[int, str]]:
    """The lines of a module that say something: no blank lines, comments, imports or lone punctuation."""
    imported = {
        number
        for node in module.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(module.path.read_text(encoding="utf-8").splitlines(), start=1)
    return [
        (number, line.strip())
        for number, line in lines
        if number not in imported
        and any(map(str.isalnum, line))
        and not line.lstrip().startswith(("#", "import ", "from "))
    ]


def test_no_lines_are_written_twice() -> None:
    first_place: dict[tuple[str, ...], tuple[str, int]] = {}
    repeated = []
    for name, module in modules().items():
        lines = telling_lines(module)
        for start in range(len(lines) - LONGEST_REPEAT):
            run = lines[start : start + LONGEST_REPEAT + 1]
            place = first_place.setdefault(tuple(text for _, text in run), (name, run[0][0]))
            if place != (name, run[0][0]):
                repeated.append(f"{name}:{run[0][0]} repeats {place[0]}:{place[1]}")

    assert repeated == []


def test_each_constant_has_one_home() -> None:
    strays = [
        f"{name}:{node.lineno} writes {node.value} again"
        for name, module in modules().items()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
        if name not in HOMES.get(node.value, {name})
    ]

    assert strays == []
