"""JSON to values: what is taken, what is set aside, and that nothing else is ever raised."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.api.models.activity import DetailedActivity, SummaryActivity, streams_by_key
from paceport.api.models.athlete import Athlete
from paceport.api.models.decoding import decode, decode_page, is_whole_json, raw_rows
from paceport.errors import UnexpectedAnswer


def row(**changes: Any) -> dict[str, Any]:  # any JSON
    return {
        "id": 16_000_000_000,
        "name": "Morning Run",
        "distance": 10_000.5,
        "moving_time": 3000,
        "elapsed_time": 3100,
        "sport_type": "Run",
        "start_date": "2026-03-01T05:30:00Z",
        "start_date_local": "2026-03-01T06:30:00Z",
        "timezone": "(GMT+01:00) Europe/Berlin",
        **changes,
    }


def page_of(*rows: object) -> bytes:
    return json.dumps(rows).encode()


def first(**changes: Any) -> SummaryActivity:  # any JSON
    return decode_page(SummaryActivity, page_of(row(**changes))).items[0]


def test_the_false_z_of_the_local_start_is_not_believed() -> None:
    activity = first()

    assert activity.start == datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
    assert activity.start_local == datetime(2026, 3, 1, 6, 30)
    assert activity.start_local.tzinfo is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("(GMT-05:00) America/New_York", "America/New_York"),
        ("(GMT+01:00) Europe/Berlin", "Europe/Berlin"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("", None),
        (None, None),
    ],
)
def test_the_zone_is_the_name_behind_the_offset(text: str | None, zone: str | None) -> None:
    assert first(timezone=text).timezone == zone


def test_a_start_one_second_past_local_midnight_looks_hidden() -> None:
    assert first(start_date_local="2026-03-01T00:00:01Z").is_start_hidden
    assert not first().is_start_hidden


def test_an_old_answer_without_sport_type_still_has_its_sport() -> None:
    assert first(sport_type=None, type="Hike").sport == "Hike"


@pytest.mark.parametrize("value", [3000, 3000.0, "3000"])
def test_a_whole_number_is_taken_however_it_is_written(value: object) -> None:
    assert first(moving_time=value).moving_time_s == 3000


def test_unknown_fields_and_new_sports_do_no_harm() -> None:
    activity = first(sport_type="Quidditch", a_new_field={"deep": [1, 2]})

    assert activity.sport == "Quidditch"


def test_a_full_64_bit_id_keeps_every_digit() -> None:
    assert first(id=3329485690369457990).id == 3329485690369457990


def test_a_wrong_row_is_set_aside_with_its_path_and_costs_no_other() -> None:
    page = decode_page(SummaryActivity, page_of(row(id=1), row(id=2, start_date=[]), row(id=3)))

    assert [activity.id for activity in page.items] == [1, 3]
    assert [(bad.index, bad.path, bad.item_id, bad.found) for bad in page.bad] == [(1, "$[1].start_date", 2, "[]")]
    assert "a time" in page.bad[0].why
    assert json.loads(page.bad[0].raw)["id"] == 2
    assert page.count == 3


def test_a_row_without_its_id_is_set_aside() -> None:
    page = decode_page(SummaryActivity, b'[{"name": "x"}, 7, null, [], "x"]')

    assert page.items == ()
    assert [bad.index for bad in page.bad] == [0, 1, 2, 3, 4]


def test_the_raw_rows_stand_beside_the_good_ones_byte_for_byte() -> None:
    body = b'[ {"id": 1,  "distance":1.0,"moving_time":1,"elapsed_time":1,"start_date":"2026-01-01T00:00:00Z"}, {} ]'

    page = decode_page(SummaryActivity, body)

    assert page.raws() == [body[2 : body.index(b"}") + 1]]
    assert raw_rows(body)[1] == b"{}"


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"<html>", b"[{]", b"null", b'"x"', b"\xff\xfe", b"[1,2"])
def test_what_is_no_array_is_an_unexpected_answer(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        decode_page(SummaryActivity, body)


def test_an_error_names_the_path_of_the_trouble() -> None:
    with pytest.raises(UnexpectedAnswer, match=r"found null at \$\.start_date"):
        decode(DetailedActivity, json.dumps(row(start_date=None)).encode())


def test_streams_are_read_from_both_shapes() -> None:
    by_key = b'{"time":{"data":[0,1],"series_type":"time","original_size":2},"latlng":{"data":[[1.5,2],[1.5,2.1]]}}'
    by_type = b'[{"type":"time","data":[0,1]},{"type":"watts","data":[null,200]}]'

    assert streams_by_key(by_key)["time"].samples == [0, 1]
    assert streams_by_key(by_key)["latlng"].samples[1] == [1.5, 2.1]
    assert streams_by_key(by_type)["watts"].samples == [None, 200]


def test_nesting_without_end_is_no_crash() -> None:
    body = b"[" * 100_000

    assert not is_whole_json(body)
    with pytest.raises(UnexpectedAnswer):
        decode_page(SummaryActivity, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*row(), "laps", "map", "x"]), inner),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_raises_anything_but_our_error(body: bytes) -> None:
    for kind in (SummaryActivity, DetailedActivity, Athlete):
        for read in (decode, decode_page):
            with suppress(UnexpectedAnswer):
                read(kind, body)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["good", "bad"]), max_size=6), st.sampled_from(sorted(row())), JSON)
def test_good_rows_survive_any_neighbour(kinds: list[str], spoilt: str, value: object) -> None:
    rows = [row(id=index) if kind == "good" else row(id=index) | {spoilt: value} for index, kind in enumerate(kinds)]

    page = decode_page(SummaryActivity, page_of(*rows))

    good = {index for index, kind in enumerate(kinds) if kind == "good"}
    assert good <= {activity.id for activity in page.items}
    assert page.count == len(rows)
    assert len(page.raws()) == len(page.items)


def test_a_value_is_a_dict_of_our_names_all_the_way_down() -> None:
    body = json.dumps(row(map={"summary_polyline": "abc"}, laps=[{"id": 1, "distance": 1000.0}])).encode()

    told = decode(DetailedActivity, body).to_dict()

    assert (told["distance_m"], told["moving_time_s"]) == (10_000.5, 3000)
    assert told["map"] == {"id": None, "polyline": None, "summary_polyline": "abc", "resource_state": None}
    assert isinstance(told["laps"], list)
    assert told["laps"][0]["distance_m"] == 1000.0
