"""A picture as PNG, drawn by resvg, which needs no browser and no library of the system."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from importlib.util import find_spec

from paceport.errors import MissingExtra, PaceportError

_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><text y="8" font-size="10">{}</text></svg>'
# The renderer lets no other thread of its process run, and no Ctrl-C in: a map of 1,400 runs takes it four seconds.
_CHILD = """import sys; sys.path[:] = {path!r}; import resvg_py
svg = sys.stdin.buffer.read().decode()
png = resvg_py.svg_to_bytes(svg_string=svg, width={width}, font_family={family!r}, sans_serif_family={family!r})
sys.stdout.buffer.write(bytes(png))"""
# Fonts that systems come with, the finest first; the renderer takes none that is not named.
FAMILIES = (
    *(
        "Inter",
        "Helvetica Neue",
        "Helvetica",
        "Segoe UI",
        "Arial",
        "Liberation Sans",
        "Roboto",
        "Noto Sans",
        "Open Sans",
    ),
    *("Ubuntu", "Cantarell", "Lato", "DejaVu Sans", "FreeSans", "Verdana", "Tahoma", "Bitstream Vera Sans"),
)


def to_png(svg: str, *, width_px: int, families: tuple[str, ...] = FAMILIES) -> bytes:
    """The picture so many pixels wide, its words in the first of these fonts that is installed.

    Another process draws it, so that this one can be interrupted and can go on answering.
    Raises MissingExtra, and PaceportError where none of the fonts is there.
    """
    if find_spec("resvg_py") is None:
        raise MissingExtra(extra="pictures", needed_for="A PNG picture")
    family = find_font(families)
    if family is None:
        raise PaceportError(
            what="The words of the picture cannot be drawn",
            why="no usual font is installed on this machine",
            fix="write an .svg file, or install a font; on Debian: apt install fonts-dejavu-core",
        )
    code = _CHILD.format(path=[place for place in sys.path if place], width=width_px, family=family)
    try:
        drawn = subprocess.run(  # noqa: S603  # our own interpreter and our own words
            [sys.executable, "-c", code],
            input=svg.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the parent's, who ends its child
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):  # no process can be started, or it died, for its memory say
        import resvg_py

        return bytes(
            resvg_py.svg_to_bytes(svg_string=svg, width=width_px, font_family=family, sans_serif_family=family)
        )
    return drawn.stdout


@cache
def find_font(families: tuple[str, ...] = FAMILIES) -> str | None:
    """The first of these fonts that the renderer finds; with none it leaves words out and says nothing."""
    import resvg_py

    def drawn(text: str, family: str) -> bytes:
        return bytes(resvg_py.svg_to_bytes(svg_string=_PROBE.format(text), font_family=family))

    return next((family for family in families if drawn("H", family) != drawn("", family)), None)
