"""The charts that a person keeps: a small file of names and queries beside their own data."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import parse_qsl

from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.storage.private_files import read_private, replace_private
from paceport.storage.process_lock import hold_short_lock
from paceport.text import clean
from paceport.web.own_chart import ChartQuery, read_chart_query

MOST_CHARTS = 24
_LONGEST_NAME = 60
_LOCK_WAIT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedChart:
    """A chart that was kept, and what it was called."""

    name: str
    query: ChartQuery


class SavedCharts:
    """The kept charts of one profile, in the order in which they were kept. Threads and servers may share them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[SavedChart]:
        """All of them; entries that cannot be read are left out, as is a whole file that is none of ours."""
        try:
            found = json.loads(read_private(self._path) or b"[]")
        except (ValueError, RecursionError):
            return []
        entries = found if isinstance(found, list) else []
        return [
            SavedChart(name=entry["name"], query=_query(entry["query"]))
            for entry in entries
            if isinstance(entry, dict) and isinstance(entry.get("name"), str) and isinstance(entry.get("query"), str)
        ]

    def save(self, name: str, query: str) -> None:
        """Keep a chart, instead of one of the same name. Raises UsageError for no name or too many,
        StoreErrors, and Busy."""
        name = " ".join(clean(name[: 4 * _LONGEST_NAME]).split())[:_LONGEST_NAME]
        if not name:
            raise UsageError(what="The chart has no name", why="a saved chart is found by its name", fix="give it one")
        with self._alone():
            others = [one for one in self.read() if one.name != name]
            if len(others) >= MOST_CHARTS:
                raise UsageError(
                    what="There are too many charts", why=f"{MOST_CHARTS} are kept", fix="remove one of them first"
                )
            self._write([*others, SavedChart(name=name, query=_query(query))])

    def remove(self, name: str) -> None:
        """Keep it no longer; of no effect where there is none of that name."""
        with self._alone():
            self._write([one for one in self.read() if one.name != name])

    def _alone(self) -> AbstractContextManager[None]:
        """Keep out other threads, and another server of the same logbook: one of two changes would be lost."""
        lock = self._path.with_suffix(".lock")
        return hold_short_lock(lock, timeout_s=_LOCK_WAIT_S, what="The list of charts is in use")

    def _write(self, charts: list[SavedChart]) -> None:
        text = json.dumps([{"name": one.name, "query": one.query.address()} for one in charts], indent=1)
        replace_private(self._path, text.encode())


def _query(text: str) -> ChartQuery:
    return read_chart_query(dict(parse_qsl(text)))
