"""What the devices and programs of the real files are known for: shown by each file and by its twin."""

import gzip
import io
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import fitdecode  # type: ignore[import-untyped]  # it ships no types
import pytest
from defusedxml.ElementTree import fromstring

from conftest import SharedFiles
from makers.known_facts import Facts

Rows = list[dict[str, Any]]
Messages = dict[str, Rows]
Decode = Callable[[str], Messages]


@pytest.fixture(scope="module")
def decode(shared_file: SharedFiles) -> Decode:
    """The messages of a FIT file by name: raw values of the fields that are there, None for "nothing"."""
    kept: dict[str, Messages] = {}

    def read(name: str) -> Messages:
        if name not in kept:
            content = shared_file(name).read_bytes()
            content = gzip.decompress(content) if name.endswith(".gz") else content
            kept[name] = {}
            with fitdecode.FitReader(io.BytesIO(content)) as reader:
                for message in reader:
                    if isinstance(message, fitdecode.FitDataMessage):
                        row = {one.name: None if one.value is None else one.raw_value for one in message.fields}
                        kept[name].setdefault(message.name, []).append(row)
        return kept[name]

    return read


def steps_s(records: Rows) -> Counter[int]:
    """How often which time lies between two records."""
    return Counter(later["timestamp"] - sooner["timestamp"] for sooner, later in pairwise(records))


def lacking(records: Rows, name: str) -> int:
    """Records that have a field and hold nothing in it."""
    return sum(name in record and record[name] is None for record in records)


def test_coros_writes_fields_one_by_one_and_its_local_time_is_utc(decode: Decode) -> None:
    found = decode("runs/trosku.fit")
    records = found["record"]

    assert "position_lat" not in records[0]
    assert "heart_rate" in records[1]
    assert "speed" not in records[1]
    assert steps_s(records)[3] == 1
    assert lacking(records, "position_lat") == 9
    assert lacking(records, "altitude") >= 5
    assert found["device_info"][0]["timestamp"] > records[-1]["timestamp"]
    assert found["activity"][0]["local_timestamp"] == found["activity"][0]["timestamp"]


def test_suunto_goes_on_in_pauses_and_runs_below_the_sea(decode: Decode) -> None:
    found = decode("runs/bloemendaal.fit")
    records = found["record"]

    assert steps_s(records).keys() == {1}
    assert sum(record.keys() == {"timestamp", "heart_rate"} for record in records) == 36
    assert sum(record.get("altitude") == 2500 for record in records) >= 7  # 0 m, and true
    assert any((record.get("altitude") or 2500) < 2480 for record in records)
    assert len(found["hrv"]) == len(records)
    assert found["field_description"]
    assert not any("recovery_time" in record for record in records)
    assert found["session"][0]["total_timer_time"] < found["session"][0]["total_elapsed_time"] - 36_000 + 1000


def test_a_garmin_with_a_foot_pod_has_power_only_as_a_developer_field(decode: Decode) -> None:
    found = decode("runs/sloatsburg.fit")
    records = found["record"]

    assert all("power" not in record and record["Power"] is not None for record in records)
    assert records[0]["distance"] == 119
    assert steps_s(records)[2] == 2
    assert lacking(records, "heart_rate") == 7
    assert lacking(records, "position_lat") >= 20
    assert any(name.startswith("unknown") for name in found)
    assert any(row.get("local_device_type") == 4 for row in found["device_info"])
    assert len(found["lap"]) == 2


def test_a_treadmill_run_has_no_place_and_three_silent_pauses(decode: Decode) -> None:
    found = decode("runs/treadmill.fit")
    records = found["record"]
    timer = [row for row in found["event"] if row["event"] == 0]

    assert not any("position_lat" in record or "altitude" in record for record in records)
    assert sorted(steps_s(records))[0] == 1
    assert sum(count for step_s, count in steps_s(records).items() if step_s > 100) == 3
    assert len(timer) == 8  # three pauses, one start, one end
    assert all("power" not in record and record["Power"] is not None for record in records)
    assert "enhanced_speed" in records[0]


def test_a_small_watch_records_when_something_changes(decode: Decode, facts: Facts) -> None:
    found = decode(f"export/{facts.export.file}")
    records = found["record"]

    assert len(steps_s(records)) >= 5
    assert steps_s(records)[13] == 1
    assert not any("heart_rate" in record for record in records)
    assert len(found["lap"]) == 4
    assert found["activity"][0]["timestamp"] > records[-1]["timestamp"]


def test_a_phones_gpx_names_the_sport_by_number_and_has_no_distance(shared_file: SharedFiles) -> None:
    root = fromstring(shared_file("runs/20170319_run.gpx").read_bytes())
    texts = {name: [one.text for one in root.iter() if one.tag.endswith("}" + name)] for name in ("type", "cad", "hr")}

    assert texts["type"] == ["9"]
    assert len(texts["hr"]) == len(texts["cad"]) > 500
    assert max(int(text or 0) for text in texts["cad"]) < 110  # one foot's
    assert not any(one.tag.endswith(("}distance", "}speed")) for one in root.iter())


def test_a_tcx_has_totals_by_lap_and_a_point_without_place(shared_file: SharedFiles) -> None:
    root = fromstring(shared_file("runs/20181021_run.tcx").read_bytes())
    named = {name: [one for one in root.iter() if one.tag.endswith("}" + name)] for name in ("Lap", "Trackpoint")}
    cadences = [one.text for one in root.iter() if one.tag.endswith("}RunCadence")]
    (creator,) = (one for one in root.iter() if one.tag.endswith("}Creator"))

    assert [lap[0].tag.rpartition("}")[2] for lap in named["Lap"]] == ["TotalTimeSeconds"] * 3
    assert sum(not any(part.tag.endswith("}Position") for part in point) for point in named["Trackpoint"]) == 1
    assert cadences[-1] == "0"
    assert not str(creator[0].text).isascii()
