"""The marathon from a race and from training: Vickers and Vertosick 2016, Tanda 2011. No arrays here."""

from __future__ import annotations

import math

from paceport.units import MILE_M

MARATHON_M = 42_195.0
_RIEGEL_EXPONENT = 1.07  # theirs; Riegel's own is 1.06
_TANDA_RANGE_S = (10_020.0, 12_960.0)  # 2:47 to 3:36: the runners it was fitted to


def vickers_one_race_s(distance_m: float, time_s: float, weekly_distance_m: float) -> float | None:
    """The marathon from one shorter race and the weekly distance; None for what is no race.

    v = 0.16018617 + 0.83076202 · v_R + 0.06423826 · m/10 in m/s, v_R the marathon speed by Riegel with 1.07, m miles a
    week. (Code with 0.6423826 goes round: ten times too much.) Source: Vickers and Vertosick,
    BMC Sports Sci Med Rehabil 8:26, 2016; docs/metrics.md#marathon-by-mileage.
    """
    if min(distance_m, time_s) <= 0 or weekly_distance_m < 0:
        return None
    riegel_mps = MARATHON_M / (time_s * (MARATHON_M / distance_m) ** _RIEGEL_EXPONENT)
    speed_mps = 0.16018617 + 0.83076202 * riegel_mps + 0.06423826 * weekly_distance_m / MILE_M / 10.0
    return float(MARATHON_M / speed_mps)


def vickers_two_races_s(
    shorter: tuple[float, float], longer: tuple[float, float], weekly_distance_m: float
) -> float | None:
    """The marathon from two races (distance_m, time_s) and the weekly distance; None where these are not two races.

    T = t2 · (42195/d2)^k, k = 1.4510756 - 0.23797948 · k12 - 0.01410023 · m/10, k12 = ln(t2/t1) / ln(d2/d1).
    The source is that of `vickers_one_race_s`.
    """
    (shorter_m, shorter_s), (longer_m, longer_s) = shorter, longer
    if not (0 < shorter_m < longer_m and 0 < shorter_s < longer_s) or weekly_distance_m < 0:
        return None
    between = math.log(longer_s / shorter_s) / math.log(longer_m / shorter_m)
    exponent = 1.4510756 - 0.23797948 * between - 0.01410023 * weekly_distance_m / MILE_M / 10.0
    return float(longer_s * (MARATHON_M / longer_m) ** exponent)


def tanda_marathon_s(weekly_distance_m: float, training_speed_mps: float) -> float | None:
    """The marathon from training alone: pace in s/km = 17.1 + 140 · e^(-0.0053 K) + 0.55 · P.

    K km a week and P the mean pace in s/km, both of the last eight weeks. None without either.
    Source: Tanda, J Hum Sport Exerc 6:511, 2011; docs/metrics.md#marathon-by-training.
    """
    if not (weekly_distance_m > 0 and training_speed_mps > 0):
        return None
    pace_s = 17.1 + 140.0 * math.exp(-0.0053 * weekly_distance_m / 1000.0) + 0.55 * 1000.0 / training_speed_mps
    return pace_s * MARATHON_M / 1000.0


def is_in_tandas_range(time_s: float) -> bool:
    """Whether Tanda's formula was fitted to marathons of that time."""
    shortest_s, longest_s = _TANDA_RANGE_S
    return shortest_s <= time_s <= longest_s
