"""The year in one picture: its map, its figures, its months, and the years before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from paceport.maps.place import HiddenCircle
from paceport.pictures.shown_tracks import on_one_map, shown_tracks
from paceport.pictures.svg import VARIABLE, Theme, box, clipped, document, path, theme_style, words
from paceport.sports import RUN_SPORTS
from paceport.training.history.sport_figures import noun
from paceport.training.history.year_facts import YearFacts
from paceport.training.history.year_figures import MONTHS, noun_of_year, year_figures
from paceport.units import Units

Shape = Literal["tall", "wide"]
SIZES: dict[Shape, tuple[int, int]] = {"tall": (1080, 1350), "wide": (1200, 630)}
_MOST_YEARS = 8


def year_picture(
    facts: YearFacts, circles: Sequence[HiddenCircle], units: Units, *, shape: Shape = "tall", theme: Theme
) -> str:
    """The SVG picture of a year, without what lies within the circles. It names no run and no place."""
    width, height = SIZES[shape]
    draw = _tall if shape == "tall" else _wide
    title = (
        f"{facts.year}: {units.distance(facts.distance_m, 0)} {units.name} in {len(facts.runs):,} {noun_of_year(facts)}"
    )
    return document(width, height, draw(facts, circles, units, theme), theme=theme, title=title)


def year_picture_in_any_light(facts: YearFacts, circles: Sequence[HiddenCircle], units: Units) -> str:
    """The tall picture for a page: in a browser that prefers dark, it is dark."""
    drawn = year_picture(facts, circles, units, theme=VARIABLE)
    return drawn.replace("<title>", f"<style>{theme_style()}</style><title>", 1)


def _tall(facts: YearFacts, circles: Sequence[HiddenCircle], units: Units, theme: Theme) -> list[str]:
    parts = [
        words(72, 124, str(facts.year), size=44, weight=700, fill=theme.track),
        words(1008, 124, _what_for(facts), size=28, fill=theme.soft, anchor="end"),
        clipped(_tracks(facts, circles, theme, (72.0, 176.0, 936.0, 540.0)), 0, 150, 1080, 592),
        words(66, 904, units.distance(facts.distance_m, 0), size=172, weight=700, fill=theme.ink, spacing=-7),
        words(1008, 900, _unit_word(units), size=40, fill=theme.soft, anchor="end"),
    ]
    figures = year_figures(facts, units)
    step = 936 / max(1, len(figures))
    for number, (value, what) in enumerate(figures):
        parts.append(words(72 + number * step, 998, value, size=40, weight=700, fill=theme.ink, spacing=-1))
        parts.append(words(72 + number * step, 1032, what, size=21, fill=theme.soft))
    parts += _months(facts, units, theme, (72.0, 1084.0, 560.0, 150.0))
    parts += _years(facts, units, theme, (720.0, 1084.0, 288.0, 150.0))
    return parts


def _wide(facts: YearFacts, circles: Sequence[HiddenCircle], units: Units, theme: Theme) -> list[str]:
    parts = [
        clipped(_tracks(facts, circles, theme, (640.0, 48.0, 512.0, 534.0)), 600, 0, 600, 630),
        words(56, 96, str(facts.year), size=36, weight=700, fill=theme.track),
        words(52, 238, units.distance(facts.distance_m, 0), size=132, weight=700, fill=theme.ink, spacing=-5),
        words(56, 286, _unit_word(units), size=28, fill=theme.soft),
    ]
    for number, (value, what) in enumerate(year_figures(facts, units)):
        x, y = 56 + 180 * (number % 3), 366 + 84 * (number // 3)
        parts.append(words(x, y, value, size=34, weight=700, fill=theme.ink))
        parts.append(words(x, y + 27, what, size=17, fill=theme.soft))
    return [*parts, *_months(facts, units, theme, (56.0, 506.0, 500.0, 62.0), has_words=False)]


def _what_for(facts: YearFacts) -> str:
    return "a year of running" if facts.sports == RUN_SPORTS else f"a year of {noun(facts.sports)}"


def _unit_word(units: Units) -> str:
    return "kilometres" if units.name == "km" else "miles"


def _tracks(
    facts: YearFacts, circles: Sequence[HiddenCircle], theme: Theme, place: tuple[float, float, float, float]
) -> list[str]:
    drawn = on_one_map(shown_tracks(facts.runs, circles), *place)
    opacity = 0.9 if len(drawn) < 12 else 0.42
    return [path(one, stroke=theme.track, width=3.2, opacity=opacity) for one in drawn if one]


def _months(
    facts: YearFacts, units: Units, theme: Theme, place: tuple[float, float, float, float], *, has_words: bool = True
) -> list[str]:
    """A bar for each month; the best one in full colour."""
    x, y, width, height = place
    most, step = max(facts.months_m) or 1.0, width / 12
    parts = []
    for number, length_m in enumerate(facts.months_m):
        tall = max(3.0, height * length_m / most) if length_m else 0.0
        fill = theme.track if number + 1 == facts.best_month else theme.ramp[2]
        parts.append(box(x + number * step, y + height - tall, step * 0.72, tall, fill=fill, radius=3))
        if has_words:
            middle = x + number * step + step * 0.36
            parts.append(words(middle, y + height + 30, MONTHS[number][0], size=19, fill=theme.soft, anchor="middle"))
    if has_words and facts.best_month is not None:
        text = f"best month: {MONTHS[facts.best_month - 1]}, {units.distance(most, 0)} {units.name}"
        parts.append(words(x, y + height + 66, text, size=21, fill=theme.soft))
    return parts


def _years(facts: YearFacts, units: Units, theme: Theme, place: tuple[float, float, float, float]) -> list[str]:
    """The years as bars beside each other, up to this one."""
    x, y, width, height = place
    shown = [one for one in facts.years if one[0] <= facts.year][-_MOST_YEARS:]
    if len(shown) < 2:
        return []
    most, step = max(length_m for _, length_m in shown) or 1.0, width / len(shown)
    parts = []
    for number, (year, length_m) in enumerate(shown):
        tall = max(3.0, height * length_m / most)
        fill = theme.track if year == facts.year else theme.ramp[2]
        parts.append(box(x + number * step, y + height - tall, step * 0.72, tall, fill=fill, radius=3))
        middle, word = x + number * step + step * 0.36, f"{year % 100:02d}"
        parts.append(words(middle, y + height + 30, word, size=19, fill=theme.soft, anchor="middle"))
    return [*parts, words(x, y + height + 66, f"{units.name} each year", size=21, fill=theme.soft)]
