"""The page's values, written down as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from importlib.util import find_spec

from paceport.errors import MissingExtra
from paceport.look.style import base_style
from paceport.report.html_text import with_article
from paceport.report.page_values import ReportPage
from paceport.report.templates import read_part, template_environment

GENERATOR_TAG = '<meta name="generator" content="Paceport">'  # near the beginning of every report


def render(page: ReportPage) -> str:
    """The whole file: markup, style, script and charts; nothing in it asks for anything outside it.

    All text is escaped by the template. The policy in the head lets exactly this style and this script run. Raises
    MissingExtra without jinja2.
    """
    if find_spec("jinja2") is None:
        raise MissingExtra(extra="report", needed_for="The report")
    from markupsafe import Markup

    style, script = base_style() + read_part("charts.css") + read_part("page.css"), _script()
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    anchors = {row.anchor for row in page.every.table.rows}
    return (
        template_environment(read_part)
        .get_template("page.html")
        .render(
            page=page,
            parts=_parts(page),
            with_article=with_article,
            definition_link=lambda name: f"#def-{name}",
            row_link=lambda anchor: f"#{anchor}" if anchor in anchors else None,
            sections={run.anchor for run in page.runs},
            titles={metric.name: metric.title for metric in page.metrics},
            policy=policy,
            # Our own files, no text of anybody else's in them.
            mark=Markup(GENERATOR_TAG),  # noqa: S704  # as said
            style=Markup(style),  # noqa: S704  # as said
            script=Markup(script),  # noqa: S704  # as said
        )
    )


def _script() -> str:
    return read_part("charts.js") + read_part("every.js") + read_part("parts.js")


def _parts(page: ReportPage) -> list[tuple[str, str]]:
    parts: list[tuple[str, str, object]] = [
        ("totals", "Overview", True),
        ("volume", "Volume", True),
        ("calendar", "Calendar", page.calendar),
        ("speed", "Pace" if page.pace else "Effort", page.pace or page.zones),
        ("measured", "Curve and zones", page.sections),
        ("records", "Records", page.records),
        ("predictions", "Predictions", page.predicted),
        ("routes", "Routes", page.routes or page.repeated.table),
        ("gear", "Shoes", page.shoes),
        ("every", f"Every {page.nouns[0]}", True),
        ("runs", f"Newest {page.nouns[1]}", page.runs),
        ("definitions", "Definitions", True),
    ]
    return [(name, title) for name, title, present in parts if present]


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
