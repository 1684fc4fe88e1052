"""Files handed in: received, processed, turned into activities, and found again."""

import gzip
from datetime import timedelta
from typing import Any

import pytest

from paceport.http_message import Response
from paceport.sandbox.state.world import World
from sandbox.few import NEWEST
from sandbox.files import START, fit, gpx, hand_in, strength, tcx
from sandbox.visitor import Visitor, read

PROCESSING = "Your activity is still being processed."
READY = "Your activity is ready."
FAILED = "There was an error processing your activity."


@pytest.fixture
def token(visitor: Visitor) -> str:
    return str(visitor.login(scope="read,activity:read_all,activity:write")["access_token"])


def poll(visitor: Visitor, token: str, upload_id: int) -> Any:  # noqa: ANN401  # JSON is what it is
    return read(visitor.api(f"/uploads/{upload_id}", token))


def outcome(visitor: Visitor, token: str, answer: Response) -> Any:  # noqa: ANN401  # JSON is what it is
    assert answer.status == 201, answer.text()
    upload_id = read(answer)["id"]
    poll(visitor, token, upload_id)
    return poll(visitor, token, upload_id)


def upload(visitor: Visitor, token: str, content: bytes, kind: str = "fit", **fields: str) -> Any:  # noqa: ANN401  # JSON
    name = fields.pop("file_name", f"run.{kind}")
    return outcome(visitor, token, hand_in(visitor, token, content, {"data_type": kind, **fields}, name=name))


def detail(visitor: Visitor, token: str, done: Any) -> Any:  # noqa: ANN401  # JSON is what it is
    assert done["status"] == READY, done
    return read(visitor.api(f"/activities/{done['activity_id']}", token))


def test_an_upload_is_received_processed_and_ready_as_recorded(visitor: Visitor, token: str) -> None:
    answer = hand_in(visitor, token, fit(), {"data_type": "fit"}, name="17611540601.fit")
    received = read(answer)
    seen = [received, *(poll(visitor, token, received["id"]) for _ in range(3))]

    assert answer.status == 201
    assert received == {
        "id": received["id"],
        "id_str": str(received["id"]),
        "external_id": None,
        "error": None,
        "status": PROCESSING,
        "activity_id": None,
    }
    assert [one["status"] for one in seen] == [PROCESSING, PROCESSING, READY, READY]
    assert seen[2]["external_id"] == "17611540601.fit"
    assert seen[2]["activity_id"] == seen[3]["activity_id"]


def test_how_often_it_is_processing_can_be_set(visitor: Visitor, world: World, token: str) -> None:
    world.switches.set(upload_polls=3)
    upload_id = read(hand_in(visitor, token, fit(), {"data_type": "fit"}))["id"]

    assert [poll(visitor, token, upload_id)["status"] for _ in range(4)] == [PROCESSING] * 3 + [READY]


def test_the_activity_appears_only_when_it_is_ready(visitor: Visitor, token: str) -> None:
    before = read(visitor.api("/athlete/activities?per_page=1", token))
    upload_id = read(hand_in(visitor, token, fit(), {"data_type": "fit"}))["id"]
    during = read(visitor.api("/athlete/activities?per_page=1", token))
    poll(visitor, token, upload_id)
    done = poll(visitor, token, upload_id)

    assert before == during
    assert read(visitor.api("/athlete/activities?per_page=1", token))[0]["id"] == done["activity_id"]


def test_an_upload_nobody_asks_about_is_done_after_a_while(visitor: Visitor, world: World, token: str) -> None:
    hand_in(visitor, token, fit(), {"data_type": "fit"})
    world.clock.advance(60)

    newest = read(visitor.api("/athlete/activities?per_page=1", token))[0]

    assert newest["external_id"] == "run.fit"


@pytest.mark.parametrize(("content", "kind"), [(fit(), "fit"), (gpx(), "gpx"), (tcx(), "tcx")])
def test_the_activity_is_what_the_file_says(visitor: Visitor, token: str, content: bytes, kind: str) -> None:
    made = detail(visitor, token, upload(visitor, token, content, kind))

    assert made["distance"] == pytest.approx(360.0, abs=0.5)
    assert (made["moving_time"], made["elapsed_time"], made["manual"], made["trainer"]) == (120, 120, False, False)
    assert (made["start_date"], made["start_date_local"]) == ("2026-11-20T06:00:00Z", "2026-11-20T07:00:00Z")
    assert (made["upload_id_str"], made["has_heartrate"]) == (str(made["upload_id"]), True)
    assert made["map"]["polyline"]
    assert made["laps"]
    assert made["gear"]["id"] == "g41"


