import re

import pytest

from conftest import ROOT, reads_source
from makers import prediction_errors
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.population_generator import populate
from paceport.training.metrics.definition import Metric
from paceport.training.metrics.definitions import find_metric, metrics, metrics_page, similar_names

DOCS = ROOT / "docs" / "metrics.md"
SOURCES = ROOT / "src" / "paceport"


def test_the_page_is_what_the_package_says_and_what_the_simulated_races_show(population: Population) -> None:
    errors = prediction_errors.table([population, *map(populate, prediction_errors.SEEDS[1:])])

    assert DOCS.read_text(encoding="utf-8") == f"{metrics_page()}\n{errors}", (
        "PYTHONPATH=src:tests python -m makers.prediction_errors"
    )


def test_every_metric_has_its_section_and_every_section_its_metric() -> None:
    sections = re.findall(r"^## (.+)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)

    assert sections == [metric.name for metric in metrics()]
    assert len(set(sections)) == len(sections)


@pytest.mark.parametrize("metric", metrics(), ids=[metric.name for metric in metrics()])
def test_a_metric_says_all_there_is_to_say(metric: Metric) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", metric.name)
    assert metric.definition.endswith(".")
    assert all(sentence.endswith((".", ")")) for sentence in (*metric.constants, *metric.edge_cases, *metric.examples))
    assert metric.formula
    assert metric.unit
    assert metric.source
    assert metric.version >= 1


@pytest.mark.parametrize("name", ["moving-time", "Moving Time", " moving_time ", "MOVING  time"])
def test_a_metric_is_found_however_it_is_written(name: str) -> None:
    found = find_metric(name)

    assert found is not None
    assert found.name == "moving-time"


def test_a_metric_is_found_by_its_title() -> None:
    found = find_metric("Form (TSB)")

    assert found is not None
    assert found.name == "form"


def test_an_unknown_metric_is_none_and_near_ones_are_offered() -> None:
    assert find_metric("moving-tine") is None
    assert similar_names("moving-tine")[0] == "moving-time"
    assert similar_names("qqqqqq") == []


@reads_source
def test_every_anchor_that_the_code_names_is_there() -> None:
    named = {
        anchor
        for path in SOURCES.rglob("*.py")
        for anchor in re.findall(r"docs/metrics\.md#([a-z-]+)", path.read_text(encoding="utf-8"))
    }

    assert named
    assert named <= {metric.name for metric in metrics()}
