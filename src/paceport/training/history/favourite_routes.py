"""Routes run more than once, and whether they are run faster."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from paceport.lazy_dataclass import dataclass
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.averages import median
from paceport.training.metrics.polyline import decode
from paceport.training.metrics.repeated_routes import RepeatedRoute, RunPath, repeated_routes
from paceport.training.metrics.trend import Trend, trend

LEAST_RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FavouriteRoute:
    """A route run at least three times: its runs by date, and the trends of their speeds in m/s.

    `length_m` is the median of what the runs themselves say. `reversed_runs` went the other way round than the first.
    A trend is None with fewer than eight weeks that have a run over the route.
    """

    length_m: float
    runs: tuple[Run, ...]
    reversed_runs: int
    speed: Trend | None
    adjusted: Trend | None

    @property
    def best(self) -> Run | None:
        """The run with the fastest pace; None where none has one."""
        return _fastest(self.runs, lambda run: run.speed_mps)

    @property
    def best_adjusted(self) -> Run | None:
        """The run with the fastest grade-adjusted pace; None where none has one."""
        return _fastest(self.runs, lambda run: run.adjusted_speed_mps)


def routes_of(history: History) -> list[RepeatedRoute]:
    """Repeated routes, most run first; needs a history read `with_routes`. docs/metrics.md#repeated-routes.

    A run whose polyline is damaged has no route.
    """
    tracks = []
    for run in history.runs:
        if run.polyline is None or run.is_indoor:
            continue
        try:
            latitude_deg, longitude_deg = decode(run.polyline)
        except ValueError:
            continue
        tracks.append(
            RunPath(
                run_id=run.id,
                at=run.start,
                latitude_deg=latitude_deg,
                longitude_deg=longitude_deg,
                moving_time_s=run.moving_time_s,
            )
        )
    return repeated_routes(tracks)


def favourite_routes(history: History, routes: Sequence[RepeatedRoute] | None = None) -> list[FavouriteRoute]:
    """The routes run at least three times, most run first; needs a history read `with_routes`.

    `routes` are those of `routes_of`, where they are known already.

    Source: docs/metrics.md#repeated-routes and, for the change over time, docs/metrics.md#trend.
    """
    every = history.by_id()
    return [
        _favourite_route(route, every)
        for route in (routes_of(history) if routes is None else routes)
        if len(route.runs) >= LEAST_RUNS
    ]


def _favourite_route(route: RepeatedRoute, every: dict[int, Run]) -> FavouriteRoute:
    runs = tuple(every[passage.run_id] for passage in route.runs)
    lengths = [run.distance_m for run in runs if run.distance_m]
    return FavouriteRoute(
        length_m=median(lengths) if lengths else route.length_m,
        runs=runs,
        reversed_runs=sum(passage.is_reversed for passage in route.runs),
        speed=trend((run.day, run.speed_mps) for run in runs if run.speed_mps is not None),
        adjusted=trend((run.day, run.adjusted_speed_mps) for run in runs if run.adjusted_speed_mps is not None),
    )


def _fastest(runs: tuple[Run, ...], speed_of: Callable[[Run], float | None]) -> Run | None:
    known = [(speed, run) for run in runs if (speed := speed_of(run)) is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else None