@pytest.mark.parametrize("kind", ["FIT", "fit.gz", "Fit.GZ"])
def test_the_type_counts_in_any_case_and_tells_of_gzip(visitor: Visitor, token: str, kind: str) -> None:
    content = gzip.compress(fit(), mtime=0) if "gz" in kind.lower() else fit()

    assert upload(visitor, token, content, kind)["status"] == READY


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "Morning Trail Run"),
        ({"sport_type": "Walk"}, "Morning Walk"),
        ({"activity_type": "Hike"}, "Morning Hike"),
        ({"activity_type": "Hike", "sport_type": "VirtualRun"}, "Morning Virtual Run"),
        ({"sport_type": "run"}, "Morning Trail Run"),
        ({"name": "Mine"}, "Mine"),
    ],
)
def test_name_and_sport_come_from_the_fields_or_the_file(
    visitor: Visitor, token: str, fields: dict[str, str], expected: str
) -> None:
    assert detail(visitor, token, upload(visitor, token, fit(), **fields))["name"] == expected


def test_a_sport_that_does_not_exist_can_be_refused(visitor: Visitor, world: World, token: str) -> None:
    world.switches.set(upload_sport="refuse")

    assert hand_in(visitor, token, fit(), {"data_type": "fit", "sport_type": "run"}).status == 400


def test_description_commute_and_trainer_are_taken_over(visitor: Visitor, token: str) -> None:
    made = detail(visitor, token, upload(visitor, token, fit(), description="wet", commute="1", trainer="1"))

    assert (made["description"], made["commute"], made["trainer"]) == ("wet", True, True)


def test_a_run_without_positions_is_stationary(visitor: Visitor, token: str) -> None:
    assert detail(visitor, token, upload(visitor, token, fit(has_places=False)))["trainer"] is True


@pytest.mark.parametrize(
    ("given", "file_name", "shown"),
    [("98765", "a.gpx", "98765.gpx"), ("", "a.GPX", "a.GPX"), ("x.gpx", "a.gpx", "x.gpx"), ("", "", "upload.gpx")],
)
def test_the_external_id_ends_in_the_format(
    visitor: Visitor, token: str, given: str, file_name: str, shown: str
) -> None:
    done = upload(visitor, token, gpx(), "gpx", external_id=given, file_name=file_name)

    assert done["external_id"] == shown
    assert detail(visitor, token, done)["external_id"] == shown


@pytest.mark.parametrize(
    ("content", "fields", "resource", "field", "code"),
    [
        (None, {"data_type": "fit"}, "Upload", "data", "empty"),
        (b"", {"data_type": "fit"}, "Upload", "data", "empty"),
        (gzip.compress(b"", mtime=0), {"data_type": "gpx.gz"}, "Upload", "data", "empty"),
        (b"plain", {"data_type": "fit.gz"}, "upload", "gzip", "invalid encoding"),
        (gzip.compress(fit(), mtime=0)[:-20], {"data_type": "fit.gz"}, "upload", "gzip", "invalid encoding"),
        (fit(), {"data_type": "kml"}, "Upload", "data_type", "invalid"),
        (fit(), {}, "Upload", "data_type", "invalid"),
        (strength(), {"data_type": "json.gz"}, "Upload", "data_type", "invalid"),
    ],
)
def test_what_is_wrong_at_once_is_a_400(
    visitor: Visitor, token: str, content: bytes | None, fields: dict[str, str], resource: str, field: str, code: str
) -> None:
    answer = hand_in(visitor, token, content, fields)

    assert answer.status == 400
    assert read(answer) == {
        "message": "Bad Request",
        "errors": [{"resource": resource, "field": field, "code": code}],
    }


@pytest.mark.parametrize(
    ("content", "kind", "fields", "words"),
    [
        (b"no fit at all", "fit", {}, "malformed"),
        (gzip.compress(fit(), mtime=0), "fit", {}, "malformed"),
        (gpx(count=0), "gpx", {}, "empty"),
        (strength(sets=[]), "json", {}, "malformed"),
        (strength(), "json", {"sport_type": "Run"}, "malformed"),
    ],
)
def test_what_is_wrong_later_is_an_error_without_an_activity(
    visitor: Visitor, token: str, content: bytes, kind: str, fields: dict[str, str], words: str
) -> None:
    done = upload(visitor, token, content, kind, **fields)

    assert (done["status"], done["activity_id"]) == (FAILED, None)
    assert words in done["error"]


def test_a_strength_session_becomes_an_activity_without_distance(visitor: Visitor, token: str) -> None:
    made = detail(visitor, token, upload(visitor, token, strength(), "json", sport_type="Crossfit"))

    assert (made["sport_type"], made["elapsed_time"], made["distance"]) == ("Crossfit", 1800, 0.0)
    assert made["trainer"] is False


