"""Answers that are odd in one part: what is left of them, and that nothing vanishes unsaid."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.recorded_replies import REPLIES
from paceport.api.models.activity import DetailedActivity, Lap, SummaryActivity, Upload, streams_by_key
from paceport.api.models.athlete import ActivityStats, Athlete, Gear, Zones
from paceport.api.models.decoding import LeftOut, decode, decode_page, encode
from paceport.api.models.left_out_tally import LeftOutTally
from paceport.errors import UnexpectedAnswer

Json: TypeAlias = Any

ROW: dict[str, Any] = {
    "id": 2000,
    "name": "Evening Run",
    "distance": 5012.3,
    "moving_time": 1622,
    "elapsed_time": 1650,
    "total_elevation_gain": 31.0,
    "sport_type": "Run",
    "workout_type": 1,
    "start_date": "2026-11-20T17:05:00Z",
    "start_date_local": "2026-11-20T18:05:00Z",
    "timezone": "(GMT+01:00) Europe/Berlin",
    "utc_offset": 3600.0,
    "map": {"id": "a2000", "summary_polyline": "", "resource_state": 2},
    "trainer": False,
    "gear_id": "g1",
    "start_latlng": [52.5, 13.4],
    "average_speed": 3.09,
    "suffer_score": 11.0,
}
DETAIL: dict[str, Any] = json.loads((REPLIES / "detailed_run.json").read_text(encoding="utf-8"))
STREAMS: dict[str, Any] = {
    "time": {"data": [0, 1, 2], "series_type": "distance", "original_size": 3, "resolution": "high"},
    "heartrate": {"data": [100, 101, None], "series_type": "distance", "original_size": 3, "resolution": "high"},
    "latlng": {"data": [[52.5, 13.4], [52.5, 13.4], [52.5, 13.4]], "original_size": 3},
    "moving": {"data": [False, True, True]},
}


def read_row(**changes: Any) -> tuple[SummaryActivity, tuple[LeftOut, ...]]:  # any JSON
    page = decode_page(SummaryActivity, json.dumps([{**ROW, **changes}]).encode())
    assert page.bad == ()
    return page.items[0], page.odd


def read_detail(**changes: Any) -> tuple[DetailedActivity, list[LeftOut]]:  # any JSON
    parts: list[LeftOut] = []
    return decode(DetailedActivity, json.dumps({**ROW, **changes}).encode(), left_out=parts.append), parts


@pytest.mark.parametrize(
    ("field", "given_value", "name", "read"),
    [
        ("distance", None, "distance_m", None),
        ("name", None, "name", ""),
        ("moving_time", None, "moving_time_s", None),
        ("moving_time", 1622.4, "moving_time_s", 1622),
        ("elapsed_time", "1650", "elapsed_time_s", 1650),
        ("gear_id", 12, "gear_id", "12"),
        ("trainer", 1, "trainer", True),
        ("start_latlng", [None, None], "start_latlng", None),
        ("id", "2000", "id", 2000),
        ("average_speed", "3.5", "average_speed_mps", 3.5),
        ("utc_offset", None, "utc_offset_s", None),
    ],
)
def test_what_can_be_understood_is_taken_without_a_word(
    field: str, given_value: object, name: str, read: object
) -> None:
    row, odd = read_row(**{field: given_value})

    assert getattr(row, name) == read
    assert odd == ()


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("suffer_score", {"score": 1}, "$[0].suffer_score"),
        ("start_latlng", "52.5,13.4", "$[0].start_latlng"),
        ("start_latlng", [52.5, "x"], "$[0].start_latlng[1]"),
        ("workout_type", 1.5, "$[0].workout_type"),
        ("average_speed", "fast", "$[0].average_speed"),
        ("map", 7, "$[0].map"),
        ("start_date_local", 1_700_000_000, "$[0].start_date_local"),
        ("workout_type", 2**70, "$[0].workout_type"),
        ("trainer", [], "$[0].trainer"),
    ],
)
def test_what_cannot_be_understood_is_left_out_and_named(field: str, value: object, path: str) -> None:
    row, odd = read_row(**{field: value})

    assert row.id == 2000
    (part,) = odd
    assert (part.path, part.item_id, part.is_row) == (path, 2000, False)
    assert part.found in str(part)


def test_infinity_costs_its_field_alone() -> None:
    row, odd = read_row(suffer_score=math.inf)

    assert row.relative_effort is None
    assert [part.path for part in odd] == ["$[0].suffer_score"]


SURROGATE, DIGITS, BYTES = b'"\\ud800"', b"7" * 5_000, b'"\xff\xfe"'


@pytest.mark.parametrize("odd", [SURROGATE, DIGITS, BYTES], ids=["surrogate", "5,000 digits", "no UTF-8"])
@pytest.mark.parametrize("field", ["name", "distance", "start_date_local", "moving_time", "gear_id", "map"])
def test_what_python_cannot_read_costs_its_field_alone(field: str, odd: bytes) -> None:
    """Half of a surrogate pair, a number of thousands of digits, bytes that are no text."""
    row = json.dumps({**ROW, field: "HERE"}).encode().replace(b'"HERE"', odd)

    page = decode_page(SummaryActivity, b"[%s,%s]" % (row, json.dumps({**ROW, "id": 3}).encode()))
    detail = decode(DetailedActivity, row)

    assert [each.id for each in page.items] == [2000, 3]
    assert detail.id == 2000


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32-le"])
def test_an_answer_in_another_encoding_is_read(codec: str) -> None:
    assert [row.id for row in decode_page(SummaryActivity, json.dumps([ROW]).encode(codec)).items] == [2000]


def test_a_lap_without_name_or_start_is_still_a_lap() -> None:
    activity, parts = read_detail(laps=[{"id": 1, "name": None, "distance": 1000.0}, {"id": None}, "x"])

    assert activity.laps is not None
    assert [(lap.name, lap.distance_m, lap.start) for lap in activity.laps] == [("", 1000.0, None), ("", None, None)]
    assert [part.path for part in parts] == ["$.laps[2]"]


def test_gear_and_efforts_are_kept_as_far_as_they_go() -> None:
    activity, parts = read_detail(
        gear={"id": "g1", "name": None},
        best_efforts=[{"id": None, "name": "400m", "elapsed_time": 90}],
        segment_efforts=[{"id": 1, "average_watts": "n/a", "segment": {"name": "no id"}}],
    )

    assert activity.gear is not None
    assert activity.best_efforts is not None
    assert activity.best_efforts[0].elapsed_time_s == 90
    assert activity.segment_efforts is not None
    assert activity.segment_efforts[0].segment is None
    assert [part.path for part in parts] == ["$.segment_efforts[0].average_watts", "$.segment_efforts[0].segment.id"]


def test_a_sample_that_is_no_number_is_a_gap_and_the_rest_of_the_channel_stays() -> None:
    parts: list[LeftOut] = []
    body = json.dumps({"heartrate": {"data": [100, "x", {}, 103]}, "watts": {"data": 7}}).encode()

    channels = streams_by_key(body, left_out=parts.append)

    assert channels["heartrate"].samples == [100, None, None, 103]
    assert "watts" not in channels
    assert [part.path for part in parts] == ["$.heartrate.data[1]", "$.watts.data"]
    assert "1 more" in parts[0].found


@pytest.mark.parametrize("body", [b'{"login":"required"}', b'{"message":"Sorry","errors":[]}'])
@pytest.mark.parametrize(
    "read", [lambda body: decode(Zones, body), lambda body: decode(ActivityStats, body), streams_by_key]
)
def test_an_object_of_another_kind_is_no_answer(read: Callable[[bytes], object], body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer, match=r"gateway"):
        read(body)


def test_the_tally_counts_rows_and_names_each() -> None:
    page = decode_page(SummaryActivity, json.dumps([{**ROW, "start_date": 7}, {**ROW, "id": []}, 5]).encode())
    tally = LeftOutTally()
    for part in page.bad:
        tally.add(part)

    text = "\n".join(tally.lines())

    assert text.startswith("3 rows could not be read")
    assert "id 2000: $[0].start_date holds 7, not a time" in text
    assert "without an id: $[1].id holds []" in text


def test_the_same_oddity_in_many_rows_is_one_line() -> None:
    rows = [{**ROW, "id": number, "suffer_score": {}} for number in range(300)]
    tally = LeftOutTally()
    for part in decode_page(SummaryActivity, json.dumps(rows).encode()).odd:
        tally.add(part)

    (line,) = tally.lines()

    assert "299 more" in line


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ROW, "x", "data"]), inner),
    max_leaves=6,
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a JSON value; of a list of many, the first two."""
    found = [path] if path else []
    if isinstance(value, dict):
        return found + [place for key, each in value.items() for place in places(each, (*path, key))]
    if isinstance(value, list):
        return found + [place for key, each in enumerate(value[:2]) for place in places(each, (*path, key))]
    return found


