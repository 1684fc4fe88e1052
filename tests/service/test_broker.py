"""The broker: a key's limits, the athlete's own grant, and a row for each use."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from paceport.errors import UsageError
from paceport.scopes import parse_granted
from paceport.service.disconnect import disconnect
from paceport.service.keys import add_key
from paceport.storage.postgres.api_keys import ApiKeys
from paceport.storage.postgres.athlete_overview import read_overview
from service.serving import Served, Visitor

Answer = tuple[int, dict[str, Any]]


@pytest.fixture
def athlete(served: Served, visitor: Visitor) -> int:
    """An athlete who is connected."""
    visitor.connect()
    return served.world.people[-1].id


def new_key(
    served: Served, *, name: str = "dashboard", scopes: str = "activity:read_all", athletes: list[int] | None = None
) -> str:
    keys = ApiKeys(served.parts.database)
    return add_key(keys, name, scopes=parse_granted(scopes), athletes=athletes, clock=served.parts.clock).reveal()


def ask(served: Served, key: str, athlete_id: object, need: str = "activity:read_all") -> Answer:
    answer = served.get(f"/athletes/{athlete_id}/token?need={need}", authorization=f"Bearer {key}" if key else "")
    assert answer.headers["cache-control"] == "no-store"
    return answer.status, json.loads(answer.body)


def uses(served: Served, athlete_id: int) -> list[tuple[str, str, str]]:
    found = read_overview(served.parts.database, athlete_id, now=served.parts.clock.now()).uses
    return [(use.key_name, use.need, use.outcome) for use in found]


def test_a_program_gets_a_living_token_and_the_athlete_sees_it(served: Served, visitor: Visitor, athlete: int) -> None:
    status, answer = ask(served, new_key(served), athlete)

    holder = served.world.grants.holder(answer["access_token"], served.world.now())
    assert status == 200
    assert holder is not None
    assert answer["athlete_id"] == athlete
    assert answer["expires_in"] > 120
    assert uses(served, athlete) == [("dashboard", "activity:read_all", "given")]
    assert "dashboard" in visitor.get("/me").text()


def test_an_expired_token_is_refreshed_first(served: Served, athlete: int) -> None:
    key = new_key(served)
    first = ask(served, key, athlete)[1]["access_token"]
    served.parts.clock.sleep(6 * 3600)

    status, answer = ask(served, key, athlete)

    assert status == 200
    assert answer["access_token"] != first
    assert served.world.grants.holder(answer["access_token"], served.world.now()) is not None


def test_wrong_keys_get_nothing_and_leave_nothing(served: Served, athlete: int) -> None:
    key = new_key(served)

    for wrong in ("", key[:-1], key + "x", key.upper(), "paceport_" + "a" * 43, "x" * 5000):
        assert ask(served, wrong, athlete)[0] == 401

    assert uses(served, athlete) == []


def test_a_removed_key_is_worthless_at_once(served: Served, athlete: int) -> None:
    key, keys = new_key(served), ApiKeys(served.parts.database)
    assert ask(served, key, athlete)[0] == 200

    assert [keys.remove("dashboard"), keys.remove("dashboard")] == [True, False]

    assert ask(served, key, athlete)[0] == 401


def test_a_key_is_for_its_athletes_and_scopes_alone(served: Served, athlete: int) -> None:
    other = served.world.people[-2].id
    served.browser().connect(-2)
    key = new_key(served, athletes=[athlete])

    assert ask(served, key, athlete)[0] == 200
    assert ask(served, key, other) == ask(served, key, 1)
    assert ask(served, key, other)[0] == 403
    assert ask(served, key, athlete, "profile:read_all")[1]["error"] == "not_for_this_key"
    assert uses(served, other)[0][2] == "not for this key"


def test_a_need_that_is_no_scope_is_refused(served: Served, athlete: int) -> None:
    key = new_key(served)

    assert [ask(served, key, athlete, need)[0] for need in ("", "everything", "activity:read_all%20x")] == [400] * 3
    for number in (f"{athlete}x", "0", "-1", 2**63, "9" * 5000, "٣"):
        assert served.get(f"/athletes/{number}/token?need=read", authorization=f"Bearer {key}").status == 404


def test_what_the_athlete_did_not_grant_is_not_given(served: Served, athlete: int) -> None:
    key = new_key(served, scopes="activity:write,activity:read_all")

    assert ask(served, key, athlete, "activity:write")[1]["error"] == "not_granted"


def test_a_key_that_may_only_read_gets_no_token_that_may_write(served: Served, athlete: int) -> None:
    store, key = served.parts.token_store, served.parts.key_of(athlete)
    with store.lock(key):
        grant = store.read(key)
        assert grant is not None
        more = replace(grant, scopes=parse_granted("read,activity:read_all,activity:write"))
        store.save(more, expect_generation=grant.generation)

    reading, writing = new_key(served), new_key(served, name="editor", scopes="activity:read_all,activity:write")

    assert ask(served, reading, athlete)[1]["error"] == "not_for_this_key"
    assert ask(served, writing, athlete)[0] == 200


def test_whoever_has_left_has_no_token_and_leaves_no_row(served: Served, athlete: int) -> None:
    key = new_key(served, athletes=[athlete])
    assert ask(served, key, athlete)[0] == 200

    assert disconnect(served.parts, athlete).is_over

    assert ask(served, key, athlete)[0] == 403
    everyone = new_key(served, name="other")
    assert ask(served, everyone, athlete)[1]["error"] == "login_needed"
    assert uses(served, athlete) == []


def test_keys_are_stored_as_digests_and_named_once(served: Served) -> None:
    key = new_key(served)

    rows = served.parts.database.run(lambda connection: connection.execute("SELECT * FROM paceport.api_key").fetchall())
    assert key not in repr(rows)
    assert key.encode() not in b"".join(value for row in rows for value in row if isinstance(value, bytes))
    with pytest.raises(UsageError, match="already"):
        new_key(served)
    with pytest.raises(UsageError, match="name"):
        new_key(served, name="a b")


def test_what_a_key_may_is_asked_at_each_use_though_it_is_remembered(served: Served, athlete: int) -> None:
    key = new_key(served)
    assert [ask(served, key, athlete)[0] for _ in range(2)] == [200, 200]
    for column in ("scopes = 'profile:read_all'", "scopes = 'activity:read_all', athletes = ARRAY[5]"):
        statement = f"UPDATE paceport.api_key SET {column}".encode()
        served.parts.database.run(lambda connection, statement=statement: connection.execute(statement))  # type: ignore[misc]  # a default binds the loop's value

        assert ask(served, key, athlete)[1]["error"] == "not_for_this_key"

    assert [use[2] for use in uses(served, athlete)] == ["not for this key"] * 2 + ["given"] * 2


def test_who_is_leaving_has_no_token_any_more(served: Served, athlete: int) -> None:
    key = new_key(served)
    assert ask(served, key, athlete)[0] == 200

    served.parts.members.begin_leaving(athlete)

    assert ask(served, key, athlete)[1]["error"] == "login_needed"


def test_the_last_use_of_a_key_is_noted_to_the_minute(served: Served, athlete: int) -> None:
    key, keys, clock = new_key(served), ApiKeys(served.parts.database), served.parts.clock

    def used_at_after(seconds: float) -> datetime | None:
        clock.sleep(seconds)
        assert ask(served, key, athlete)[0] == 200
        return keys.list()[0].used_at

    first = used_at_after(0)
    assert first == clock.now()
    assert used_at_after(59) == first
    assert used_at_after(2) == clock.now()
