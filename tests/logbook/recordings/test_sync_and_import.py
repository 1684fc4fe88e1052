"""End to end: an athlete with a watch and a phone syncs, imports the devices' files and the export, in any order."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from api.conftest import MANY, Login, Wire
from logbook.syncing.conftest import Syncing
from paceport.clock import ManualClock
from paceport.http_message import Send
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.syncing.write_activity import match_own_data
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.devices import PHONE
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.bulk_export.archive import recorded_file, write_export
from paceport.sandbox.state.world import World

Step = Callable[[], object]


@pytest.fixture
def activities(population: Population, watch_and_phone: tuple[Activity, ...]) -> tuple[Activity, ...]:
    """The newest eight of them, as those of the world's first athlete."""
    athlete = population.people[0].id
    return tuple(replace(one, athlete_id=athlete, gear_id=None) for one in watch_and_phone[:8])


@pytest.fixture
def world(population: Population, activities: tuple[Activity, ...], clock: ManualClock) -> World:
    return World(replace(population, by_athlete={activities[0].athlete_id: activities}), clock=clock)


@pytest.fixture
def steps(
    world: World,
    sandbox_send: Send,
    store: Store,
    clock: ManualClock,
    tmp_path: Path,
    population: Population,
    activities: tuple[Activity, ...],
) -> dict[str, Step]:
    """What the athlete does, by name."""
    world.set_limits(MANY)
    clock.advance(60)
    syncing = Syncing(Login(world, Wire(sandbox_send), clock, "read,activity:read_all,profile:read_all"), store, clock)
    devices, export = tmp_path / "devices", tmp_path / "export.zip"
    devices.mkdir()
    for activity in activities:
        name, content = recorded_file(activity)
        if name:
            (devices / Path(name).name).write_bytes(content)
    with export.open("wb") as file:
        write_export(file, population.people[0], activities)

    def take(path: Path) -> None:
        import_paths([path], store=store, clock=clock, processes=0)
        match_own_data(store)

    return {"sync": syncing, "files": lambda: take(devices), "export": lambda: take(export)}


ORDERS = [
    ("sync", "files"),
    ("files", "export", "sync"),
    pytest.param(("files", "sync"), marks=pytest.mark.proof),
    pytest.param(("sync", "export"), marks=pytest.mark.proof),
    pytest.param(("export", "sync", "files"), marks=pytest.mark.proof),
]


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_each_run_counts_once_and_has_its_title(
    store: Store, steps: dict[str, Step], activities: tuple[Activity, ...], order: tuple[str, ...]
) -> None:
    runs = [one for one in activities if one.is_run]
    once = [one for one in runs if one.device_name != PHONE.name]
    assert 0 < len(once) < len(runs)

    for step in order:
        steps[step]()

    found = store.query("SELECT strava_id, name FROM run").rows
    assert sorted(found) == sorted((one.id, one.name) for one in once)
    assert store.query("SELECT sum(other_recordings) FROM run").rows == [(len(runs) - len(once),)]
