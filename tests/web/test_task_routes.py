"""The page of a task over a real socket: how far it is, its end, and the way to stop it."""

from __future__ import annotations

import json
import threading

import pytest

from paceport.web.access import WRITE_TOKEN_HEADER
from paceport.web.tasks import LeftOut, TaskControl, TaskResult
from web.serving import Served

HOSTILE = "<script>window.hurt = 1</script>"


@pytest.fixture
def release(server: Served) -> threading.Event:
    """Lets the task of `running` go on to its next step."""
    return threading.Event()


@pytest.fixture
def running(server: Served, release: threading.Event) -> str:
    """The address of a task that has shown how far it is, and waits."""
    shown = threading.Event()

    def work(control: TaskControl) -> TaskResult:
        control.show(f"reading {HOSTILE}", done=45, total=200)
        shown.set()
        release.wait(20)
        control.stop_if_asked()
        return TaskResult(
            summary="155 new runs",
            facts=(("new", "155"),),
            notes=("one note",),
            left_out=(LeftOut(place=HOSTILE, why="it is cut short", fix="export it again"),),
            next_pages=(("/runs", "Your runs"),),
        )

    task = server.tasks.start("Import", work, when_stopped="What was read is in the logbook.")
    assert shown.wait(20)
    return task.address


def test_a_running_task_shows_how_far_it_is_with_and_without_script(
    server: Served, running: str, release: threading.Event
) -> None:
    page, answer = server.read(running), server.read(f"{running}.json")
    release.set()
    server.tasks.wait()

    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page.text
    assert 'max="200" value="45"' in page.text
    assert "45 of 200" in page.text
    assert HOSTILE not in page.text
    said = json.loads(answer.text)
    assert (said["state"], said["done"], said["total"]) == ("running", 45, 200)
    assert answer.headers["cache-control"] == "no-store"


def test_every_page_names_the_task_that_runs(server: Served, running: str, release: threading.Event) -> None:
    during = server.read("/definitions").text
    release.set()
    server.tasks.wait()
    after = server.read("/definitions").text

    assert f'<a href="{running}">Import is running: 45 of 200</a>' in during
    assert "is running" not in after


def test_at_its_end_the_page_shows_what_came_of_it(server: Served, running: str, release: threading.Event) -> None:
    release.set()
    server.tasks.wait()

    page = server.read(running).text

    assert 'http-equiv="refresh"' not in page
    assert all(text in page for text in ("155 new runs", "one note", "it is cut short", "export it again", "Your runs"))
    assert HOSTILE not in page


def test_a_form_stops_it(server: Served, running: str, release: threading.Event) -> None:
    answer = server.post(f"{running}/stop")
    during = server.read(running).text
    release.set()
    server.tasks.wait()

    assert (answer.status, answer.headers["location"]) == (303, running)
    assert "It stops at the next safe point." in during
    assert "It was stopped. What was read is in the logbook." in server.read(running).text


def test_a_script_stops_it(server: Served, running: str, release: threading.Event) -> None:
    headers = {"Cookie": server.cookie, "Origin": server.origin, WRITE_TOKEN_HEADER: server.write_token()}
    answer = server.ask(f"{running}/stop", "POST", headers)
    release.set()
    server.tasks.wait()

    assert json.loads(answer.text)["state"] == "stopping"


@pytest.mark.parametrize("missing", ["Cookie", "Origin", WRITE_TOKEN_HEADER])
def test_nobody_else_stops_it(server: Served, running: str, release: threading.Event, missing: str) -> None:
    headers = {"Cookie": server.cookie, "Origin": server.origin, WRITE_TOKEN_HEADER: server.write_token()}
    answer = server.ask(f"{running}/stop", "POST", {name: headers[name] for name in headers if name != missing})
    state = json.loads(server.read(f"{running}.json").text)["state"]
    release.set()
    server.tasks.wait()

    assert answer.status in (401, 403)
    assert state == "running"


@pytest.mark.parametrize("path", ["/tasks/unknown", "/tasks/unknown.json", "/tasks/../runs", "/tasks/"])
def test_a_task_that_is_unknown_is_not_found(server: Served, path: str) -> None:
    assert server.read(path).status == 404
