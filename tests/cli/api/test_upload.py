"""Files become activities; each has its own result, and running again goes on where it stopped."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from paceport.sandbox.state.world import World
from sandbox.files import START, fit, gpx, tcx
from shell import Shell

Files = Callable[[int], list[str]]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """So many short runs, a day apart, in turn as FIT, GPX, TCX and packed GPX; their names tell nothing."""

    def make(count: int) -> list[str]:
        folder = tmp_path / "runs"
        folder.mkdir(exist_ok=True)
        kinds: list[Callable[[int], bytes]] = [
            lambda day: fit(start=START - timedelta(days=day)),
            lambda day: gpx(start=START - timedelta(days=day)),
            lambda day: tcx(start=START - timedelta(days=day)),
            lambda day: gzip.compress(gpx(start=START - timedelta(days=day))),
        ]
        paths = [folder / f"run{number:03d}" for number in range(count)]
        for number, path in enumerate(paths):
            path.write_bytes(kinds[number % 4](number + 1))
        return [str(path) for path in paths]

    return make


def posts(world: World) -> int:
    return world.requests["POST /uploads"]


@pytest.fixture(autouse=True)
def empty_diary(world: World) -> None:
    """Nothing is there yet that the files could be duplicates of."""
    for activity in world.activities(world.people[0].id):
        world.delete_activity(activity.id)


def test_every_kind_of_file_becomes_an_activity(writer: Shell, world: World, files: Files) -> None:
    ended = writer("upload", *files(4))

    assert ended.code == 0, ended.err
    rows = world.activities(world.people[0].id)
    assert len(rows) == 4
    assert [line.split()[0] for line in ended.out.splitlines()] == ["ready"] * 4
    assert all(f"/activities/{row.id}" in ended.out for row in rows)
    assert "4 of 4 files have an activity" in ended.err


def test_a_folder_stands_for_the_recordings_in_it(writer: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.GPX").write_bytes(gpx())
    (folder / "notes.txt").write_text("not one")

    shown = json.loads(writer("upload", str(folder), "--json").out)

    assert [Path(each["path"]).name for each in shown["files"]] == ["a.GPX"]


def test_a_folder_without_any_is_a_clear_error(writer: Shell, tmp_path: Path) -> None:
    ended = writer("upload", str(tmp_path))

    assert ended.code == 1
    assert "no FIT, GPX or TCX" in ended.err


@pytest.mark.parametrize("form", ["plain", "html"])
def test_a_duplicate_counts_as_found(writer: Shell, world: World, tmp_path: Path, form: str) -> None:
    world.switches.set(duplicate_text=form)
    first, second = tmp_path / "a.fit", tmp_path / "b.gpx"
    first.write_bytes(fit())
    second.write_bytes(gpx(start=START + timedelta(seconds=9)))

    shown = json.loads(writer("upload", str(first), str(second), "--json").out)

    assert [each["outcome"] for each in shown["files"]] == ["ready", "duplicate"]
    assert shown["files"][0]["activity_id"] == shown["files"][1]["activity_id"]
    assert (shown["found"], shown["total"]) == (2, 2)


def test_one_bad_file_does_not_stop_the_others(writer: Shell, files: Files, tmp_path: Path) -> None:
    bad = tmp_path / "bad.fit"
    bad.write_bytes(b"not a recording")

    ended = writer("upload", str(bad), *files(2), str(tmp_path / "nowhere.gpx"))

    assert ended.code == 1
    assert [line.split()[0] for line in ended.out.splitlines()] == ["refused", "ready", "ready", "refused"]
    assert "not a FIT, GPX or TCX file" in ended.out
    assert "2 of 4" in ended.err


def test_a_file_that_strava_cannot_read_is_told_with_its_reason(writer: Shell, world: World, files: Files) -> None:
    world.switches.set(upload_outcome="malformed")

    ended = writer("upload", *files(1))

    assert ended.code == 1
    assert "Strava cannot read the file" in ended.out


def test_a_deleted_activity_is_explained_and_made_again_when_told(writer: Shell, world: World, files: Files) -> None:
    paths = files(1)
    world.delete_activity(json.loads(writer("upload", *paths, "--json").out)["files"][0]["activity_id"])
    writer.environ["PACEPORT_HOME"] += "2"
    writer("login", "--for", "upload")

    explained = writer("upload", *paths)
    again = writer("upload", *paths, "--as-new")

    assert (explained.code, again.code) == (1, 0)
    assert "deleted there" in explained.out
    assert "--as-new" in explained.err
    assert again.out.startswith("ready")


def test_running_again_sends_nothing_and_says_so(writer: Shell, world: World, files: Files) -> None:
    paths = files(3)
    writer("upload", *paths)
    sent = world.requests.total()

    ended = writer("upload", *paths)

    assert ended.code == 0
    assert ended.out.count("ready (earlier)") == 3
    assert "was sent by an earlier command" in ended.err
    assert world.requests.total() == sent


def test_a_run_that_was_cut_short_goes_on_with_the_rest(writer: Shell, world: World, files: Files) -> None:
    paths = files(12)
    world.plan("rate_limited", path="/api/v3/uploads", method="POST", after=7, times=1)
    first = writer("upload", *paths, "--no-wait")
    world.clock.advance(900)

    second = writer("upload", *paths)

    assert (first.code, second.code) == (6, 0)
    assert "run the same command again to continue" in first.err
    assert posts(world) == 12
    assert len(world.activities(world.people[0].id)) == 12


def test_json_of_a_run_that_was_cut_short_is_one_object_with_both(writer: Shell, world: World, files: Files) -> None:
    world.plan("rate_limited", path="/api/v3/uploads", method="POST", after=5, times=1)

    ended = writer("upload", *files(8), "--no-wait", "--json")

    shown = json.loads(ended.out)
    assert ended.code == 6
    assert shown["error"]["type"] == "RateLimited"
    assert all(each["is_found"] for each in shown["files"])


def test_an_answer_that_was_lost_does_not_make_two(writer: Shell, world: World, files: Files) -> None:
    world.plan("lost", path="/api/v3/uploads", method="POST", times=1)

    ended = writer("upload", *files(1))

    assert ended.code == 0, ended.err
    assert len(world.activities(world.people[0].id)) == 1


def test_no_upload_is_asked_about_more_than_once_a_second(writer: Shell, world: World, files: Files) -> None:
    world.switches.set(upload_polls=5)
    asked: list[tuple[int, float]] = []
    poll = world.uploads.poll

    def noted(upload_id: int, athlete_id: int) -> object:
        asked.append((upload_id, writer.clock.monotonic_s()))
        return poll(upload_id, athlete_id)

    world.uploads.poll = noted  # type: ignore[method-assign, assignment]  # the world's own, with a note beside it

    assert writer("upload", *files(3)).code == 0

    for upload_id in {each for each, _ in asked}:
        times = [at for each, at in asked if each == upload_id]
        assert len(times) == 6
        assert all(later - earlier >= 1 for earlier, later in pairwise(times))


def test_one_that_never_ends_is_given_up_and_counted(writer: Shell, world: World, files: Files) -> None:
    world.switches.set(upload_outcome="stuck")

    ended = writer("upload", *files(1))

    assert ended.code == 1
    assert ended.out.startswith("not finished")


def test_fields_reach_the_activity(writer: Shell, world: World, files: Files) -> None:
    writer("upload", *files(1), "--name", "Hills", "--sport", "TrailRun", "--description", "wet", "--commute")

    (row,) = world.activities(world.people[0].id)
    assert (row.name, row.sport_type, row.description, row.commute) == ("Hills", "TrailRun", "wet", True)


def test_one_name_for_many_files_is_refused(writer: Shell, world: World, files: Files) -> None:
    ended = writer("upload", *files(2), "--name", "Hills")

    assert ended.code == 2
    assert posts(world) == 0


def test_without_the_scope_nothing_is_sent(shell: Shell, world: World, files: Files) -> None:
    shell("login")
    sent = world.requests.total()

    ended = shell("upload", *files(2))

    assert ended.code == 4
    assert "Fix: paceport grant +activity:write" in ended.err
    assert world.requests.total() == sent


def test_another_athlete_is_another_place(writer: Shell, world: World, files: Files) -> None:
    paths = files(1)
    writer("upload", *paths)
    world.sign_in(world.people[1].id)
    writer("login", "--for", "upload", "--profile", "other")

    ended = writer("upload", *paths, "--profile", "other")

    assert ended.out.startswith("ready ")
    assert "(earlier)" not in ended.out


def test_a_bar_moves_on_a_terminal_alone(writer: Shell, files: Files) -> None:
    piped = writer("upload", *files(2))
    watched = writer("upload", "--as-new", *files(2), is_terminal=True)

    assert "\r" not in piped.err
    assert "[##########..........] 1/2" in watched.err
    assert watched.err.split("\r")[-1].startswith("\x1b[K")
    assert "\x1b[K" not in watched.out


@pytest.mark.proof
def test_hundreds_of_files_are_seen_through(writer: Shell, world: World, files: Files) -> None:
    ended = writer("upload", *files(240))

    assert ended.code == 0, ended.err
    assert len(world.activities(world.people[0].id)) == 240
    assert posts(world) == 240
