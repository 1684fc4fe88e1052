"""Every reply of the real service that was recorded is read: values, errors and rate limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
import yaml

from conftest import SharedFiles
from paceport.api import models
from paceport.api.endpoints import find_endpoint
from paceport.api.models.activity import DetailedActivity, SummaryActivity, streams_by_key
from paceport.api.models.decoding import decode, decode_page
from paceport.api.protocol import api_error, check_answer, error_body_of
from paceport.api.rate_limit.headers import Rates, read_rates
from paceport.errors import NotFound, RateLimited, TokenRefused
from paceport.http_message import Response

NOW = datetime(2026, 11, 22, 8, 7, tzinfo=UTC)

CASSETTES = [
    "activity",
    "activity_laps",
    "activity_streams",
    "athlete",
    "athlete_activities",
    "athlete_activities_december_2018",
    "athlete_stats",
    "athlete_zones",
    "create_activity",
    "gear",
    "update_activity",
    "upload",
]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One recorded exchange with the API."""

    method: str
    path: str
    response: Response


def replies(path: Path) -> Iterator[Reply]:
    for one in yaml.safe_load(path.read_text(encoding="utf-8"))["http_interactions"]:
        answer: dict[str, Any] = one["response"]
        body: str | bytes = answer["body"]["string"]
        yield Reply(
            method=one["request"]["method"].upper(),
            path=urlsplit(one["request"]["uri"]).path,
            response=Response(
                status=answer["status"]["code"],
                headers={name.lower(): values[0] for name, values in answer["headers"].items()},
                body=body if isinstance(body, bytes) else body.encode(),
            ),
        )


def value_of(reply: Reply) -> Any:  # noqa: ANN401  # whatever the endpoint answers
    endpoint = find_endpoint(reply.method, reply.path)
    assert endpoint is not None, reply.path
    check_answer(reply.response, endpoint=endpoint)
    if endpoint.model == "StreamSet":
        return streams_by_key(reply.response.body)
    kind = getattr(models, endpoint.model)
    if not endpoint.is_list:
        return decode(kind, reply.response.body)
    page = decode_page(kind, reply.response.body)
    assert page.bad == ()
    return page.items


@pytest.mark.parametrize("name", CASSETTES)
def test_a_recorded_reply_decodes(shared_file: SharedFiles, name: str) -> None:
    for reply in replies(shared_file(f"recorded/{name}.yml")):
        assert value_of(reply)


@pytest.mark.parametrize("name", CASSETTES)
def test_a_recorded_replys_rate_limits_are_read(shared_file: SharedFiles, name: str) -> None:
    for reply in replies(shared_file(f"recorded/{name}.yml")):
        if not any("ratelimit" in header for header in reply.response.headers):
            continue
        rates = read_rates(reply.response.headers, now=NOW)
        assert isinstance(rates, Rates)
        assert rates.overall.quarter_limit in {200, 600}


def test_the_recorded_lone_comma_is_unknown_read_usage(shared_file: SharedFiles) -> None:
    (reply,) = replies(shared_file("recorded/create_activity.yml"))

    rates = read_rates(reply.response.headers, now=NOW)

    assert rates is not None
    assert rates.read.quarter_limit == 100
    assert rates.read.quarter_used is None


def test_the_recorded_list_keeps_what_it_says(shared_file: SharedFiles) -> None:
    (reply,) = replies(shared_file("recorded/athlete_activities.yml"))
    plain = msgspec.json.decode(reply.response.body)

    rows = decode_page(SummaryActivity, reply.response.body).items

    for row, said in zip(rows, plain, strict=True):
        assert (row.id, row.name, row.distance_m) == (said["id"], said["name"], said["distance"])
        assert row.start.isoformat() == said["start_date"].replace("Z", "+00:00")
        assert row.start_local is not None
        assert row.start_local.isoformat() == said["start_date_local"].removesuffix("Z")
        assert (row.start_local - row.start.replace(tzinfo=None)).total_seconds() == said["utc_offset"]
        assert row.timezone is not None
        assert said["timezone"].endswith(row.timezone)


def test_the_recorded_detail_of_a_run_has_all_its_parts(shared_file: SharedFiles) -> None:
    body = shared_file("recorded/detailed_run.json").read_bytes()
    plain = msgspec.json.decode(body)

    run = decode(DetailedActivity, body)

    assert run.laps
    assert run.best_efforts
    assert run.splits_metric
    assert run.segment_efforts
    assert run.gear is not None
    said = plain["splits_metric"][0]["average_grade_adjusted_speed"]
    assert run.splits_metric[0].grade_adjusted_speed_mps == said > 2
    assert run.distance_m is not None
    assert abs(sum(split.distance_m or 0 for split in run.splits_metric) - run.distance_m) < 50


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("authorization_error", TokenRefused),
        ("not_found_error", NotFound),
        ("activity_with_ratelimit_exceeded", RateLimited),
    ],
)
def test_a_recorded_refusal_is_the_error_it_means(shared_file: SharedFiles, name: str, kind: type[Exception]) -> None:
    (reply,) = replies(shared_file(f"recorded/{name}.yml"))

    error = api_error(
        error_body_of(reply.response),
        endpoint=find_endpoint(reply.method, reply.path),
        granted=None,
        rates=read_rates(reply.response.headers, now=NOW),
        now=NOW,
    )

    assert type(error) is kind