def put(value: Json, path: tuple[str | int, ...], new: object) -> Json:
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return changed


def is_said(read: Json, given_value: Json) -> bool:
    """Whether what was read says the same as what was given; what no field of ours is for needs no word."""
    if given_value is None or (isinstance(given_value, list) and all(each is None for each in given_value)):
        return True
    if isinstance(given_value, dict) and isinstance(read, dict):
        return all(is_said(read[key], each) for key, each in given_value.items() if key in read)
    if isinstance(given_value, list) and isinstance(read, list) and len(read) == len(given_value):
        return all(map(is_said, read, given_value))
    if isinstance(read, bool):
        return str(given_value).lower() in ({"1", "1.0", "true"} if read else {"0", "0.0", "-0.0", "false"})
    if read == given_value or str(given_value) == read:
        return True
    try:
        if isinstance(read, int | float) and math.isclose(float(given_value), read, abs_tol=0.5):
            return True
        return datetime.fromisoformat(read) == datetime.fromisoformat(given_value)
    except (TypeError, ValueError, OverflowError):
        return False


def at(value: Json, path: tuple[str | int, ...]) -> Json:
    """What stands at a place, None where no field is for it."""
    for key in path:
        try:
            value = value[key]
        except (KeyError, TypeError, IndexError):
            return None
    return value


