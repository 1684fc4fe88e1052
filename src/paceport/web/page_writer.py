"""A page as HTML: a template, its values, and what every page shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from paceport.lazy_dataclass import dataclass
from paceport.report.templates import read_part, template_environment
from paceport.training.metrics.definitions import metrics
from paceport.web.assets_table import asset_address
from paceport.web.navigation import SPORT_PAGES, pages_named, row_link

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request

    from paceport.report.pages.snapshot import Snapshot
    from paceport.web.access import Session
    from paceport.web.sport_choice import SportChoice
    from paceport.web.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWriter:
    """Writes pages for one server.

    `command` gives a command line for the profile, to be shown. Where `is_read_only`, no page carries the token that
    a change needs. `running_task` gives the task that runs, which every page names; `computing` how many of how many
    activities have been computed, while they are; `usual_noun` what the logbook's activities are called: runs, or rides
    where it holds no run.
    """

    command: Callable[[str], str]
    is_read_only: bool = False
    running_task: Callable[[], Task | None] = lambda: None
    computing: Callable[[], tuple[int, int] | None] = lambda: None
    usual_noun: Callable[[], str] = lambda: "runs"

    def write(
        self,
        request: Request,
        template: str,
        *,
        page: object,
        snapshot: Snapshot | None = None,
        sports: Sequence[SportChoice] = (),
    ) -> str:
        """The page that answers this request; `page` are the values that the template speaks of.

        `sports` are those that the page can be shown for.
        """
        session: Session | None = request.scope.get("paceport.session")
        noun = self.usual_noun()
        main_pages, menu = pages_named(noun)
        return (
            _environment()
            .get_template(template)
            .render(
                page=page,
                path=request.url.path,
                snapshot=snapshot,
                units=snapshot.units if snapshot else None,
                usual_noun=noun,
                main_pages=main_pages,
                menu=menu,
                sports=[(one, _of_sport(request, one.word)) for one in sports if request.url.path in SPORT_PAGES],
                page_address=lambda path: snapshot.address(path) if snapshot and path in SPORT_PAGES else path,
                asset=asset_address,
                titles=_titles(),
                definition_link=lambda name: f"/definitions#def-{name}",
                row_link=lambda anchor: _row_link(anchor, snapshot),
                write_token="" if session is None or self.is_read_only else session.write_token,
                command=self.command,
                running_task=self.running_task(),
                computing=self.computing(),
            )
        )


def _of_sport(request: Request, word: str) -> str:
    """The address of this page for another sport. Which shoes and which part of a list does not go with it."""
    kept = {
        name: value for name, value in request.query_params.items() if name not in ("sport", "gear", "kind", "page")
    }
    text = urlencode(kept | ({"sport": word} if word else {}))
    return f"{request.url.path}?{text}" if text else str(request.url.path)


def _row_link(anchor: str, snapshot: Snapshot | None) -> str | None:
    link = row_link(anchor)
    return snapshot.address(link) if snapshot and link and "?" in link else link


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
