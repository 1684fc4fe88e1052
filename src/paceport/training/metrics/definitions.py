"""All definitions of metrics: how to find one, and the page that lists them all.

`python -m paceport.training.metrics.definitions` prints docs/metrics.md without the table at its end.
"""

from __future__ import annotations

from difflib import get_close_matches

from paceport.training.metrics.cleaning_definition import CLEANING
from paceport.training.metrics.definition import Metric
from paceport.training.metrics.history_definitions import HISTORY_METRICS
from paceport.training.metrics.performance_definitions import PERFORMANCE_METRICS
from paceport.training.metrics.run_definitions import RUN_METRICS
from paceport.training.metrics.training_definitions import TRAINING_METRICS


def metrics() -> tuple[Metric, ...]:
    """All metrics: those of one run first, then those of many."""
    return (*RUN_METRICS, CLEANING, *HISTORY_METRICS, *PERFORMANCE_METRICS, *TRAINING_METRICS)


def find_metric(name: str) -> Metric | None:
    """The metric of that name; case, blanks and underscores do not matter. None if there is none."""
    wanted = _plain(name)
    return next((metric for metric in metrics() if wanted in (metric.name, _plain(metric.title))), None)


def similar_names(name: str) -> list[str]:
    """Up to three names that look like the one given, best first."""
    return get_close_matches(_plain(name), [metric.name for metric in metrics()], n=3, cutoff=0.4)


def metrics_page() -> str:
    """The text of docs/metrics.md, without the table of prediction errors at its end."""
    parts = [
        "# What every number means",
        "",
        "One section per metric; `paceport explain-metric NAME` prints the same. Lengths are metres, times seconds,",
        "speeds metres per second, heart rates beats per minute, grades fractions, unless a unit is written. A number",
        "that cannot be known is shown as not known, never as 0. The text is kept in the package; the table at the end",
        "comes from simulated races. `PYTHONPATH=src:tests python -m makers.prediction_errors` writes this page.",
        "",
    ]
    for metric in metrics():
        parts += [f"## {metric.name}", "", f"**{metric.title}.**", "", *metric.lines(), ""]
    return "\n".join(parts)


def _plain(name: str) -> str:
    return "-".join(name.strip().lower().replace("_", " ").replace("-", " ").split())


if __name__ == "__main__":
    print(metrics_page(), end="")
