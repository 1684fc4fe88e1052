"""Deleting claims nothing that was not seen."""

from __future__ import annotations

import json

import pytest

from cli.api.conftest import Pick
from paceport.sandbox.state.world import World
from shell import Shell


@pytest.fixture
def opened(writer: Shell) -> list[str]:
    """The pages a browser was sent to."""
    pages: list[str] = []

    def visit(url: str) -> bool:
        pages.append(url)
        return True

    writer.visit = visit
    return pages


def test_the_page_is_opened_and_nothing_claimed(writer: Shell, world: World, pick: Pick, opened: list[str]) -> None:
    run = pick(sport_type="Run")

    ended = writer("delete", str(run.id))

    assert ended.code == 1
    assert opened == [ended.out.strip()]
    assert opened[0].endswith(f"/activities/{run.id}")
    assert "still there" in ended.err
    assert world.requests["DELETE /activities/<int:activity_id>"] == 0


def test_success_is_claimed_after_a_re_read_answers_404(
    writer: Shell, world: World, pick: Pick, opened: list[str]
) -> None:
    run = pick(sport_type="Run")

    def delete_on_the_page(url: str) -> bool:
        world.delete_activity(int(url.rpartition("/")[2]))
        return True

    writer.visit = delete_on_the_page
    ended = writer("delete", str(run.id))

    assert ended.code == 0
    assert "is deleted" in ended.err


def test_what_is_not_there_is_not_deleted(writer: Shell, opened: list[str]) -> None:
    ended = writer("delete", "5")

    assert ended.code == 1
    assert "Not found" in ended.err
    assert opened == []


def test_the_api_is_tried_only_when_told_to_and_its_no_is_passed_on(
    writer: Shell, world: World, pick: Pick, opened: list[str]
) -> None:
    run = pick(sport_type="Run")

    ended = writer("delete", str(run.id), "--try-api")

    assert ended.code == 1
    assert "did not delete" in ended.err
    assert f"/activities/{run.id}" in ended.err
    assert opened == []
    assert world.activity_store.find(run.id) is not None


def test_no_browser_prints_the_page_alone(writer: Shell, pick: Pick, opened: list[str]) -> None:
    ended = writer("delete", str(pick(sport_type="Run").id), "--no-browser")

    assert opened == []
    assert ended.out.strip().startswith("http")


def test_json_says_what_is_so(writer: Shell, pick: Pick, opened: list[str]) -> None:
    run = pick(sport_type="Run")

    shown = json.loads(writer("delete", str(run.id), "--json").out)

    assert shown["id"] == run.id
    assert shown["is_deleted"] is False