@pytest.mark.parametrize("outcome_word", ["malformed", "empty"])
def test_an_error_can_be_asked_for(visitor: Visitor, world: World, token: str, outcome_word: str) -> None:
    world.switches.set(upload_outcome=outcome_word)

    assert outcome_word in upload(visitor, token, fit())["error"]


def test_a_stuck_upload_is_never_done(visitor: Visitor, world: World, token: str) -> None:
    world.switches.set(upload_outcome="stuck")
    upload_id = read(hand_in(visitor, token, fit(), {"data_type": "fit"}))["id"]
    world.clock.advance(3600)

    assert {poll(visitor, token, upload_id)["status"] for _ in range(5)} == {PROCESSING}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("plain", "second.fit duplicate of activity {0}"),
        ("html", "second.fit duplicate of <a href='/activities/{0}'>activity {0}</a>"),
    ],
)
def test_the_same_file_again_is_a_duplicate(visitor: Visitor, world: World, token: str, form: str, text: str) -> None:
    world.switches.set(duplicate_text=form)
    first = upload(visitor, token, fit())
    second = upload(visitor, token, fit(), file_name="second.fit")

    assert (second["status"], second["activity_id"]) == (FAILED, None)
    assert second["error"] == text.format(first["activity_id"])


def test_the_same_run_in_another_format_is_a_duplicate(visitor: Visitor, token: str) -> None:
    first = upload(visitor, token, fit())

    assert str(first["activity_id"]) in upload(visitor, token, gpx(start=START + timedelta(seconds=9)), "gpx")["error"]


def test_a_file_of_what_the_watch_sent_long_ago_is_a_duplicate(visitor: Visitor, world: World, token: str) -> None:
    there = world.activities(world.people[0].id)[0]

    assert str(there.id) in upload(visitor, token, fit(start=NEWEST))["error"]


def test_another_hour_is_another_activity(visitor: Visitor, token: str) -> None:
    first = upload(visitor, token, fit())
    second = upload(visitor, token, fit(start=START - timedelta(hours=1)))

    assert second["status"] == READY
    assert first["activity_id"] != second["activity_id"]


def test_two_uploads_at_once_make_one_activity(visitor: Visitor, token: str) -> None:
    answers = [hand_in(visitor, token, fit(), {"data_type": "fit"}) for _ in range(2)]
    ends = [outcome(visitor, token, answer) for answer in reversed(answers)]

    assert [end["status"] for end in ends] == [READY, FAILED]


def test_a_deleted_activity_shows_in_its_upload_and_stays_deleted(visitor: Visitor, world: World, token: str) -> None:
    first = upload(visitor, token, fit())
    world.delete_activity(first["activity_id"])
    again = upload(visitor, token, fit())

    gone = poll(visitor, token, first["id"])
    assert (gone["status"], gone["activity_id"]) == ("The created activity has been deleted.", None)
    assert (again["status"], again["activity_id"], again["error"]) == (gone["status"], None, None)


def test_under_a_new_external_id_a_deleted_activity_comes_back(visitor: Visitor, world: World, token: str) -> None:
    world.delete_activity(upload(visitor, token, fit())["activity_id"])

    assert upload(visitor, token, fit(), external_id="new")["status"] == READY


def test_others_uploads_are_not_found(visitor: Visitor, world: World, token: str) -> None:
    upload_id = read(hand_in(visitor, token, fit(), {"data_type": "fit"}))["id"]
    world.sign_in(world.people[1].id)
    other = visitor.login(scope="read,activity:write")["access_token"]

    assert visitor.api(f"/uploads/{upload_id}", other).status == 404
    assert visitor.api("/uploads/1", token).status == 404


def test_handing_in_needs_its_scope_and_asking_too(visitor: Visitor, token: str) -> None:
    reader = visitor.login(scope="read,activity:read_all")["access_token"]
    upload_id = read(hand_in(visitor, token, fit(), {"data_type": "fit"}))["id"]

    assert hand_in(visitor, reader, fit(), {"data_type": "fit"}).status == 401
    assert visitor.api(f"/uploads/{upload_id}", reader).status == 401


def test_an_upload_counts_overall_and_a_poll_in_both_limits(visitor: Visitor, token: str) -> None:
    answer = hand_in(visitor, token, fit(), {"data_type": "fit"})
    asked = visitor.api(f"/uploads/{read(answer)['id']}", token)

    assert (answer.headers["x-ratelimit-usage"], answer.headers["x-readratelimit-usage"]) == ("1,1", "0,0")
    assert (asked.headers["x-ratelimit-usage"], asked.headers["x-readratelimit-usage"]) == ("2,2", "1,1")
