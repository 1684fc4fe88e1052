"""An athlete's own page: what is stored of this athlete alone, what the athlete brings, and how the athlete leaves."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from paceport.errors import PaceportError
from paceport.service import page_routes, request_body, uploads
from paceport.service.disconnect import disconnect
from paceport.service.running import tidy
from paceport.service.signing import SESSION_LIVES
from paceport.storage.postgres.athlete_rows import AthleteRows, OwnFile, StoredReply
from service.serving import Served, Visitor

GPX = b'<?xml version="1.0"?><gpx version="1.1"/>'


@pytest.fixture
def athlete(served: Served, visitor: Visitor) -> int:
    visitor.connect()
    return served.world.people[-1].id


def rows_of(served: Served, athlete_id: int) -> AthleteRows:
    return AthleteRows(served.parts.database, athlete_id)


def keep_reply(served: Served, athlete_id: int, object_id: int, name: str) -> None:
    now = served.parts.clock.now()
    body = json.dumps({"name": name, "start_date_local": "2026-11-20T07:00:00Z"}).encode()
    reply = StoredReply(
        kind="summary", object_id=object_id, body=body, fetched_at=now, expires_at=now + timedelta(days=6)
    )
    rows_of(served, athlete_id).save_reply(reply)


def upload(visitor: Visitor, content: bytes, *, name: str = "run.gpx", token: str | None = None) -> tuple[int, Any]:
    served = visitor.served
    answer = served.post(
        f"/me/files?name={name}",
        content,
        cookie=visitor._cookie,
        origin=served.url,
        x_paceport_token=visitor.form_token if token is None else token,
        content_type="application/octet-stream",
    )
    return answer.status, json.loads(answer.body)


def archive(files: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return made.getvalue()


def test_the_page_says_what_is_stored_until_when_of_this_athlete_alone(
    served: Served, visitor: Visitor, athlete: int
) -> None:
    other = served.world.people[-2].id
    served.browser().connect(-2)
    keep_reply(served, athlete, 5, "<b>Morning & run</b>")
    keep_reply(served, other, 6, "Somebody else's run")
    rows_of(served, other).add_own_file(OwnFile(name="theirs.gpx", content=GPX))

    page = visitor.get("/me").text()

    assert "&lt;b&gt;Morning &amp; run&lt;/b&gt;" in page
    kept_until = served.parts.clock.now() + timedelta(days=6)
    assert f"{kept_until:%-d %b %Y, %H:%M} UTC" in page
    assert "Somebody else" not in page
    assert "theirs.gpx" not in page
    assert str(other) not in page


def test_an_expired_reply_is_not_shown(served: Served, visitor: Visitor, athlete: int) -> None:
    keep_reply(served, athlete, 5, "Old run")
    served.parts.clock.sleep(6 * 86_400)
    served.browser().connect()  # another session: the first one has ended by now

    assert "Old run" not in visitor.connect().text() + visitor.get("/me").text()


def test_what_has_expired_is_erased_though_no_worker_runs(served: Served, athlete: int) -> None:
    keep_reply(served, athlete, 5, "Old run")
    tidy(served.parts)
    before = rows_of(served, athlete).counts()["reply"]
    served.parts.clock.sleep(6 * 86_400)
    tidy(served.parts)

    assert (before, rows_of(served, athlete).counts()["reply"]) == (1, 0)


def test_files_and_exports_become_the_athletes_own(served: Served, visitor: Visitor, athlete: int) -> None:
    export = {"activities.csv": b"x", "activities/1.gpx": GPX, "activities/2.fit.gz": b"f", "media/a.jpg": b"j"}
    export |= {"shoes.csv": b"s", "profile.csv": b"mail@example.org", "messages.csv": b"m", "routes/3.gpx": b"r"}
    export |= {
        "__MACOSX/activities/._1.gpx": b"l",
        "__MACOSX/activities.csv": b"l",
        "activities/old/activities.csv": b"o",
    }
    below = archive({f"export_7/{name}": content for name, content in export.items()})

    assert upload(visitor, b"t", name="%00%1b%ff..%2f" + "x" * 500 + ".tcx")[0] == 200
    assert upload(visitor, GPX, name="Sonntag%20am%20Flu%C3%9F.gpx") == (200, {"new": 1, "known": 0, "passed_over": 0})
    assert "Sonntag am Fluß.gpx" in visitor.get("/me").text()
    assert upload(visitor, below, name="export.zip") == (200, {"new": 3, "known": 1, "passed_over": 7})
    assert upload(visitor, below, name="export.zip") == (200, {"new": 0, "known": 4, "passed_over": 7})

    names = {file.name for file in rows_of(served, athlete).own_files()}
    # A recording that came alone before has the name by which the table calls it.
    assert {"activities.csv", "shoes.csv", "activities/1.gpx", "activities/2.fit.gz"} < names
    assert len(names) == 5
    assert max(map(len, names)) <= 200


def test_a_table_alone_is_taken(served: Served, visitor: Visitor, athlete: int) -> None:
    assert upload(visitor, b"Activity ID", name="Activities.csv")[0] == 200
    assert upload(visitor, b"Activity ID", name="other.csv")[0] == 400
    assert [file.name for file in rows_of(served, athlete).own_files()] == ["activities.csv"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"hello", "neither a ZIP"),
        ("a.zip", b"PK\x03\x04broken", "damaged"),
        ("a.zip", archive({"readme.txt": b"x"}), "no FIT, GPX or TCX"),
        ("", b"", "neither"),
        ("../../etc/passwd", b"x", "neither"),
    ],
)
def test_what_is_no_recording_is_refused_in_words(
    served: Served, visitor: Visitor, athlete: int, name: str, content: bytes, words: str
) -> None:
    status, answer = upload(visitor, content, name=name)

    assert status == 400
    assert words in answer["why"]
    assert rows_of(served, athlete).counts()["own_file"] == 0


def test_an_upload_is_bounded_packed_and_unpacked(
    served: Served, visitor: Visitor, athlete: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_RECORDING", 1000)
    bomb = archive({"activities/1.gpx": b"x" * 100_000})

    assert upload(visitor, bomb, name="bomb.zip")[0] == 400
    assert upload(visitor, b"x" * 2000)[0] == 400
    monkeypatch.setattr(uploads, "_MOST_FILES", 2)
    assert upload(visitor, archive({f"{n}.gpx": b"x" for n in range(3)}), name="a.zip")[0] == 400

    assert rows_of(served, athlete).counts()["own_file"] == 0


def test_what_unpacks_to_much_more_than_a_recording_is_passed_over(
    served: Served, visitor: Visitor, athlete: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_RATIO_MATTERS", 50_000)
    bombs = archive({"activities/1.gpx": bytes(400_000), "activities/2.fit": bytes(399_999), "activities/3.gpx": GPX})

    assert upload(visitor, bombs, name="bomb.zip") == (200, {"new": 1, "known": 0, "passed_over": 2})


def test_nobody_fills_the_disk_of_all(
    served: Served, visitor: Visitor, athlete: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_STORED", 2 * len(GPX))
    others = [GPX.replace(b"1.1", f"1.{number}".encode()) for number in range(2, 4)]

    assert upload(visitor, archive({f"{n}.gpx": other for n, other in enumerate(others)}), name="a.zip")[0] == 200
    assert upload(visitor, others[0])[0] == 400
    status, answer = upload(visitor, GPX)

    assert (status, "You have stored" in answer["why"]) == (400, True)
    assert rows_of(served, athlete).own_bytes() == 2 * len(GPX)


def test_an_upload_that_drips_is_stopped(
    served: Served, visitor: Visitor, athlete: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_body, "_SLOW_FOR_S", 0.2)
    host, _, port = served.parts.options.host.partition(":")
    lines = ["POST /me/files?name=a.gpx HTTP/1.1", f"host: {served.parts.options.host}", f"origin: {served.url}"]
    lines += [f"cookie: {visitor._cookie}", f"x-paceport-token: {visitor.form_token}", "content-length: 100000"]

    with socket.create_connection((host, int(port)), timeout=0.05) as dripping:
        dripping.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        answer = b""
        for _ in range(200):
            try:
                answer = dripping.recv(100)
                break
            except TimeoutError:
                dripping.sendall(b"x")

    assert b" 408 " in answer


def test_a_body_larger_than_allowed_is_stopped(
    served: Served, visitor: Visitor, athlete: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.parts, "options", replace(served.parts.options, largest_upload=1000))

    assert upload(visitor, b"x" * 5000)[0] == 413


def test_uploads_at_once_are_bounded(
    served: Served, visitor: Visitor, athlete: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as none_free:
        none_free.setattr(page_routes, "MOST_UPLOADS", 0)
        assert upload(visitor, GPX)[0] == 503

    assert upload(visitor, GPX)[0] == 200


def test_a_change_needs_the_pages_own_token(served: Served, visitor: Visitor, athlete: int) -> None:
    thief = served.browser()
    thief.connect(-2)

    for token in ("", "0" * 64, thief.form_token):
        assert upload(visitor, GPX, token=token)[0] == 403
        assert visitor.post("/me/disconnect", {"token": token, "sure": "yes"}).status == 403
    assert visitor.post("/me/disconnect", {"token": visitor.form_token}).status == 400

    assert rows_of(served, athlete).counts()["grant_record"] == 1


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_a_change_from_another_site_is_refused(served: Served, visitor: Visitor, athlete: int, origin: str) -> None:
    fields = {"token": visitor.form_token, "sure": "yes"}

    assert visitor.post("/me/disconnect", fields, origin=origin).status == 403
    assert visitor.post("/me/disconnect", fields, sec_fetch_site="cross-site").status == 403
    assert visitor.post("/connect", {}, origin=origin).status == 403
    assert rows_of(served, athlete).counts()["grant_record"] == 1


def test_disconnecting_revokes_erases_and_proves_it(served: Served, visitor: Visitor, athlete: int) -> None:
    keep_reply(served, athlete, 5, "Run")
    upload(visitor, GPX)
    grant = served.parts.token_store.read(served.parts.key_of(athlete))
    assert grant is not None

    page = visitor.post("/me/disconnect", {"token": visitor.form_token, "sure": "yes"}).text()

    assert "You are disconnected" in page
    assert re.search(r'Your own files</th><td class="n">1</td><td class="n">0</td>', page)
    assert set(rows_of(served, athlete).counts().values()) == {0}
    assert served.world.grants.holder(grant.access_token.reveal(), served.world.now()) is None
    assert visitor.get("/me").headers["location"] == "/connect"


def test_the_cookie_of_an_athlete_who_left_is_worthless_after_a_new_login(
    served: Served, visitor: Visitor, athlete: int
) -> None:
    old = dict(visitor.cookies)
    disconnect(served.parts, athlete)
    served.parts.clock.sleep(1)
    visitor.connect()

    assert visitor.get("/me").status == 200
    visitor.cookies = old
    assert visitor.get("/me").status == 303


def test_while_strava_is_out_of_reach_the_login_alone_stays_for_the_worker(
    served: Served, visitor: Visitor, athlete: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_reply(served, athlete, 5, "Run")
    token = visitor.form_token

    def cut(*values: object, **named: object) -> object:
        del values, named
        raise PaceportError(what="The network is down", why="no route", fix="")

    monkeypatch.setattr(served.parts, "send", cut)
    page = visitor.post("/me/disconnect", {"token": token, "sure": "yes"}).text()

    counts = rows_of(served, athlete).counts()
    assert "You are being disconnected" in page
    assert {name for name, count in counts.items() if count} == {"grant_record", "athlete"}
    assert served.parts.members.counts() == {"leaving": 1}
    assert visitor.get("/me").status == 303


@pytest.mark.usefixtures("athlete")
@pytest.mark.parametrize(("number", "status", "why"), [(errno.ENOSPC, 507, "no room"), (errno.EIO, 500, "operator")])
def test_a_machine_that_cannot_read_an_archive_calls_it_not_damaged(
    served: Served, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, number: int, status: int, why: str
) -> None:
    def fail(*values: object) -> None:
        raise OSError(number, os.strerror(number))

    content = archive({"activities/1.gpx": GPX})
    monkeypatch.setattr(zipfile.ZipFile, "open", fail)

    answered, said = upload(visitor, content, name="export.zip")

    assert answered == status
    assert why in str(said["why"])
    assert os.strerror(number).lower() in served.log.getvalue().lower()


def test_an_upload_of_somebody_who_leaves_meanwhile_is_not_kept(served: Served, athlete: int, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(GPX)
    disconnect(served.parts, athlete)

    with pytest.raises(uploads.NotTaken, match="disconnected"):
        uploads.store_upload(served.parts, athlete, path, name="run.gpx")

    assert set(rows_of(served, athlete).counts().values()) == {0}


def test_logging_out_ends_the_session_whoever_has_its_cookie_and_not_the_login(
    served: Served, visitor: Visitor, athlete: int
) -> None:
    elsewhere, stolen = served.browser(), dict(visitor.cookies)
    elsewhere.connect()

    assert visitor.post("/me/leave", {"token": visitor.form_token}).status == 303

    assert visitor.get("/me").status == 303
    visitor.cookies |= stolen
    assert visitor.get("/me").status == 303
    assert elsewhere.get("/me").status == 200
    assert rows_of(served, athlete).counts()["grant_record"] == 1
    assert served.parts.service_rows.erase_expired(now=served.parts.clock.now()) == 0
    assert served.parts.service_rows.erase_expired(now=served.parts.clock.now() + SESSION_LIVES) == 1
