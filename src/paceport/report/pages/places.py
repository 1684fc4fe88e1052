"""Where the addresses of `serve` lead within one file."""

from __future__ import annotations

import re

from paceport.report.html_text import anchor_of

_RUN = re.compile(r"/runs/(-?[0-9]+)")
_DAYS = re.compile(r"/runs\?from=([0-9-]+)&to=([0-9-]+)")
_YEAR = re.compile(r"/(runs|year)\?year=([0-9]+)")


def place_in_file(address: str) -> str | None:
    """The place that shows the same as a page of `serve`; None where the report has none.

    A run has an anchor of its own. `#days-FROM-TO` is the list of every run with the runs of those days.
    """
    if address == "/runs":
        return "#every"
    if run := _RUN.fullmatch(address):
        return f"#{anchor_of(int(run[1]))}"
    if days := _DAYS.fullmatch(address):
        return f"#days-{days[1]}-{days[2]}"
    if year := _YEAR.fullmatch(address):
        return f"#days-{year[2]}-01-01-{year[2]}-12-31" if year[1] == "runs" else f"#year-{year[2]}"
    return None
