"""The shoes and bikes of an athlete, worn pair after pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from paceport.sandbox.athletes.people import Gear
from paceport.sandbox.athletes.random_streams import random_stream

ROAD_LIFE_M = (620_000.0, 860_000.0)
TRAIL_LIFE_M = (450_000.0, 600_000.0)
NICKNAMES = (None, None, "blue ones", "röda", "Old faithful", "🟡")


class GearHistory:
    """Chooses the gear of each activity in turn; `shoes` and `bikes` are what was used in all."""

    def __init__(
        self, key: str, athlete_id: int, models: tuple[tuple[str, str], ...], bike: tuple[str, str] | None
    ) -> None:
        self._random = random_stream(f"{key}/wardrobe")
        self._athlete_id = athlete_id
        self._models = models
        self._bike = bike
        self._worn: dict[str, Gear] = {}
        self._left_m: dict[str, float] = {}
        self._shoes: list[Gear] = []
        self._bikes: list[Gear] = []

    def gear_for(self, kind: str, day: date, distance_m: float) -> str | None:
        """The gear id for an activity of that kind, or None; a new pair when the old one is done for."""
        if kind in {"walk", "weights"} or self._random.random() < 0.02:
            return None
        if kind == "ride":
            return self._ridden(day)
        line = "trail" if kind == "trail" else "road"
        if line not in self._worn or self._left_m[line] < 0.0:
            self._replace(line, day)
        self._left_m[line] -= distance_m
        return self._worn[line].id

    def shoes(self) -> tuple[Gear, ...]:
        """All pairs ever worn, oldest first; those still worn are not retired, the road pair is the primary one."""
        return tuple(self._shoes)

    def bikes(self) -> tuple[Gear, ...]:
        """All bikes ever ridden."""
        return tuple(self._bikes)

    def _replace(self, line: str, day: date) -> None:
        old = self._worn.get(line)
        if old is not None:
            self._shoes[self._shoes.index(old)] = replace(old, retired=True, primary=False)
        brand, model = self._models[len(self._shoes) % len(self._models)]
        self._worn[line] = gear = Gear(
            id=f"g{self._number(len(self._shoes))}",
            athlete_id=self._athlete_id,
            brand=brand,
            model=f"{model} Trail" if line == "trail" else model,
            nickname=self._random.choice(NICKNAMES),
            retired=False,
            primary=line == "road",
            first_day=day,
            notification_distance_m=700_000,
        )
        self._shoes.append(gear)
        self._left_m[line] = self._random.uniform(*(TRAIL_LIFE_M if line == "trail" else ROAD_LIFE_M))

    def _ridden(self, day: date) -> str | None:
        if self._bike is None:
            return None
        if not self._bikes:
            brand, model = self._bike
            self._bikes.append(
                Gear(
                    id=f"b{self._number(900)}",
                    athlete_id=self._athlete_id,
                    brand=brand,
                    model=model,
                    nickname=None,
                    retired=False,
                    primary=True,
                    first_day=day,
                    frame_type=3,
                    weight_kg=9.4,
                )
            )
        return self._bikes[0].id

    def _number(self, count: int) -> int:
        return 9_100_000 + self._athlete_id % 10_000 * 1000 + count
