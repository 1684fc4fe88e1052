"""What a triathlete, a cyclist and a swimmer see: every command answers, whatever their logbook holds."""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from makers.every_sport import Session, cyclist, swimmer, triathlete, written
from makers.export_writer import write_zip
from paceport.clock import ManualClock
from shell import Shell

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
Home = Callable[[str], Shell]
ATHLETES: dict[str, Callable[[], Sequence[Session]]] = {
    "triathlete": triathlete,
    "cyclist": cyclist,
    "swimmer": swimmer,
}
ANSWERS = (
    *(
        ("logbook",),
        ("runs",),
        ("runs", "--sport", "all"),
        ("run", "last"),
        ("trends",),
        ("trends", "sports"),
        ("zones",),
    ),
    *(("sql", "SELECT * FROM sport_week"), ("shoes",)),
)
NEED_RUNS = (("records",), ("predict",), ("curve",))


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A shell in the home of each of them, the export imported once."""
    made: dict[str, Shell] = {}

    def home(name: str) -> Shell:
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            environ = {"PACEPORT_HOME": str(folder), "NO_COLOR": "1"}
            made[name] = Shell(environ=environ, clock=ManualClock(NOW), visit=lambda _: False)
            ended = made[name]("import", str(write_zip(folder / "export.zip", written(ATHLETES[name]()))))
            assert ended.code == 0, ended.err
        return made[name]

    return home


def answer(shell: Shell, *words: str) -> Any:  # noqa: ANN401  # JSON of many shapes
    ended = shell(*words, "--json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


@pytest.mark.parametrize("name", ATHLETES)
@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
def test_every_command_answers_everybody(homes: Home, name: str, words: tuple[str, ...]) -> None:
    ended = homes(name)(*words, is_terminal=name == "triathlete", width=60)

    assert ended.code == 0, ended.err
    assert ended.out.strip()


@pytest.mark.parametrize("words", NEED_RUNS, ids=" ".join)
@pytest.mark.parametrize(("name", "held", "word"), [("cyclist", "14 rides", "ride"), ("swimmer", "14 swims", "swim")])
def test_what_needs_runs_says_what_there_is_and_what_to_try(
    homes: Home, words: tuple[str, ...], name: str, held: str, word: str
) -> None:
    ended = homes(name)(*words)

    assert ended.code == 1
    assert held in ended.err
    assert f"runs --sport {word}" in ended.err


@pytest.mark.parametrize(("name", "unit"), [("cyclist", "km/h"), ("swimmer", "min/100 m")])
def test_a_logbook_of_one_sport_is_shown_as_that_sport(homes: Home, name: str, unit: str) -> None:
    ended = homes(name)("runs")

    assert "The logbook has no runs." in ended.err
    assert unit in ended.out
    assert "GAP" not in ended.out + ended.err


@pytest.mark.parametrize(("name", "newest"), [("cyclist", "Newest ride"), ("swimmer", "Newest swim")])
def test_a_logbook_without_runs_says_how_old_its_newest_activity_is(homes: Home, name: str, newest: str) -> None:
    for words in (("status",), ("logbook",)):
        text = " ".join(homes(name)(*words).out.lower().split())
        assert f"{newest.lower()} 2026-06-05, 15 days ago" in text
        assert "newest run" not in text

    found = answer(homes(name), "status")["logbook"]

    assert (found["newest_run"], found["newest_activity"]) == (None, "2026-06-05")


@pytest.mark.parametrize("topic", ["vo2max", "durability", "heat", "hills"])
def test_a_trend_of_runs_alone_says_that_there_are_none(homes: Home, topic: str) -> None:
    assert "of runs alone, and the logbook has none" in homes("cyclist")("trends", topic).out


@pytest.mark.parametrize("words", [("runs", "--json"), ("runs", "--csv"), ("trends", "--json"), ("zones", "--json")])
def test_a_program_gets_no_rides_that_it_did_not_ask_for(homes: Home, words: tuple[str, ...]) -> None:
    ended = homes("cyclist")(*words)

    assert (ended.code, ended.out.count("km/h")) == (1, 0)
    assert "--sport ride" in ended.out + ended.err
    assert homes("cyclist")(*words, "--sport", "ride").code == 0


def test_running_stays_the_default_and_names_what_it_leaves_out(homes: Home) -> None:
    ended = homes("triathlete")("runs")

    assert {row["sport"] for row in answer(homes("triathlete"), "runs")} == {"Run"}
    assert "Not shown: 14 rides, 14 swims" in ended.err


@pytest.mark.parametrize(
    ("word", "sports"),
    [
        ("all", {"Run", "Ride", "Swim", "WeightTraining", "Aikido", "Hike"}),
        ("rides", {"Ride"}),
        ("cycling", {"Ride"}),
        ("Swim", {"Swim"}),
        ("aikido", {"Aikido"}),
        ("strength", {"WeightTraining"}),
        ("hike", {"Hike"}),
    ],
)
def test_sports_are_chosen_by_the_words_people_use(homes: Home, word: str, sports: set[str]) -> None:
    assert {row["sport"] for row in answer(homes("triathlete"), "runs", "--sport", word)} == sports


@pytest.mark.parametrize("command", ["runs", "trends", "zones"])
@pytest.mark.parametrize("word", ["judo", "TrailRun", "ski"])
def test_a_sport_that_is_not_there_is_an_error_that_says_what_is(homes: Home, command: str, word: str) -> None:
    ended = homes("triathlete")(command, "--sport", word)

    assert ended.code in {1, 2}
    assert "14 rides" in ended.err
    assert "Fix" in ended.err


def test_each_sport_is_told_in_its_own_unit(homes: Home) -> None:
    ended = homes("triathlete")("runs", "--sport", "all")

    assert all(unit in ended.out for unit in (" /km", " km/h", " /100 m"))
    assert "1:58 /100 m" in ended.out  # 0.85 m/s
    assert "28.8 km/h" in ended.out  # 8 m/s


def test_miles_have_mph_and_yards(homes: Home) -> None:
    ended = homes("triathlete")("runs", "--sport", "all", "--units", "mi")

    assert "17.9 mph" in ended.out
    assert "1:48 /100 yd" in ended.out


def test_every_load_has_its_source_and_sums_up_to_the_form(homes: Home) -> None:
    rows = answer(homes("triathlete"), "runs", "--sport", "all")
    form = answer(homes("triathlete"), "trends")["form"]

    assert all((row["load"] is None) == (row["load_source"] is None) for row in rows)
    assert {row["load_source"] for row in rows} == {"trimp", "work", "duration", None}
    assert sum(day["load"] for day in form["days"]) == pytest.approx(sum(row["load"] or 0 for row in rows))
    assert {one["sport"]: one["activities"] for one in form["sports"]} == {
        "run": 14,
        "ride": 14,
        "swim": 14,
        "strength": 1,
        "Aikido": 1,
        "hike": 1,
    }
    assert form["scale"]["chosen"] == "trimp"
    assert form["scale"]["ratios"]["work"][1] == 12


def test_a_sport_is_left_out_of_form_by_an_option_or_a_setting(homes: Home, tmp_path: Path) -> None:
    shell = homes("triathlete")
    rows = answer(shell, "runs", "--sport", "ride")

    by_option = answer(shell, "trends", "--sport", "ride")["form"]
    settings = Path(shell.environ["PACEPORT_HOME"]) / "config" / "config.toml"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text('[athlete]\nform_sports = ["run", "swim"]\n')
    try:
        by_setting = answer(shell, "trends")["form"]
    finally:
        settings.unlink()

    assert sum(day["load"] for day in by_option["days"]) == pytest.approx(sum(row["load"] for row in rows))
    assert {one["sport"] for one in by_setting["sports"]} == {"run", "swim"}


def test_the_label_says_what_the_loads_are(homes: Home) -> None:
    ended = homes("triathlete")("trends", "form")

    assert "on the scale of heart rate (Banister's TRIMP)" in ended.out
    assert "power (work in kJ) times" in ended.out
    assert "14 rides" in ended.out


def test_a_ride_has_speed_and_no_grade_adjusted_pace(homes: Home) -> None:
    ride = answer(homes("triathlete"), "runs", "--sport", "ride")[0]

    ended = homes("triathlete")("run", str(ride["id"]))

    assert "28.8 km/h" in ended.out
    assert "Grade-adjusted" not in ended.out
    assert answer(homes("triathlete"), "run", str(ride["id"]))["load_source"] == ride["load_source"]


def test_zones_explain_critical_speed_only_where_it_is_shown(homes: Home) -> None:
    shown = homes("triathlete")("zones", "--sport", "ride").out

    assert "above 2 is polarised." in shown
    assert "critical speed" not in shown.lower()


def test_a_hike_has_a_climb_rate(homes: Home) -> None:
    hike = answer(homes("triathlete"), "runs", "--sport", "hike")[0]

    assert answer(homes("triathlete"), "run", str(hike["id"]))["climb_rate_m_per_h"] == 0.0


def test_export_and_sql_hold_every_sport(homes: Home) -> None:
    shell = homes("triathlete")

    exported = shell("export", "--sport", "all", "--format", "csv", "-o", "-")
    runs = shell("export", "--format", "csv", "-o", "-")
    loads = answer(shell, "sql", "SELECT sport, count(training_load) AS loads FROM any_sport GROUP BY sport")

    assert len(list(csv.DictReader(io.StringIO(exported.out)))) == 45
    assert {row["sport"] for row in csv.DictReader(io.StringIO(runs.out))} == {"Run"}
    assert ["Swim", 14] in [list(row.values()) if isinstance(row, dict) else row for row in loads]


def test_an_export_of_no_run_says_how_to_get_the_rest(homes: Home, tmp_path: Path) -> None:
    ended = homes("cyclist")("export", "-o", str(tmp_path / "runs.csv"))

    assert ended.code == 1
    assert "14 rides" in ended.err
    assert "--sport all" in ended.err


@pytest.mark.parametrize("name", ATHLETES)
def test_the_report_is_written_for_everybody(homes: Home, name: str, tmp_path: Path) -> None:
    ended = homes(name)("report", "-o", str(tmp_path / "page.html"))

    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert ended.code == 0, ended.err
    seen = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page.split('<section id="definitions">')[0], flags=re.DOTALL)
    assert name == "triathlete" or re.findall(r".{20}\bruns?\b.{9}|min/km|Race predictions", seen) == []
    assert 'id="sports"' in page
    assert {"triathlete": "Every run", "cyclist": "Every ride", "swimmer": "Every swim"}[name] in page


def test_a_swim_by_hand_beside_files_that_say_other_stays_a_swim(homes: Home) -> None:
    """Files of pool swims that name no sport look like walks; a swim without a file must not become one of them."""
    assert {row["sport"] for row in answer(homes("swimmer"), "runs", "--sport", "all")} == {"Swim"}
    assert "guessed" not in homes("swimmer")("logbook").out
