"""The tests can be collected on Windows: what cannot run there fails by itself, and takes no other test along."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conftest import ROOT

TESTS = ROOT / "tests"
# Programs that tests start, and that are never imported where tests are collected.
PROGRAMS = {"soak/program.py", "mutation/plugin.py"}
# Of the standard library, what a test of ours uses and Windows does not have.
MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"}
NAMES = {
    "os": {"fork", "geteuid", "getuid", "mkfifo", "openpty", "seteuid", "register_at_fork", "chown", "waitid"},
    "signal": {"SIGHUP", "SIGQUIT", "SIGKILL", "SIGSTOP", "SIGCONT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCHLD"},
    "socket": {"AF_UNIX"},
}


def read_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs when a module is imported: bodies of functions do not, their decorators do."""
    for name, value in ast.iter_fields(node):
        if isinstance(node, ast.Lambda) or (isinstance(node, ast.FunctionDef) and name in ("body", "returns")):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
                yield from read_at_import(child)


def lacking(tree: ast.Module) -> set[str]:
    """What a module needs at its import and Windows lacks."""
    found: set[str] = set()
    for node in read_at_import(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names} & MODULES
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} & MODULES
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {f"{node.value.id}.{name}" for name in {node.attr} & NAMES.get(node.value.id, set())}
    return found


def test_no_test_needs_at_its_import_what_windows_lacks() -> None:
    found = {
        path.relative_to(TESTS).as_posix(): lacking(ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(TESTS.rglob("*.py"))
        if path.relative_to(TESTS).as_posix() not in PROGRAMS and "node_modules" not in path.parts
    }

    assert {name: needs for name, needs in found.items() if needs} == {}


def test_an_import_a_decorator_and_a_constant_are_seen_and_a_body_is_not() -> None:
    text = """
import pty
SIGNALS = [signal.SIGHUP]
@mark(os.geteuid() != 0)
def test() -> None:
    import fcntl
    os.fork()
"""

    assert lacking(ast.parse(text)) == {"pty", "signal.SIGHUP", "os.geteuid"}
