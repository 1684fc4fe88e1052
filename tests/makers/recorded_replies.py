"""Twins of the recorded replies in `../shared/data/recorded`: the same fields, types, nulls and headers.

`replies/NAME.json` holds what `recorded/NAME.yml` does, as [{"request": …, "response": …}]; a list there has as many
elements as show every type. `replies/detailed_run.json` is a plain body. The athlete, the runs and the ids are
invented; what the service itself fixes (words, limits, refusals) is its own.
"""

import json
from pathlib import Path
from typing import Any

from makers.known_facts import RecordedEffort, RecordedIds

REPLIES = Path(__file__).parent / "replies"

IDS = RecordedIds(
    activity="8120003916",
    activity_with_laps="8120020855",
    manual_activity="8120048218",
    athlete="40817263",
    shoes="g56219",
    bike="b97915",
    upload="8120049521",
    client="54321",
)
HIGHEST_HEART_RATE_BPM = 187  # of whom `athlete_zones` gives the default zones
# Where the run of `activity` is fastest, in samples of `activity_streams`: a fast kilometre from 1,800 m, a fast end.
EFFORTS = (
    RecordedEffort(name="400m", first=491, last=520, elapsed_time_s=87, distance_m=400.4),
    RecordedEffort(name="1K", first=202, last=283, elapsed_time_s=244, distance_m=1000.2),
    RecordedEffort(name="1 mile", first=141, last=288, elapsed_time_s=442, distance_m=1611.4),
    RecordedEffort(name="5K", first=38, last=544, elapsed_time_s=1519, distance_m=5000.1),
)


def write_recorded_replies(folder: Path) -> None:
    """Each twin under its original's name, in the same layout as the original."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in REPLIES.glob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, list):
            # JSON is YAML, too.
            cassette = {"http_interactions": [_interaction(one) for one in content]}
            (folder / f"{path.stem}.yml").write_text(json.dumps(cassette), encoding="utf-8")
        else:
            (folder / path.name).write_text(json.dumps(content), encoding="utf-8")


def _interaction(exchange: dict[str, Any]) -> dict[str, Any]:
    """One request and its reply as the recordings hold them: headers as lists, bodies as text."""
    request, response = exchange["request"], exchange["response"]
    body = "" if response["body"] is None else json.dumps(response["body"], separators=(",", ":"))
    return {
        "request": {**request, "headers": _listed(request["headers"]), "body": {"string": request["body"]}},
        "response": {**response, "headers": _listed(response["headers"]), "body": {"string": body}},
    }


def _listed(headers: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in headers.items()}
