"""Charts of one's own: read from an address, drawn, kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest

from meanwhile import Meanwhile
from paceport.clock import ManualClock
from paceport.errors import UsageError
from paceport.training.history.history import History
from paceport.units import Units
from paceport.web.access import WRITE_TOKEN_HEADER
from paceport.web.form_post import FORM_TYPE
from paceport.web.own_chart import PERIODS, QUANTITIES, ChartQuery, own_chart, read_chart_query
from paceport.web.saved_charts import MOST_CHARTS, SavedCharts
from report.conftest import forty, forty_history  # noqa: F401  # the fixtures
from web.conftest import NOW
from web.serving import Answer, served

KM = Units("km")


@pytest.mark.parametrize("y", QUANTITIES)
def test_every_pair_of_quantities_gives_a_chart_whose_points_have_rows(
    forty_history: History,  # noqa: F811  # the fixture
    y: str,
) -> None:
    for x, by in (*(("day", by) for by in PERIODS), *((x, "run") for x in QUANTITIES)):
        query = ChartQuery(x=x, y=y, by=by)

        chart = own_chart(forty_history.runs, query, KM, name="own")

        assert read_chart_query(dict(parse_qsl(query.address()))) == query
        if chart is None:
            # The loops have one cadence, and some of their values are too few.
            continue
        assert chart.table.rows
        assert all(len(row.cells) == len(chart.table.headings) for row in chart.table.rows)
        assert all(chart.first - 1e-3 <= (row.at or 0.0) <= chart.last + 1e-3 for row in chart.table.rows)
        assert query.title == chart.title


def test_distance_against_the_date_has_a_dot_and_a_row_for_every_run(
    forty_history: History,  # noqa: F811  # the fixture
) -> None:
    chart = own_chart(forty_history.runs, ChartQuery(y="distance"), KM, name="own")

    assert chart is not None
    assert len(chart.table.rows) == 40
    assert [mark.path.count("M") for mark in chart.panels[0].marks] == [40]


def test_what_lies_outside_of_the_scale_is_counted_beneath(forty_history: History) -> None:  # noqa: F811
    model = forty_history.runs[0]
    many = [
        replace(
            model,
            id=number,
            heartrate_bpm=31.0 if number == 7 else 140.0 + number % 7,
            start=model.start + timedelta(days=number),
            local_start=model.local_start + timedelta(days=number),
        )
        for number in range(300)
    ]

    each = own_chart(many, ChartQuery(y="heart"), KM, name="own")
    weeks = own_chart(many, ChartQuery(y="heart", by="week"), KM, name="own")

    assert each is not None
    assert weeks is not None
    assert each.panels[0].marks[0].path.count("M") == 299
    assert each.beneath == "Not drawn: 1 below this scale."
    assert weeks.beneath == ""


def test_a_chart_of_weeks_shows_sums_of_what_adds_up(forty_history: History) -> None:  # noqa: F811  # the fixture
    chart = own_chart(forty_history.runs, ChartQuery(y="distance", by="month"), KM, name="own")
    assert chart is not None

    shown = sum(float(row.cells[1].replace(",", "")) for row in chart.table.rows)

    assert shown == pytest.approx(sum(run.distance_m or 0.0 for run in forty_history.runs) / 1000, abs=0.3)


def test_charts_are_kept_replaced_and_removed(tmp_path: Path) -> None:
    charts = SavedCharts(tmp_path / "data" / "charts.json")

    charts.save("Pace", "y=pace")
    charts.save("Climb", "y=climb&by=month&year=2025")
    charts.save("  Pace\x1b ", "y=heart&x=pace&__class__=1")
    charts.remove("nothing of that name")

    assert [(one.name, one.query.y) for one in charts.read()] == [("Climb", "climb"), ("Pace", "heart")]
    assert "__class__" not in (tmp_path / "data" / "charts.json").read_text()


def test_two_servers_that_keep_a_chart_at_once_keep_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data" / "charts.json"

    @contextmanager
    def other_server() -> Iterator[None]:
        SavedCharts(path).save("Climb", "y=climb")
        yield

    meanwhile = Meanwhile(monkeypatch, other_server(), before=True)
    SavedCharts(path).save("Pace", "y=pace")
    with meanwhile.ended():
        pass

    assert [one.name for one in SavedCharts(path).read()] == ["Pace", "Climb"]


@pytest.mark.parametrize("content", ["", "{}", "[1, {}]", "not json", "[" * 5000, '[{"name": 1, "query": 2}]'])
def test_a_damaged_file_of_charts_is_no_charts(tmp_path: Path, content: str) -> None:
    path = tmp_path / "charts.json"
    path.write_text(content)
    path.chmod(0o600)
    charts = SavedCharts(path)

    before = charts.read()
    charts.save("Pace", "y=pace")

    assert before == []
    assert [one.name for one in charts.read()] == ["Pace"]


def test_a_chart_without_a_name_and_one_too_many_are_refused(tmp_path: Path) -> None:
    charts = SavedCharts(tmp_path / "charts.json")
    for number in range(MOST_CHARTS):
        charts.save(f"Chart {number}", "")

    for name in ("", " \t", "One more"):
        with pytest.raises(UsageError):
            charts.save(name, "")

    charts.save("Chart 3", "y=heart")
    assert len(charts.read()) == MOST_CHARTS


def test_a_page_keeps_a_chart_and_the_first_page_shows_it(web_home: Path) -> None:
    with served(web_home, ManualClock(NOW)) as server:
        ours = {"Cookie": server.cookie, "Origin": server.origin, WRITE_TOKEN_HEADER: server.write_token()}
        body = json.dumps({"name": "My <b>pace</b>", "query": "y=pace&by=week"})
        stranger = server.ask("/charts/saved", "POST", {"Cookie": server.cookie}, body=body)
        kept = server.ask("/charts/saved", "POST", ours, body=body)
        first = server.read("/").text
        broken = [server.ask("/charts/saved", "POST", ours, body=one).status for one in ("", "[]", "{", "x" * 9999)]
        removed = server.ask("/charts/saved", "DELETE", ours, body=json.dumps({"name": "My <b>pace</b>"}))

        assert (stranger.status, kept.status, removed.status) == (403, 204, 204)
        assert "My &lt;b&gt;pace&lt;/b&gt;" in first
        assert broken == [400] * 4
        assert "Your charts" not in server.read("/").text


def test_a_form_without_script_keeps_and_removes_a_chart(web_home: Path) -> None:
    with served(web_home, ManualClock(NOW)) as server:
        ours = {"Cookie": server.cookie, "Origin": server.origin, "Content-Type": FORM_TYPE + "; charset=utf-8"}
        token = server.write_token()

        def send(headers: dict[str, str], **fields: str) -> Answer:
            return server.ask("/charts/saved", "POST", headers, body=urlencode(fields))

        refused = [
            send(ours, name="Mine", query="y=pace"),
            send(ours, name="Mine", query="y=pace", token="wrong"),
            send(ours, name="Mine", query="y=pace", token="\u00e9"),
            send(ours, name="Mine", query="y=pace" + "x" * 9999, token=token),
            send(ours | {"Origin": "null"}, name="Mine", query="y=pace", token=token),
            send(ours | {"Cookie": server.enter()}, name="Mine", query="y=pace", token=token),
            send(ours | {"Content-Type": "text/plain"}, name="Mine", query="y=pace", token=token),
            send({"Cookie": server.cookie, "Content-Type": FORM_TYPE}, name="Mine", query="y=pace", token=token),
        ]
        kept = send(ours, name="Mine", query="y=pace&by=week", token=token)
        shown = server.read("/charts").text
        nameless = send(ours, name=" ", query="y=pace", token=token)
        elsewhere = send(ours, name="Mine", query="//evil.example", token=token, remove="1")

        assert {answer.status for answer in refused} == {403}
        assert kept.status == elsewhere.status == 303
        assert kept.headers["location"] == "/charts?x=day&y=pace&by=week#kept"
        assert elsewhere.headers["location"].startswith("/charts?")
        assert "evil" not in elsewhere.headers["location"]
        assert 'aria-label="Remove Mine"' in shown
        assert nameless.status == 409
        assert "The chart has no name" in nameless.text
        assert "Remove Mine" not in server.read("/charts").text


def test_a_read_only_server_keeps_nothing(web_home: Path) -> None:
    with served(web_home, ManualClock(NOW), is_read_only=True) as server:
        ours = {"Cookie": server.cookie, "Origin": server.origin}

        answer = server.ask("/charts/saved", "POST", ours, body='{"name": "a", "query": ""}')

        assert answer.status in (403, 404, 405)
        assert 'name="write-token"' not in server.read("/charts").text
