"""The base style sheet and the icon as text. Each page adds its own rules after it."""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files


@cache
def base_style() -> str:
    """The CSS that every page begins with: colours as custom properties for light and dark, body, links, focus.

    --paper and --card are grounds, --ink and --soft texts on either, --rule lines, --accent what may be pressed,
    --on-accent text on it, --notice a quiet highlight, --bad what went wrong, --focus the keyboard's outline.
    """
    return _read("base.css")


@cache
def icon_svg() -> str:
    """The icon as an SVG document."""
    return _read("icon.svg").strip()


@cache
def icon_address() -> str:
    """The icon as a data: address, for `<link rel="icon">`; no page has to ask for it."""
    return "data:image/svg+xml;base64," + base64.b64encode(icon_svg().encode()).decode()


def _read(name: str) -> str:
    return files("paceport.look").joinpath(name).read_text(encoding="utf-8")
