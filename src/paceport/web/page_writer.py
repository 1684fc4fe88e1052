"""A page as HTML: a template, its values, and what every page shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.report.templates import read_part, template_environment
from paceport.training.metrics.definitions import metrics
from paceport.web.assets_table import asset_address
from paceport.web.navigation import MAIN_PAGES, MENU, row_link

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request

    from paceport.web.access import Session
    from paceport.web.snapshot import Snapshot
    from paceport.web.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWriter:
    """Writes pages for one server.

    `command` gives a command line for the profile, to be shown. Where `is_read_only`, no page carries the token that
    a change needs. `running_task` gives the task that runs, which every page names.
    """

    command: Callable[[str], str]
    is_read_only: bool = False
    running_task: Callable[[], Task | None] = lambda: None

    def write(self, request: Request, template: str, *, page: object, snapshot: Snapshot | None = None) -> str:
        """The page that answers this request; `page` are the values that the template speaks of."""
        session: Session | None = request.scope.get("paceport.session")
        return (
            _environment()
            .get_template(template)
            .render(
                page=page,
                path=request.url.path,
                snapshot=snapshot,
                units=snapshot.units if snapshot else None,
                main_pages=MAIN_PAGES,
                menu=MENU,
                asset=asset_address,
                titles=_titles(),
                definition_link=lambda name: f"/definitions#def-{name}",
                row_link=row_link,
                write_token="" if session is None or self.is_read_only else session.write_token,
                command=self.command,
                running_task=self.running_task(),
            )
        )


def write_bare(template: str, **values: object) -> str:
    """A page for a browser that has not been let in: nothing but these values."""
    return _environment().get_template(template).render(asset=asset_address, **values)


@cache
def _environment() -> Environment:
    return template_environment(_read_template)


def _read_template(name: str) -> str:
    ours = files("paceport.web").joinpath("templates", name)
    return ours.read_text(encoding="utf-8") if ours.is_file() else read_part(name)


@cache
def _titles() -> dict[str, str]:
    return {metric.name: metric.title for metric in metrics()}
