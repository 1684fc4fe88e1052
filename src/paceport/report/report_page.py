"""Everything that the report shows."""

from __future__ import annotations

from collections.abc import Mapping

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Chart, Table
from paceport.report.map_section import MapSection
from paceport.report.page_values import CachedContent, EveryRun, Gallery, RunSection
from paceport.report.pages.calendar_page import CalendarPage
from paceport.report.pages.overview import OverviewPage
from paceport.report.pages.record_page import RecordPage
from paceport.report.pages.route_page import RoutePage
from paceport.report.pages.snapshot import Snapshot
from paceport.report.pages.training_page import TrainingPage
from paceport.report.pages.year_page import YearPage
from paceport.report.pages.years_page import YearsPage
from paceport.training.metrics.definition import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """Everything on the page, in its order. A part that is None or empty is left out of it.

    `snapshot` is what the parts that `serve` shows too are written from. `measured` says for a part of the page, by
    its name, on how many of the runs it rests. `year_reviews` begin with the newest year; `year_picture` is its
    picture as a data: address, "" without one.
    """

    title: str
    subtitle: str
    made: str
    snapshot: Snapshot
    cached_content: CachedContent
    retention_notes: tuple[str, ...]
    measured: Mapping[str, str]
    overview: OverviewPage
    map: MapSection | None
    year_reviews: tuple[YearPage, ...]
    year_picture: str
    years: YearsPage
    training: TrainingPage
    form_note: str
    calendar: CalendarPage
    records: RecordPage
    sports: Table | None
    shapes: Gallery | None
    routes: RoutePage
    shoes: Chart | None
    runs: tuple[RunSection, ...]
    every: EveryRun
    metrics: tuple[Metric, ...]

    @property
    def count(self) -> int:
        """How many runs it tells of."""
        return len(self.snapshot.history.runs)
