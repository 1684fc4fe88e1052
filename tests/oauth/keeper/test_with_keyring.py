"""The keeper's promises over the other token store: nothing in them may depend on files."""

from collections.abc import Iterator

import keyring
import pytest

from oauth.keeper.conftest import Bench
from oauth.keeper.test_keeper import WHOLE, Killed, kill_at
from oauth.token_store.test_keyring import MemoryKeyring
from paceport.errors import LoginNeeded
from paceport.oauth.token_store.keyring import KeyringTokenStore


@pytest.fixture(autouse=True)
def backend() -> Iterator[MemoryKeyring]:
    before, backend = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def token_store(bench: Bench, backend: MemoryKeyring) -> KeyringTokenStore:
    """The login of the bench, expired, in a keyring."""
    token_store = KeyringTokenStore(bench.state_dir, clock=bench.clock)
    with token_store.lock(bench.grant.key):
        token_store.save(bench.grant, expect_generation=0)
    bench.expire()
    return token_store


@pytest.mark.parametrize("step", [step for step in WHOLE if step != "answered"])
def test_a_death_at_any_step_outside_the_window_costs_nothing(
    bench: Bench, token_store: KeyringTokenStore, step: str
) -> None:
    with pytest.raises(Killed):
        bench.keeper(token_store=token_store, on_step=kill_at(step)).token()

    token = bench.keeper(token_store=token_store).token()

    stored = token_store.read(bench.grant.key)
    assert stored is not None
    assert token == stored.access_token.reveal()
    assert (bench.posts, bench.world.grants.replays) == (1, 0)


def test_a_death_in_the_window_is_named(bench: Bench, token_store: KeyringTokenStore) -> None:
    with pytest.raises(Killed):
        bench.keeper(token_store=token_store, on_step=kill_at("answered")).token()

    with pytest.raises(LoginNeeded, match="was lost on its way"):
        bench.keeper(token_store=token_store).token()


def test_a_keyring_that_locks_after_the_request_does_not_cost_the_new_token(
    bench: Bench, token_store: KeyringTokenStore, backend: MemoryKeyring
) -> None:
    def lock_when_kept(step: str) -> None:
        if step == "answer kept":
            backend.writes_left = 0

    first = bench.keeper(token_store=token_store, on_step=lock_when_kept).token()
    backend.writes_left = 1000
    second = bench.keeper(token_store=token_store).token()

    assert first == second
    assert (bench.posts, bench.world.grants.replays) == (1, 0)
    assert "cannot be written" in bench.warnings[0]
