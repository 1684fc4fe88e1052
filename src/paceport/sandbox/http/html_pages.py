"""The sandbox's own HTML, rendered from the templates that lie beside this module."""

from __future__ import annotations

from importlib import resources

import jinja2
from markupsafe import Markup

from paceport.look.style import base_style, icon_address


def render(template: str, **values: object) -> str:
    """A page as text. Every value is escaped."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, loader=jinja2.FunctionLoader(_read)
    )
    # Our own files, no text of anybody else's in them.
    style = Markup(base_style())  # noqa: S704  # as said
    return environment.get_template(template).render(base_style=style, icon=icon_address(), **values)


def _read(name: str) -> str:
    return resources.files("paceport.sandbox.http").joinpath("templates", name).read_text(encoding="utf-8")