def is_known(value: Json, path: tuple[str | int, ...]) -> bool:
    return at(value, path[:-1]) is not None and (isinstance(path[-1], int) or path[-1] in at(value, path[:-1]))


PLAIN_DETAIL = json.loads(encode(decode(DetailedActivity, json.dumps(DETAIL).encode())))


@settings(max_examples=150, deadline=None)
@given(field=st.sampled_from(places(ROW)), value=JSON)
def test_any_value_in_a_row_costs_no_other_row_and_is_said(field: tuple[str | int, ...], value: object) -> None:
    rows = [{**ROW, "id": 1}, put(ROW, field, value), {**ROW, "id": 3}]

    page = decode_page(SummaryActivity, json.dumps(rows).encode())

    assert {1, 3} <= {row.id for row in page.items}
    assert page.count == 3
    if not page.bad and not page.odd:
        assert is_said(at(json.loads(encode(page.items[1])), field), value)


@settings(max_examples=150, deadline=None)
@given(field=st.sampled_from([place for place in places(DETAIL) if is_known(PLAIN_DETAIL, place)]), value=JSON)
def test_any_value_in_a_detail_costs_no_more_than_its_part_and_is_said(
    field: tuple[str | int, ...], value: object
) -> None:
    parts: list[LeftOut] = []
    body = json.dumps(put(DETAIL, field, value)).encode()
    if field in (("id",), ("start_date",)):
        return  # without these two it is no activity

    activity = decode(DetailedActivity, body, left_out=parts.append)

    assert activity.id == DETAIL["id"]
    if not parts:
        assert is_said(at(json.loads(encode(activity)), field), value)


@settings(max_examples=100, deadline=None)
@given(field=st.sampled_from(places(STREAMS)), value=JSON)
def test_any_value_in_a_stream_costs_no_other_channel_and_is_said(field: tuple[str | int, ...], value: object) -> None:
    parts: list[LeftOut] = []

    channels = streams_by_key(json.dumps(put(STREAMS, field, value)).encode(), left_out=parts.append)

    others = set(STREAMS) - {field[0]}
    assert others <= set(channels)
    if not parts:
        assert is_said(at(json.loads(encode(channels)), field), value)


LAP = {
    "id": 1,
    "name": "Lap 1",
    "distance": 1000.0,
    "moving_time": 299,
    "start_date": "2026-11-20T17:05:00Z",
    "split": 1,
}
LIMIT = {"min": 0, "max": 111}
GEAR = {"id": "g1", "name": "Racer", "distance": 1.0, "primary": True, "brand_name": "A", "retired": False}
OTHERS: list[tuple[type, Json]] = [
    (Lap, LAP),
    (Gear, GEAR),
    (Athlete, {"id": 77, "firstname": "Ada", "weight": 70.5, "created_at": "2020-01-01T00:00:00Z", "shoes": [GEAR]}),
    (Zones, {"heart_rate": {"custom_zones": False, "zones": [LIMIT, {"min": 111, "max": -1}]}}),
    (ActivityStats, {"all_run_totals": {"count": 1, "distance": 1.0, "moving_time": 1, "elevation_gain": 1.0}}),
    (Upload, {"id": 1, "id_str": "1", "error": None, "status": "Your activity is ready.", "activity_id": 5}),
]


@settings(max_examples=100, deadline=None)
@given(which=st.sampled_from(OTHERS), chosen=st.data(), value=JSON)
def test_any_value_in_a_lap_a_shoe_an_athlete_zones_or_an_upload_costs_its_part_and_is_said(
    which: tuple[type, Json], chosen: st.DataObject, value: object
) -> None:
    kind, whole = which
    read_whole: object = decode(kind, json.dumps(whole).encode())
    plain = json.loads(encode(read_whole))
    known = [place for place in places(whole) if place != ("id",) and is_known(plain, place)]
    field = chosen.draw(st.sampled_from(known))
    parts: list[LeftOut] = []

    read: object = decode(kind, json.dumps(put(whole, field, value)).encode(), left_out=parts.append)

    if not parts:
        assert is_said(at(json.loads(encode(read)), field), value)
