"""Pieces of an SVG picture as text: shapes, words, the whole document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from paceport.maps.thin_lines import ends_of_lines, seen_points
from paceport.text import clean

if TYPE_CHECKING:
    from paceport.streams import Channel

# What most machines have first; what every PNG is drawn with is found by the renderer.
_DETAIL = 3.0  # tenths: how far a line may lie from where it went
FONTS = "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours of a picture: paper, ink, a softer ink, hairlines, and the colour of tracks."""

    paper: str
    ink: str
    soft: str
    rule: str
    track: str
    ramp: tuple[str, ...]


LIGHT = Theme(
    paper="#f8f6f1",
    ink="#17202a",
    soft="#6b7280",
    rule="#e4dfd4",
    track="#0b7468",
    ramp=("#ebe7dd", "#c3ddd5", "#8fc4b8", "#4fa394", "#0b7468", "#07463f"),
)
DARK = Theme(
    paper="#0d131a",
    ink="#f2f5f8",
    soft="#8d9aa8",
    rule="#1e2833",
    track="#45c4b2",
    ramp=("#18212b", "#174a48", "#1f6f69", "#2f9a8f", "#45c4b2", "#c3fff5"),
)
# For a picture in a page: the style within it says what each name stands for.
VARIABLE = Theme(
    paper="var(--paper)",
    ink="var(--ink)",
    soft="var(--soft)",
    rule="var(--rule)",
    track="var(--track)",
    ramp=tuple(f"var(--ramp{number})" for number in range(len(LIGHT.ramp))),
)


def theme_style() -> str:
    """What the names of VARIABLE stand for, in light and in dark."""
    light, dark = (_named(theme) for theme in (LIGHT, DARK))
    return f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _named(theme: Theme) -> str:
    colours = {"paper": theme.paper, "ink": theme.ink, "soft": theme.soft, "rule": theme.rule, "track": theme.track}
    colours |= {f"ramp{number}": colour for number, colour in enumerate(theme.ramp)}
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


def words(
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    fill: str,
    weight: int = 400,
    anchor: str = "start",
    spacing: float = 0,
) -> str:
    """A line of text whose base line begins (or ends, or has its middle) at x, y."""
    space = f' letter-spacing="{spacing:g}"' if spacing else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}"{space}>{escape(clean(text))}</text>'
    )


def path(drawn: str, *, stroke: str, width: float, opacity: float = 1.0, fill: str = "none") -> str:
    """A line with round joins."""
    faint = f' stroke-opacity="{opacity:g}"' if opacity < 1 else ""
    return (
        f'<path d="{drawn}" fill="{fill}" stroke="{stroke}" stroke-width="{width:g}" stroke-linejoin="round" '
        f'stroke-linecap="round"{faint}/>'
    )


def box(x: float, y: float, width: float, height: float, *, fill: str, radius: float = 0) -> str:
    """A filled rectangle."""
    corner = f' rx="{radius:g}"' if radius else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"{corner}/>'


def clipped(parts: Iterable[str], x: float, y: float, width: float, height: float) -> str:
    """The parts, as far as they lie within a box. A picture may hold one of it."""
    frame = box(x, y, width, height, fill="#000")
    return f'<clipPath id="frame">{frame}</clipPath><g clip-path="url(#frame)">{"".join(parts)}</g>'


def line_through(x: Channel, y: Channel) -> str:
    """The data of a path through these points, to a tenth; steps that nobody could see go."""
    points = np.rint(np.stack((x, y), axis=1) * 10).astype(int)
    if len(points) < 2 or not np.ptp(points, axis=0).any():
        return ""
    shown = (points[seen_points(points, ends_of_lines(np.array([len(points)])), detail=_DETAIL)] / 10).tolist()
    return "M" + "L".join(f"{left:g} {top:g}" for left, top in shown)


def document(width: float, height: float, parts: Iterable[str], *, theme: Theme, title: str) -> str:
    """The whole picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" font-family={quoteattr(FONTS)} role="img"><title>{escape(clean(title))}</title>'
        f"{box(0, 0, width, height, fill=theme.paper)}{''.join(parts)}</svg>\n"
    )
