"""The pages by name, and where a row of a chart's table leads."""

from __future__ import annotations

from paceport.report.pages.run_rows import run_link

Page = tuple[str, str]  # path and name
# They stand in the bar at the top; the first four at a phone's lower edge, too.
MAIN_PAGES: tuple[Page, ...] = (
    ("/", "Overview"),
    ("/runs", "Runs"),
    ("/training", "Training"),
    ("/calendar", "Calendar"),
    ("/records", "Records"),
    ("/map", "Map"),
)
# All others are in the menu, under the title of their group.
MENU: tuple[tuple[str, tuple[Page, ...]], ...] = (
    ("Look back", (("/year", "Year in review"), ("/years", "Years compared"), ("/charts", "Charts"))),
    ("Where", (("/routes", "Repeated routes"), ("/tiles", "Explorer tiles"))),
    ("Your data", (("/import", "Import files"), ("/sync", "Sync"), ("/account", "Account"))),
    ("Runs", (("/compare", "Compare runs"), ("/shoes", "Shoes"), ("/definitions", "Definitions"))),
)
Menu = tuple[tuple[str, tuple[Page, ...]], ...]

# Pages that can be shown for each sport.
SPORT_PAGES = frozenset({"/", "/runs", "/calendar", "/charts", "/year", "/years"})


def pages_named(noun: str) -> tuple[tuple[Page, ...], Menu]:
    """The pages of the bar and of the menu, where what the logbook holds is not called runs but `noun`."""
    if noun == "runs":
        return MAIN_PAGES, MENU

    def named(name: str) -> str:
        return name.replace("Runs", noun.capitalize()).replace("runs", noun)

    def all_named(pages: tuple[Page, ...]) -> tuple[Page, ...]:
        return tuple((path, named(name)) for path, name in pages)

    return all_named(MAIN_PAGES), tuple((named(title), all_named(pages)) for title, pages in MENU)


def row_link(anchor: str) -> str | None:
    """The page that the report's name for a part of itself stands for; None for a part that has no page."""
    kind, _, number = anchor.partition("-")
    if kind == "day":
        return f"/runs?from={number}&to={number}"
    if not number.isdigit() or kind not in ("run", "file"):
        return None
    return run_link(int(number) if kind == "run" else -int(number))
