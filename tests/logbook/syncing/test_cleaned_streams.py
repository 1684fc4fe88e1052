"""What the API gives is cleaned as a file is, and what was found stays with the row."""

import json

from logbook.syncing.conftest import Syncing
from paceport.logbook.database.store import Store
from paceport.logbook.syncing.write_activity import write_activity
from paceport.sandbox.athletes.recording_builder import recording_from_samples
from paceport.sandbox.athletes.stored_source import stored_source

JUMP_AT = 100


def test_a_jump_in_synced_positions_is_put_back_and_noted(syncing: Syncing, store: Store) -> None:
    moments = range(201)
    aside = [(59.61 + 0.00003 * at + (0.01 if at == JUMP_AT else 0), 15.21) for at in moments]
    jumped = recording_from_samples(
        time_s=list(moments), latlng=aside, altitude_m=[-500.0 if at < 3 else 80.0 for at in moments]
    )
    newest = syncing.add(99_000_001, source=stored_source(jumped))

    syncing()

    streams, facts = store.streams(newest.id), store.track_facts(newest.id)
    assert streams is not None
    assert streams.latitude_deg is not None
    assert streams.altitude_m is not None
    assert abs(streams.latitude_deg[JUMP_AT] - 59.613) < 1e-5
    assert not (streams.altitude_m == -500).any()
    assert facts is not None
    assert facts.distance_source == "device"
    assert any("jumped aside" in note for note in notes(store, newest.id))
    before = notes(store, newest.id)
    assert write_activity(store, newest.id)
    assert notes(store, newest.id) == before
    assert store.track_facts(newest.id) == facts


def notes(store: Store, activity_id: int) -> list[str]:
    row = store.connection.execute("SELECT notes FROM cache.activity WHERE id = ?", (activity_id,)).fetchone()
    found: list[str] = json.loads(row[0])
    return found
