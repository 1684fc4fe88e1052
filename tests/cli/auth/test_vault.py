"""The keyring as the token store, by one line of the settings: every command works, and no file holds a secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from oauth.token_store.test_keyring import MemoryKeyring
from paceport.sandbox.state.world import World
from shell import Shell


@pytest.fixture
def backend() -> Iterator[MemoryKeyring]:
    before, backend = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def keyed(shell: Shell, home: Path, backend: MemoryKeyring) -> Shell:
    """A shell whose settings name the keyring."""
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('vault = "keyring:"\n')
    return shell


def test_the_whole_life_of_a_login_in_a_keyring(keyed: Shell, home: Path, world: World, backend: MemoryKeyring) -> None:
    assert keyed("login").code == 0
    before = keyed("token").out.strip()
    world.clock.advance(7 * 3600)
    after = keyed("token").out.strip()

    grant = world.grants._grants[0]
    held = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert before != after == grant.access_token
    for secret in (before, after, grant.refresh_token, world.app.client_secret):
        assert secret.encode() not in held
    assert keyed("doctor").code == 0
    assert keyed("revoke").code == 0
    assert keyed("logout", "--everything").code == 0
    assert backend.items == {}


def test_a_locked_keyring_is_named_before_anything_is_asked(keyed: Shell, backend: MemoryKeyring) -> None:
    backend.is_locked = True

    ended = keyed("init")

    assert ended.code == 8
    assert "keyring" in ended.err


def test_init_says_which_keyring_it_is(keyed: Shell) -> None:
    ended = keyed("init")

    assert ended.code == 0, ended.err
    assert "Logins are stored in the keyring" in ended.err


def test_a_locked_keyring_never_makes_a_file_of_the_login(keyed: Shell, home: Path, backend: MemoryKeyring) -> None:
    keyed("login")
    backend.is_locked = True

    ended = keyed("token")

    assert ended.code == 8
    assert not (home / "state" / "grants").exists()


def test_an_unknown_vault_is_refused(shell: Shell, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('vault = "redis"\n')

    ended = shell("status")

    assert ended.code == 2
    assert "keyring:" in ended.err
