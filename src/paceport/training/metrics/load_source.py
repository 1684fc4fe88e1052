"""What a training load may be computed from, and what each source is called."""

from __future__ import annotations

from typing import Literal

LoadSource = Literal[
    "trimp",
    "heart-rate-stress",
    "edwards-trimp",
    "power-stress",
    "work",
    "pace-stress",
    "session-rpe",
    "duration",
]
# The source whose scale all loads are on; "auto" is the first that enough activities can be brought to.
LoadChoice = LoadSource | Literal["auto"]
ThresholdSource = Literal["your settings", "critical speed", "best hour"]
# Heart rate before power before pace before perceived exertion before time alone: what stands in, best first.
SOURCES: tuple[LoadSource, ...] = (
    *("trimp", "heart-rate-stress", "edwards-trimp", "power-stress", "work", "pace-stress", "session-rpe", "duration"),
)
SOURCE_NAMES: dict[str, str] = {
    "trimp": "heart rate (Banister's TRIMP)",
    "heart-rate-stress": "heart rate (hrTSS)",
    "edwards-trimp": "heart rate (Edwards' TRIMP)",
    "power-stress": "power (TSS)",
    "work": "power (work in kJ)",
    "pace-stress": "pace",
    "session-rpe": "perceived exertion",
    "duration": "time in that sport",
}
