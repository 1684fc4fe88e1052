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
    """A file of this package as text: `charts.html`, `charts.css` and `charts.js` serve every page with charts."""
    return files("paceport.report").joinpath(name).read_text(encoding="utf-8")


def template_environment(read: Callable[[str], str]) -> Environment:
    """An environment that escapes all text and finds templates by name through `read`, which raises FileNotFoundError.

    `charts.html` needs three values wherever it is imported: `titles` of metrics by name, `definition_link(name)` and
    `row_link(anchor)`, which gives None where nothing tells more of a row.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(read),
        auto_reload=False,
    )
