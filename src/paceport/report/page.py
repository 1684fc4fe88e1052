"""The page's values, written down as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from importlib.util import find_spec

from paceport.errors import MissingExtra
from paceport.look.style import base_style
from paceport.report.html_text import GENERATOR_TAG
from paceport.report.pages.places import place_in_file
from paceport.report.report_page import ReportPage
from paceport.report.templates import read_part, template_environment

_STYLES = ("charts.css", "pages.css", "map.css", "page.css")
_SCRIPTS = ("charts.js", "unpack.js", "map.js", "every.js", "parts.js")


def render(page: ReportPage) -> str:
    """The whole file: markup, style, script and charts; nothing in it asks for anything outside it.

    All text is escaped by the template. The policy in the head lets exactly this style and this script run. Raises
    MissingExtra without jinja2.
    """
    if find_spec("jinja2") is None:
        raise MissingExtra(extra="report", needed_for="The report")
    from markupsafe import Markup

    style, script = base_style() + "".join(map(read_part, _STYLES)), "".join(map(read_part, _SCRIPTS))
    pictures = " img-src data:;" if page.year_picture else ""
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}';{pictures} "
        "base-uri 'none'; form-action 'none'"
    )
    anchors = {row.anchor for row in page.every.table.rows}
    return (
        template_environment(read_part, link=place_in_file)
        .get_template("page.html")
        .render(
            page=page,
            snapshot=page.snapshot,
            units=page.snapshot.units,
            parts=_parts(page),
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


def _parts(page: ReportPage) -> list[tuple[str, str]]:
    parts: list[tuple[str, str, object]] = [
        ("overview", "Overview", True),
        ("where", "Map", page.map),
        ("review", "Year in review", True),
        ("compared", "Years", True),
        ("training", "Training", True),
        ("calendar", "Calendar", True),
        ("records", "Records", page.records.distances),
        ("sports", "Every sport", page.sports),
        ("routes", "Routes", True),
        ("gear", "Shoes", page.shoes),
        ("every", f"Every {page.snapshot.noun(1)}", True),
        ("runs", f"Newest {page.snapshot.noun()}", page.runs),
        ("definitions", "Definitions", True),
    ]
    return [(name, title) for name, title, present in parts if present]


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
