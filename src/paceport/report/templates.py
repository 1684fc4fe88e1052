"""Templates of pages: those of the report, and the macros for charts and tables that every page of runs shares."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def read_part(name: str) -> str:
    """A template, style sheet or script of the report or of the pages it shares with `serve`, as text."""
    folder = files("paceport.report")
    found = folder.joinpath(name)
    return (found if found.is_file() else folder.joinpath("pages", name)).read_text(encoding="utf-8")


def template_environment(
    read: Callable[[str], str], *, link: Callable[[str], str | None] = lambda address: address
) -> Environment:
    """An environment that escapes all text and finds templates by name through `read`, which raises FileNotFoundError.

    `link` says where an address of `serve` leads from here; None: nowhere.
    `charts.html` needs three values wherever it is imported: `titles` of metrics by name, `definition_link(name)` and
    `row_link(anchor)`, which gives None where nothing tells more of a row.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(read),
        auto_reload=False,
    )
    environment.globals["link"] = link
    return environment
