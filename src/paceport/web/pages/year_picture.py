"""The picture of a year, to be seen and saved."""

from __future__ import annotations

from typing import Literal

from paceport.pictures.svg import DARK, LIGHT
from paceport.pictures.year_picture import Shape, year_picture
from paceport.report.pages.map_page import FindCircles, circles_of
from paceport.report.pages.snapshot import Snapshot
from paceport.report.pages.year_page import chosen_year


def picture_of_year(
    snapshot: Snapshot, find_circles: FindCircles, year: int | None, *, shape: Shape, light: Literal["light", "dark"]
) -> str:
    """The SVG picture, without private places."""
    facts = chosen_year(snapshot, year)
    theme = DARK if light == "dark" else LIGHT

    def draw() -> str:
        return year_picture(facts, circles_of(snapshot, find_circles), snapshot.units, shape=shape, theme=theme)

    return snapshot.once(("year picture", facts.year, shape, light), draw)
