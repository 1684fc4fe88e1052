"""`explain-metric`: what a metric means, how it is computed, and where the definition comes from."""

from __future__ import annotations

from dataclasses import asdict

import click

from paceport.cli.completion import metric_names
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.table import KEY, Column
from paceport.cli.text_layout import wrap
from paceport.errors import UsageError
from paceport.training.metrics.definition import Metric
from paceport.training.metrics.definitions import find_metric, metrics, similar_names

_WIDEST = 100
# What tables call them.
_SHORT = {
    "hrtss": "heart-rate-stress",
    "tss": "power-stress",
    "gap": "grade-adjusted-pace",
    "load": "activity-load",
    "ctl": "fitness",
    "atl": "fatigue",
    "tsb": "form",
    "curve": "pace-duration-curve",
    "vo2max": "effective-oxygen-uptake",
    "hills": "pace-by-grade",
    "intensity": "intensity-distribution",
    "polarisation": "intensity-distribution",
    "predict": "recommended-prediction",
    "vickers-vertosick": "marathon-by-mileage",
    "tanda": "marathon-by-training",
    "emig-peltonen": "endurance-model",
}


@click.command("explain-metric")
@click.argument("name", required=False, shell_complete=metric_names)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@pass_invocation
def explain_metric_command(invocation: Invocation, *, name: str | None, as_json: bool) -> None:
    """Explain a metric: definition, formula, unit, edge cases, source. Without a NAME, list all metrics."""
    output = invocation.output
    if name is None:
        if as_json:
            output.json([asdict(metric) for metric in metrics()])
            return
        columns = [
            Column(heading="Name", kind="word", importance=KEY),
            Column(heading="What it is", kind="prose", importance=KEY),
        ]
        output.table(columns, [[metric.name, metric.title] for metric in metrics()])
        return
    metric = find_metric(_SHORT.get(name.strip().casefold(), name))
    if metric is None:
        near = similar_names(name)
        raise UsageError(
            what=f"There is no metric {name[:40]!r}",
            why=f"closest match: {', '.join(near)}" if near else "paceport explain-metric lists all",
            fix=f"paceport explain-metric {near[0] if near else ''}".strip(),
        )
    if as_json:
        output.json(asdict(metric))
        return
    _show(invocation, metric)


def _show(invocation: Invocation, metric: Metric) -> None:
    output = invocation.output
    output.heading(f"{metric.title} ({metric.name})")
    width = min(output.width, _WIDEST) if output.stdout_is_terminal else _WIDEST
    for line in metric.lines():
        output.verbatim("\n".join(wrap(line, width)))
