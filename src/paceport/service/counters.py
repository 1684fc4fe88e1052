"""What has happened since the service was started, in the text format of Prometheus.

https://prometheus.io/docs/instrumenting/exposition_formats/, read 2026-11-22. No figure is of one athlete, and none is
computed from anyone's activities.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_HELP = {
    "paceport_requests_total": ("counter", "Requests answered, by route and status."),
    "paceport_request_seconds_sum": ("counter", "Time spent on answers, by route."),
    "paceport_request_seconds_count": ("counter", "Answers whose time was counted, by route."),
    "paceport_events_total": ("counter", "Webhook events, by what became of them."),
    "paceport_connects_total": ("counter", "Logins that came back from Strava, by how they ended."),
    "paceport_tokens_total": ("counter", "Tokens asked for by the owner's programs, by how that ended."),
    "paceport_uploads_total": ("counter", "Files that athletes brought, by what became of them."),
    "paceport_disconnects_total": ("counter", "Athletes who left on their page, by how that ended."),
    "paceport_athletes": ("gauge", "Athletes who have a place."),
    "paceport_athletes_capacity": ("gauge", "Places that the app has at Strava."),
    "paceport_database_up": ("gauge", "1 where the database answers."),
    "paceport_jobs_waiting": ("gauge", "Jobs that wait for a worker, by turn."),
}
Labels = tuple[tuple[str, str], ...]


class Counters:
    """Counts that only grow. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[tuple[str, Labels], float] = defaultdict(float)

    def add(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Add to a count. Labels are of few values, of our own choice."""
        with self._lock:
            self._values[name, tuple(sorted(labels.items()))] += amount

    def value(self, name: str, **labels: str) -> float:
        """A count as it is now."""
        with self._lock:
            return self._values.get((name, tuple(sorted(labels.items()))), 0.0)

    def text(self, gauges: Mapping[tuple[str, Labels], float]) -> str:
        """Everything counted, and these values of the moment."""
        with self._lock:
            found = {**self._values, **gauges}
        lines: list[str] = []
        for name, (kind, words) in _HELP.items():
            samples = sorted((labels, value) for (each, labels), value in found.items() if each == name)
            if samples:
                lines += [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]
                lines += [f"{name}{_label_text(labels)} {value:.10g}" for labels, value in samples]
        return "\n".join(lines) + "\n"


def _label_text(labels: Iterable[tuple[str, str]]) -> str:
    inner = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{inner}}}" if inner else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
