"""What devices get wrong: a treadmill's distance, places that jump, a run recorded once more by a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from paceport.sandbox.athletes.activity import Activity, RecordingSource
from paceport.sandbox.athletes.athlete_ids import phone_copy_id
from paceport.sandbox.athletes.devices import PHONE
from paceport.sandbox.athletes.random_streams import random_stream
from paceport.sandbox.athletes.run_simulator import RecordingPlan, Spike

LARGEST_TREADMILL_ERROR = 0.14
_PHONE_SHARE = 0.3


def flawed_plan(plan: RecordingPlan, flaws: frozenset[str]) -> RecordingPlan:
    """The plan as the device will record it: indoors too far or not far enough, outdoors with spikes."""
    rng = random_stream(f"{plan.key}/flaws")
    if "treadmill" in flaws and plan.route is None and plan.distance_m > 0:
        factor = 1.0 + rng.uniform(0.04, LARGEST_TREADMILL_ERROR) * rng.choice((-1.0, 1.0))
        return replace(
            plan,
            distance_m=round(plan.distance_m * factor, 1),
            flat_speed_mps=round(plan.flat_speed_mps * factor, 4),
            steps=tuple(replace(step, distance_m=step.distance_m * factor) for step in plan.steps),
        )
    if "spikes" in flaws and plan.route is not None:
        return replace(plan, spikes=tuple(_spike(rng) for _ in range(rng.randint(1, 4))))
    return plan


def _spike(rng: Random) -> Spike:
    return Spike(
        share=rng.uniform(0.02, 0.95),
        samples=rng.randint(1, 3),
        east_m=round(rng.choice((-1.0, 1.0)) * rng.uniform(250.0, 1500.0), 1),
        up_m=round(rng.uniform(-80.0, 160.0), 1),
    )


def phone_copy(
    made: Activity, plan: RecordingPlan, source: Callable[[RecordingPlan], RecordingSource]
) -> Activity | None:
    """The same run as a phone recorded it beside the watch, some seconds later; None for most runs and indoors."""
    rng = random_stream(f"{plan.key}/phone")
    if plan.route is None or not made.is_run or rng.random() >= _PHONE_SHARE:
        return None
    after_s = rng.randint(4, 40)
    identity = phone_copy_id(made.id, after_s)
    return replace(
        made,
        id=identity,
        upload_id=identity + 1_050_000_000,
        external_id=f"{rng.getrandbits(128):032X}-activity.fit",
        start=made.start + timedelta(seconds=after_s),
        device_name=PHONE.name,
        gear_id=None,
        description=None,
        private_note=None,
        kudos_count=0,
        comment_count=0,
        photo_count=0,
        source=source(replace(plan, key=f"{plan.key}/phone", device=PHONE, sensor=False)),
    )
