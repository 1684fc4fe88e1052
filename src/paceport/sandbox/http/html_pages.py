"""The sandbox's own HTML, rendered from the templates that lie beside this module."""

from __future__ import annotations

from importlib import resources

import jinja2


def render(template: str, **values: object) -> str:
    """A page as text. Every value is escaped."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, loader=jinja2.FunctionLoader(_read)
    )
    return environment.get_template(template).render(**values)


def _read(name: str) -> str:
    return resources.files("paceport.sandbox.http").joinpath("templates", name).read_text(encoding="utf-8")
