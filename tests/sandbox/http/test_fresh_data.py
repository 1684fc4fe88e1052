"""The event of a new activity comes before the activity, and this before its streams."""

from paceport.clock import ManualClock
from paceport.sandbox.state.world import World
from sandbox.files import fit, hand_in
from sandbox.visitor import Visitor, read


def test_a_new_activity_is_404_first_then_there_without_streams_then_whole(
    visitor: Visitor, world: World, clock: ManualClock
) -> None:
    token = visitor.login(scope="activity:read_all,activity:write")["access_token"]
    world.switches.set(upload_polls=0, fresh_activity_404_s=30, fresh_streams_empty_s=120)
    upload = read(hand_in(visitor, token, fit(), {"data_type": "fit"}))["id"]
    activity = read(visitor.api(f"/uploads/{upload}", token))["activity_id"]
    path = f"/activities/{activity}"

    assert [visitor.api(path + part, token).status for part in ("", "/streams", "/laps")] == [404, 404, 404]
    clock.advance(31)
    assert visitor.api(path, token).status == 200
    assert read(visitor.api(f"{path}/streams?key_by_type=true", token)) == {}
    clock.advance(90)
    assert read(visitor.api(f"{path}/streams?keys=time&key_by_type=true", token))["time"]["data"]


def test_each_nth_new_activity_alone_can_be_late(world: World) -> None:
    world.switches.set(fresh_activity_404_s=30, fresh_activity_404_every=3)
    fresh, athlete = world.fresh_data, world.people[-1].id
    made = world.activities(athlete)[:6]

    for activity in made:
        fresh.was_made(activity, world.now())

    assert [fresh.is_withheld(activity, world.now()) for activity in made] == [False, False, True] * 2
    assert not any(fresh.streams_are_empty(activity, world.now()) for activity in made)
