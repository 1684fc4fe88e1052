"""Kudos, comments and photos: as many as the activity counts, and nobody's full name."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.state.world import World
from sandbox.few import ONLY_ME
from sandbox.visitor import Visitor, read


@pytest.fixture
def token(visitor: Visitor) -> str:
    return str(visitor.login(scope="read,activity:read_all")["access_token"])


@pytest.fixture
def noticed(world: World) -> Activity:
    """An activity with 45 kudos, 34 comments and three photos."""
    first = world.activities(world.people[0].id)[0]
    activity = replace(first, kudos_count=45, comment_count=34, photo_count=3)
    world.edit_activity(activity)
    return activity


def get(visitor: Visitor, token: str, activity: Activity, part: str) -> Any:  # noqa: ANN401  # JSON is what it is
    answer = visitor.api(f"/activities/{activity.id}/{part}", token)
    assert answer.status == 200, answer.text()
    return read(answer)


def test_kudos_come_in_pages_of_thirty_with_first_name_and_initial(
    visitor: Visitor, token: str, noticed: Activity
) -> None:
    pages = [get(visitor, token, noticed, f"kudos?page={page}") for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [30, 15, 0]
    assert pages[0][0].keys() == {"resource_state", "firstname", "lastname"}
    assert all(len(one["lastname"]) == 2 and one["lastname"].endswith(".") for one in pages[0] + pages[1])
    assert get(visitor, token, noticed, "kudos?per_page=200") == pages[0] + pages[1]


def test_comments_follow_a_cursor_to_their_end(visitor: Visitor, token: str, noticed: Activity) -> None:
    seen: list[Any] = []
    page = get(visitor, token, noticed, "comments?page_size=10")
    while page:
        seen += page
        page = get(visitor, token, noticed, f"comments?page_size=10&after_cursor={seen[-1]['cursor']}")

    assert len({one["id"] for one in seen}) == len(seen) == 34
    assert seen == get(visitor, token, noticed, "comments?page_size=200")
    assert seen[0]["athlete"].keys() == {"resource_state", "firstname", "lastname"}


def test_a_cursor_encoded_once_more_is_good_too(visitor: Visitor, token: str, noticed: Activity) -> None:
    first = get(visitor, token, noticed, "comments?page_size=5")
    cursor = first[-1]["cursor"]

    once = get(visitor, token, noticed, f"comments?page_size=5&after_cursor={cursor}")
    twice = get(visitor, token, noticed, f"comments?page_size=5&after_cursor={quote(cursor)}")

    assert "%3D" in cursor
    assert "%253D" in quote(cursor)
    assert once == twice
    assert once[0]["id"] != first[0]["id"]


def test_counted_pages_of_comments_have_no_cursor(visitor: Visitor, token: str, noticed: Activity) -> None:
    page = get(visitor, token, noticed, "comments?page=2&per_page=30")

    assert [one["cursor"] for one in page] == [None] * 4


@pytest.mark.parametrize("query", ["after_cursor=x", "after_cursor=e30%3D", "page_size=0", "page_size=x"])
def test_a_bad_cursor_or_page_is_a_400(visitor: Visitor, token: str, noticed: Activity, query: str) -> None:
    assert visitor.api(f"/activities/{noticed.id}/comments?{query}", token).status == 400


def test_photos_have_the_size_asked_for_and_a_place_on_the_track(
    visitor: Visitor, token: str, noticed: Activity
) -> None:
    photos = get(visitor, token, noticed, "photos?size=600&photo_sources=true")

    assert len(photos) == 3
    assert [one["default_photo"] for one in photos] == [True, False, False]
    assert all(max(one["sizes"]["600"]) == 600 and one["urls"].keys() == {"600"} for one in photos)
    assert all(one["location"][0] >= 59.61 for one in photos)


@pytest.mark.parametrize("size", ["0", "-1", "100000", "big"])
def test_a_photo_size_that_makes_no_sense_is_a_400(visitor: Visitor, token: str, noticed: Activity, size: str) -> None:
    assert visitor.api(f"/activities/{noticed.id}/photos?size={size}", token).status == 400


def test_the_detail_names_the_first_photo(visitor: Visitor, token: str, noticed: Activity) -> None:
    shown = read(visitor.api(f"/activities/{noticed.id}", token))["photos"]
    photos = get(visitor, token, noticed, "photos")

    assert (shown["count"], shown["primary"]["unique_id"]) == (3, photos[0]["unique_id"])
    assert shown["primary"]["urls"].keys() == {"100", "600"}


@pytest.mark.parametrize("part", ["kudos", "comments", "photos"])
def test_an_activity_nobody_noticed_has_none(visitor: Visitor, world: World, token: str, part: str) -> None:
    assert get(visitor, token, world.activities(world.people[0].id)[1], part) == []


@pytest.mark.parametrize("part", ["kudos", "comments", "photos"])
def test_who_may_not_see_the_activity_sees_no_part_of_it(visitor: Visitor, world: World, part: str) -> None:
    narrow = visitor.login(scope="read,activity:read")["access_token"]
    hidden = world.activities(world.people[0].id)[ONLY_ME[0]]

    assert visitor.api(f"/activities/{hidden.id}/{part}", narrow).status == 404
    assert visitor.api(f"/activities/{hidden.id}/{part}", visitor.login(scope="read")["access_token"]).status == 401
