"""Style sheet, scripts and icon: served with a mark of their content, so that a browser asks once."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from paceport.lazy_dataclass import dataclass
from paceport.look.style import base_style, icon_svg
from paceport.report.templates import read_part

_SHARED_STYLES = ("charts.css", "pages.css", "map.css")
_SHARED_SCRIPTS = ("charts.js", "map.js")
_STYLES = ("app.css", "menu.css", "journey.css", "account.css")
_SCRIPTS = ("menu.js", "runs.js", "run.js", "saved.js", "task.js", "folders.js", "import.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file: its bytes, its media type, and a mark that changes with the bytes."""

    content: bytes
    media_type: str
    mark: str


@cache
def assets() -> dict[str, Asset]:
    """All of them by name."""
    style = base_style() + "".join(map(read_part, _SHARED_STYLES)) + "".join(map(read_asset, _STYLES))
    texts = {"app.css": (style, "text/css"), "icon.svg": (icon_svg(), "image/svg+xml")}
    texts |= {name: (read_part(name), "text/javascript") for name in _SHARED_SCRIPTS}
    texts |= {name: (read_asset(name), "text/javascript") for name in _SCRIPTS}
    return {name: _asset(text, media_type) for name, (text, media_type) in texts.items()}


def asset_address(name: str) -> str:
    """The address of an asset as it is now."""
    return f"/assets/{name}?v={assets()[name].mark}"


def read_asset(name: str) -> str:
    """A file of the folder `assets` as text."""
    return files("paceport.web").joinpath("assets", name).read_text(encoding="utf-8")


def _asset(text: str, media_type: str) -> Asset:
    content = text.encode()
    return Asset(content=content, media_type=media_type, mark=hashlib.sha256(content).hexdigest()[:16])
