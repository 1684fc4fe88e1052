"""The settings of the athlete as the analysis takes them."""

from __future__ import annotations

from paceport.profile.athlete_settings import AthleteSettings
from paceport.training.metrics.athlete import AthleteFacts, SeasonHeartRate
from paceport.training.metrics.heart_rate_zones import default_zones_bpm


def facts_from_settings(table: AthleteSettings) -> AthleteFacts:
    """What the settings say of the athlete."""
    return AthleteFacts(
        zone_edges_bpm=table.zones_bpm,
        rest_bpm=table.rest_bpm,
        max_bpm=table.max_bpm,
        threshold_bpm=table.threshold_bpm,
        sex=table.sex,
        trimp_variant=table.trimp,
        threshold_mps=table.threshold_mps,
        threshold_w=table.threshold_w,
        load=table.load,
        seasons=tuple(
            SeasonHeartRate(year, rate, table.zones_bpm or default_zones_bpm(rate))
            for year, rate in table.max_bpm_by_year
        ),
    )
