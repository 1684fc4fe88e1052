"""The channels of an activity at even steps, as values: for charts, and for plots in the terminal."""

from __future__ import annotations

from paceport.lazy_dataclass import dataclass

POINTS = 400
# Two for each column of a terminal of 120 characters, which is what a plot of braille dots can show.
PLOT_POINTS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSeries:
    """Channels at even steps of distance (of time where the distance is not known), ready to plot; NaN: not known.

    `at_m` or else `at_s` is the axis. `speed_mps` is the mean over moving time from one point to the next. Latitude and
    longitude are where the point is, in degrees. A channel that was not recorded is None.
    """

    at_m: tuple[float, ...] | None
    at_s: tuple[float, ...]
    speed_mps: tuple[float, ...] | None
    heartrate_bpm: tuple[float, ...] | None
    altitude_m: tuple[float, ...] | None
    cadence_spm: tuple[float, ...] | None
    power_w: tuple[float, ...] | None = None
    latitude_deg: tuple[float, ...] | None = None
    longitude_deg: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotSeries:
    """Channels at even steps from `first` to `last`: metres where `is_by_distance`, else seconds. NaN: not known.

    `speed_mps` is the mean over moving time from one point to the next. A channel that was not recorded is None.
    """

    is_by_distance: bool
    first: float
    last: float
    speed_mps: tuple[float, ...] | None
    heartrate_bpm: tuple[float, ...] | None
    altitude_m: tuple[float, ...] | None
