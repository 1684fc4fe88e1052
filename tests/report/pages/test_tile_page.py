"""Explorer tiles: how they grew, as a chart and as the table that says the same."""

from __future__ import annotations

from dataclasses import replace

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.report.pages.tile_page import growth_chart
from paceport.training.history.history import History
from paceport.training.history.visited_tiles import visited_tiles
from report.conftest import NOW, forty, forty_history, store  # noqa: F401  # the fixtures
from report.logbooks import history_of, loop_streams, save


def far_streams(store: Store, number: int) -> None:  # noqa: F811
    """A run that begins a few tiles east of the one before."""
    streams = loop_streams(minutes=20.0)
    assert streams.longitude_deg is not None
    save(store, number, replace(streams, longitude_deg=streams.longitude_deg + 0.05 * number))


def test_the_growth_of_tiles_says_the_same_in_the_chart_and_in_its_table(store: Store) -> None:  # noqa: F811
    for number in range(4):
        far_streams(store, number)
    found = visited_tiles(history_of(store, ManualClock(NOW)).runs)
    chart = growth_chart(found)

    assert chart is not None
    assert chart.table.headings == ("Day", "new", "visited", "square", "cluster")
    assert [row.cells[2] for row in chart.table.rows] == [str(entry.visited) for entry in found.growth]
    assert sum(int(row.cells[1]) for row in chart.table.rows) == len(found.visits)
    assert [row.at for row in chart.table.rows] == [0.0, 2.0, 4.0, 6.0]
    assert [panel.label.split()[0] for panel in chart.panels] == ["tiles", "side", "tiles"]
    assert chart.panels[0].marks[0].path.count("V") == len(chart.table.rows) - 1


def test_what_came_on_one_day_alone_has_no_growth(forty_history: History) -> None:  # noqa: F811
    assert growth_chart(visited_tiles(forty_history.runs)) is None
