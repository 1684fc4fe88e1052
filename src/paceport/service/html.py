"""The service's pages as HTML: a template and its values."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.look.style import base_style, icon_svg
from paceport.report.templates import template_environment
from paceport.scopes import meaning

if TYPE_CHECKING:
    from jinja2 import Environment

ASSETS_PATH = "/assets/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file of the pages."""

    content: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Style sheet, script and icon by name."""
    style = base_style() + _read("assets", "service.css")
    return {
        "service.css": Asset(content=style.encode(), media_type="text/css"),
        "own.js": Asset(content=_read("assets", "own.js").encode(), media_type="text/javascript"),
        "icon.svg": Asset(content=icon_svg().encode(), media_type="image/svg+xml"),
    }


def write_page(template: str, **values: object) -> str:
    """The page of a template with these values; all text is escaped."""
    return _environment().get_template(template).render(asset=_asset_address, meaning=meaning, **values)


@cache
def _asset_address(name: str) -> str:
    return f"{ASSETS_PATH}{name}?v={hashlib.sha256(assets()[name].content).hexdigest()[:16]}"


@cache
def _environment() -> Environment:
    return template_environment(lambda name: _read("templates", name))


def _read(folder: str, name: str) -> str:
    return files("paceport.service").joinpath(folder, name).read_text(encoding="utf-8")
