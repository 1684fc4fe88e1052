"""Files handed in and seen through: each ends in its own result, and nothing is sent twice without need."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from paceport.api.client.client import Client
from paceport.api.client.request_options import RequestOptions
from paceport.api.client.requester import Requester
from paceport.api.models.activity import Upload
from paceport.api.upload.upload_log import UploadEntry, UploadLog
from paceport.api.upload.uploader import Uploader, UploadOutcome, UploadResult, duplicate_of, plain_text, read_outcome
from paceport.clock import ManualClock
from paceport.errors import AnswerLost, LoginNeeded, StravaDown
from paceport.http_message import Request, Response

TCX = b"<TrainingCenterDatabase>%d</TrainingCenterDatabase>"
WORKING = "Your activity is still being processed."

DEAD = {
    "message": "Authorization Error",
    "errors": [{"resource": "Athlete", "field": "access_token", "code": "invalid"}],
}


class Desk:
    """An upload desk on the other side of the wire: each file is worked on for a few looks, then ends as planned."""

    def __init__(self, clock: ManualClock, *, looks: int = 2) -> None:
        self.clock, self.looks = clock, looks
        self.posts: list[Request] = []
        self.looked_at: list[tuple[int, float]] = []
        self.ends: dict[int, dict[str, object]] = {}
        self.lost_answers = 0
        self.trouble: Response | None = None

    def __call__(self, request: Request, *, timeout_s: float = 30.0) -> Response:
        if request.method == "POST":
            if self.trouble is not None:
                return self.trouble
            self.posts.append(request)
            if self.lost_answers:
                self.lost_answers -= 1
                raise AnswerLost(host="h", why="cut")
            return self.answer({"id": len(self.posts), "error": None, "status": WORKING, "activity_id": None}, 201)
        upload_id = int(request.url.rpartition("/")[2])
        self.looked_at.append((upload_id, self.clock.monotonic_s()))
        seen = sum(1 for each, _ in self.looked_at if each == upload_id)
        if seen < self.looks:
            return self.answer({"id": upload_id, "error": None, "status": WORKING, "activity_id": None})
        end = self.ends.get(upload_id, {"activity_id": 9000 + upload_id, "status": "Your activity is ready."})
        if "missing" in end:
            return self.answer({"message": "Resource Not Found", "errors": []}, 404)
        return self.answer({"id": upload_id, "error": None, "status": "x", "activity_id": None, **end})

    def answer(self, value: Mapping[str, object], status: int = 200) -> Response:
        return Response(status=status, headers={"content-type": "application/json"}, body=json.dumps(value).encode())


@pytest.fixture
def desk(clock: ManualClock) -> Desk:
    return Desk(clock)


@pytest.fixture
def files(tmp_path: Path) -> Callable[[int], list[Path]]:
    def make(count: int) -> list[Path]:
        paths = [tmp_path / f"run{number}.tcx" for number in range(count)]
        for number, path in enumerate(paths):
            path.write_bytes(TCX % number)
        return paths

    return make


@pytest.fixture
def journal_path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "uploads.jsonl"


def client_of(desk: Desk) -> Client:
    options = RequestOptions(spread=lambda: 0.0)
    return Client(Requester(send=desk, token=lambda *, not_this=None: "token", clock=desk.clock, options=options))


def run(desk: Desk, paths: list[Path], journal: Path | None = None, *, as_new: bool = False) -> list[UploadResult]:
    client = client_of(desk)
    uploads = Uploader(client=client, clock=desk.clock, journal=UploadLog(journal))
    return list(uploads.run(paths, as_new=as_new))


def test_each_file_becomes_an_activity_in_its_order(desk: Desk, files: Callable[[int], list[Path]]) -> None:
    paths = files(6)

    results = run(desk, paths)

    assert [(result.path, result.activity_id) for result in results] == [
        (path, 9001 + number) for number, path in enumerate(paths)
    ]
    assert all(result.outcome is UploadOutcome.READY and result.is_found for result in results)


def test_an_upload_is_looked_at_at_most_once_a_second(desk: Desk, files: Callable[[int], list[Path]]) -> None:
    desk.looks = 6

    run(desk, files(3))

    for upload_id in (1, 2, 3):
        times = [at for each, at in desk.looked_at if each == upload_id]
        assert len(times) == 6
        assert all(later - earlier >= 1 for earlier, later in pairwise(times))


def test_the_form_carries_type_name_and_bytes(desk: Desk, files: Callable[[int], list[Path]]) -> None:
    run(desk, files(1))

    body = desk.posts[0].body
    assert b'name="data_type"\r\n\r\ntcx\r\n' in body
    assert b'filename="run0.tcx"' in body
    assert TCX % 0 in body


DUPLICATES = [
    "17611540601.tcx duplicate of activity 8319193780",
    "run.tcx duplicate of <a href='/activities/8319193780'>activity 8319193780</a>",
    "run.tcx duplicate of <a href='/activities/8319193780'>Morning Run</a>",
]


@pytest.mark.parametrize("text", DUPLICATES)
def test_a_duplicate_counts_as_found(desk: Desk, files: Callable[[int], list[Path]], text: str) -> None:
    desk.ends[1] = {"error": text}

    (result,) = run(desk, files(1))

    assert (result.outcome, result.activity_id, result.is_found) == (UploadOutcome.DUPLICATE, 8319193780, True)
    assert "<" not in result.why


def test_a_deleted_activity_is_explained(desk: Desk, files: Callable[[int], list[Path]]) -> None:
    desk.ends[1] = {"status": "The created activity has been deleted."}

    (result,) = run(desk, files(1))

    assert result.outcome is UploadOutcome.DELETED
    assert "as new" in result.why


def test_a_refusal_is_said_without_html(desk: Desk, files: Callable[[int], list[Path]]) -> None:
    desk.ends[1] = {"error": 'The file is empty, <a href="https://x" target="_blank">More Information</a>.'}

    (result,) = run(desk, files(1))

    assert result.outcome is UploadOutcome.REFUSED
    assert result.why == "Strava found nothing in the file: The file is empty, More Information ."


def test_a_refusal_at_the_desk_is_that_files_result(desk: Desk, files: Callable[[int], list[Path]]) -> None:
    fault = {"message": "Bad Request", "errors": [{"resource": "Upload", "field": "data", "code": "empty"}]}
    desk.trouble = desk.answer(fault, 400)

    (result,) = run(desk, files(1))

    assert (result.outcome, result.why) == (UploadOutcome.REFUSED, "Strava says the file is empty")


def test_what_is_no_activity_file_is_never_sent(desk: Desk, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("hello")

    results = run(desk, [note, tmp_path / "absent.fit"])

    assert [result.outcome for result in results] == [UploadOutcome.REFUSED, UploadOutcome.REFUSED]
    assert desk.posts == []


def test_done_files_are_not_sent_again(desk: Desk, files: Callable[[int], list[Path]], journal_path: Path) -> None:
    first = run(desk, files(3), journal_path)

    again = run(desk, files(3), journal_path)

    assert again == [replace(result, is_remembered=True) for result in first]
    assert len(desk.posts) == 3


def test_stopping_in_the_middle_loses_nothing(
    desk: Desk, files: Callable[[int], list[Path]], journal_path: Path
) -> None:
    client = client_of(desk)
    stopped = Uploader(client=client, clock=desk.clock, journal=UploadLog(journal_path)).run(files(10))
    next(stopped)
    stopped.close()  # type: ignore[attr-defined]  # a generator

    results = run(desk, files(10), journal_path)

    assert sorted(result.activity_id or 0 for result in results) == list(range(9001, 9011))
    assert len(desk.posts) == 10


def test_a_lost_answer_waits_before_the_file_goes_again(
    desk: Desk, files: Callable[[int], list[Path]], clock: ManualClock
) -> None:
    desk.lost_answers = 1
    desk.ends[2] = {"error": "run0.tcx duplicate of activity 77"}

    (result,) = run(desk, files(1))

    assert (result.outcome, result.activity_id) == (UploadOutcome.DUPLICATE, 77)
    assert len(desk.posts) == 2
    assert clock.monotonic_s() >= 15


def test_trouble_that_stays_stops_everything(desk: Desk, files: Callable[[int], list[Path]]) -> None:
    desk.trouble = Response(status=503, body=b"<html>")

    with pytest.raises(StravaDown):
        run(desk, files(5))


def test_a_dead_login_stops_everything(desk: Desk, files: Callable[[int], list[Path]]) -> None:
    desk.trouble = desk.answer(DEAD, 401)

    with pytest.raises(LoginNeeded):
        run(desk, files(5))


def test_what_is_not_ready_in_time_is_asked_about_next_time(
    desk: Desk, files: Callable[[int], list[Path]], journal_path: Path
) -> None:
    desk.looks = 1000
    (first,) = run(desk, files(1), journal_path)
    desk.looks = 1

    (second,) = run(desk, files(1), journal_path)

    assert (first.outcome, second.outcome) == (UploadOutcome.UNFINISHED, UploadOutcome.READY)
    assert len(desk.posts) == 1


def test_an_upload_that_is_gone_starts_over(desk: Desk, files: Callable[[int], list[Path]], journal_path: Path) -> None:
    desk.ends[1] = {"missing": True}
    (first,) = run(desk, files(1), journal_path)

    (second,) = run(desk, files(1), journal_path)

    assert (first.outcome, second.outcome) == (UploadOutcome.UNFINISHED, UploadOutcome.READY)


def test_as_new_asks_under_another_name(desk: Desk, files: Callable[[int], list[Path]], journal_path: Path) -> None:
    run(desk, files(1), journal_path)
    desk.clock.advance(1)

    run(desk, files(1), journal_path, as_new=True)

    ids = [post.body.partition(b'name="external_id"\r\n\r\n')[2].partition(b"\r\n")[0] for post in desk.posts]
    assert len(set(ids)) == 2
    assert ids[1].startswith(ids[0])


def test_a_torn_journal_costs_only_its_torn_line(journal_path: Path) -> None:
    journal = UploadLog(journal_path)
    journal.note("a", UploadEntry(name="a.fit", upload_id=1, outcome="ready", activity_id=11))
    with journal_path.open("a") as file:
        file.write('{"sha256": "b", "na')
    UploadLog(journal_path).note("c", UploadEntry(name="c.fit", upload_id=3))

    again = UploadLog(journal_path)

    assert again.find("a") == UploadEntry(name="a.fit", upload_id=1, outcome="ready", activity_id=11)
    assert again.find("b") is None
    assert again.find("c") == UploadEntry(name="c.fit", upload_id=3)


def test_the_sentence_alone_decides_nothing() -> None:
    assert read_outcome(Upload(id=1, status="Your activity is ready.")) is None
    assert read_outcome(Upload(id=1, status="Your activity is still being processed.")) is None
    assert read_outcome(Upload(id=1, status="anything", activity_id=5)) == (UploadOutcome.READY, "")


def test_other_numbers_are_no_duplicate() -> None:
    assert duplicate_of(Upload(id=1, error="error 12 in activity 7")) is None


def test_plain_text_has_no_tags_entities_or_escapes() -> None:
    assert plain_text("a <b>b</b> &amp; \x1b[31mc\n") == "a b & [31mc"


def test_what_was_surely_not_sent_is_not_waited_for_later(
    desk: Desk, files: Callable[[int], list[Path]], journal_path: Path, clock: ManualClock
) -> None:
    desk.trouble = desk.answer(DEAD, 401)
    with pytest.raises(LoginNeeded):
        run(desk, files(1), journal_path)
    desk.trouble = None
    before_s = clock.monotonic_s()

    (result,) = run(desk, files(1), journal_path)

    assert result.outcome is UploadOutcome.READY
    assert clock.monotonic_s() - before_s < 10


@pytest.mark.parametrize("text", [None, ""])
def test_an_error_without_a_text_ends_the_upload_at_once(text: str | None) -> None:
    ended = read_outcome(Upload(id=1, status="There was an error processing your activity.", error=text))

    assert ended is not None
    assert ended[0] is UploadOutcome.REFUSED
    assert "does not say why" in ended[1]
