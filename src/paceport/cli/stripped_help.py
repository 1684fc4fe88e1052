"""Help texts where Python has dropped the docstrings (`python -OO`): they are read from the source again."""

from __future__ import annotations

import inspect
from types import ModuleType

import click


def restore_help(command: click.Command, module: ModuleType, function: str) -> None:
    """Give a command without help the docstring of its function, as the source file has it, if there is one."""
    if command.help is None:
        command.help = _docstring(module, function)


def _docstring(module: ModuleType, function: str) -> str | None:
    import ast  # only here, because nearly every start goes without it

    try:
        tree = ast.parse(inspect.getsource(module))
    except (OSError, TypeError, SyntaxError):
        return None
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return ast.get_docstring(node)
    return None
