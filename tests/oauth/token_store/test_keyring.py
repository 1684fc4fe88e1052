import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from contracts.token_store import OpenVault, TokenStoreContract, make_answer, make_grant, make_journal
from paceport.clock import ManualClock
from paceport.errors import StoreError, StoreUnreadable, StoreUnsafe, StoreUnwritable
from paceport.oauth.token_store import keyring_items
from paceport.oauth.token_store.base import App
from paceport.oauth.token_store.keyring import KeyringTokenStore
from paceport.oauth.token_store.keyring_items import probe_keyring, read_item, remove_item, replace_item
from paceport.oauth.token_store.record import grant_slug
from paceport.secret import Secret


class MemoryKeyring(KeyringBackend):
    """A keyring like those of desktops, as narrow as Windows' is; it can be locked, and can hang."""

    priority = 5

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}
        self.is_locked = False
        self.answers = threading.Event()
        self.answers.set()
        self.writes_left = 10**6

    def get_password(self, service: str, username: str) -> str | None:
        self._wait()
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._wait()
        self.writes_left -= 1
        if self.writes_left < 0:
            raise KeyringLocked("locked meanwhile")
        assert len(password) <= 1280
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._wait()
        if (service, username) not in self.items:
            raise PasswordDeleteError("not found")
        del self.items[service, username]

    def _wait(self) -> None:
        self.answers.wait(20)
        if self.is_locked:
            raise KeyringLocked("the collection is locked")


@pytest.fixture(autouse=True)
def backend() -> Iterator[MemoryKeyring]:
    before, backend = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def token_store(tmp_path: Path, clock: ManualClock) -> KeyringTokenStore:
    return KeyringTokenStore(tmp_path / "state", clock=clock)


class TestContract(TokenStoreContract):
    @pytest.fixture
    def open_store(self, tmp_path: Path, clock: ManualClock) -> OpenVault:
        return lambda: KeyringTokenStore(tmp_path / "state", clock=clock)


def fill(token_store: KeyringTokenStore) -> list[Secret]:
    grant = make_grant()
    app = App(oauth_url=grant.oauth_url, client_id=grant.client_id, client_secret=Secret("s" * 40))
    with token_store.lock(grant.key):
        token_store.save(grant, expect_generation=0)
        token_store.begin_journal(grant.key, make_journal(grant))
        token_store.add_journal_answer(grant.key, make_answer(b"t" * 40))
        token_store.save_app(app)
    return [grant.access_token, grant.refresh_token, app.client_secret, Secret("t" * 40)]


def test_no_file_holds_a_secret(token_store: KeyringTokenStore, tmp_path: Path) -> None:
    secrets = fill(token_store)

    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert written
    assert not [secret for secret in secrets if secret.reveal().encode() in written]


def test_nothing_is_left_in_the_keyring_after_removing(
    token_store: KeyringTokenStore, backend: MemoryKeyring, tmp_path: Path
) -> None:
    fill(token_store)
    assert backend.items

    token_store.remove(make_grant().key)
    token_store.remove_app(make_grant().oauth_url, make_grant().client_id)

    assert backend.items == {}
    assert token_store.damaged() == []
    assert not list(tmp_path.rglob("*.json"))


def test_a_damaged_record_is_removed_with_its_journal(
    token_store: KeyringTokenStore, backend: MemoryKeyring, tmp_path: Path
) -> None:
    fill(token_store)
    slug = grant_slug(make_grant().key)
    replace_item(f"grant/{slug}", (read_item(f"grant/{slug}") or b"")[:-9])

    (damaged,) = token_store.damaged()
    token_store.remove_damaged(damaged)

    assert (damaged.name, damaged.profile) == (slug, "default")
    assert [name for _, name in backend.items if "app/" not in name] == []
    assert not [path for path in tmp_path.rglob(f"{slug}.*") if path.suffix != ".lock"]


def test_the_lock_of_a_grant_lies_beside_its_name_in_the_index(token_store: KeyringTokenStore, tmp_path: Path) -> None:
    with token_store.lock(make_grant().key):
        assert (tmp_path / "state" / "keyring" / f"{grant_slug(make_grant().key)}.lock").is_file()


@pytest.mark.parametrize("length", [0, 1, 749, 750, 751, 5000])
def test_a_value_of_any_length_comes_back(length: int) -> None:
    value = bytes(number % 256 for number in range(length))

    replace_item("x", b"older" * 1000)
    replace_item("x", value)

    assert read_item("x") == value


def test_a_shorter_value_leaves_no_part_of_the_longer_one(backend: MemoryKeyring) -> None:
    replace_item("x", b"l" * 9000)

    replace_item("x", b"s")

    assert len(backend.items) == 2
    remove_item("x")
    assert backend.items == {}


def test_a_value_whose_head_is_damaged_leaves_no_part_of_itself_behind(backend: MemoryKeyring) -> None:
    replace_item("x", b"first")
    replace_item("x", b"second")
    backend.items["paceport", "x"] = "no head"

    replace_item("x", b"third")

    assert len(backend.items) == 2


@pytest.mark.parametrize("writes", range(4))
def test_a_value_cut_off_while_it_was_written_leaves_the_old_one(backend: MemoryKeyring, writes: int) -> None:
    replace_item("x", b"old" * 700)
    backend.writes_left = writes

    with pytest.raises(StoreUnwritable, match="locked meanwhile"):
        replace_item("x", b"new" * 800)

    assert read_item("x") == b"old" * 700
    backend.writes_left = 100
    replace_item("x", b"new")
    assert read_item("x") == b"new"


def test_parts_that_do_not_fit_together_are_not_a_value(backend: MemoryKeyring) -> None:
    replace_item("x", b"y" * 2000)
    part = next(name for name in backend.items if "#" in name[1])
    backend.items[part] = "AAAA"

    with pytest.raises(StoreUnreadable, match="not whole"):
        read_item("x")


@pytest.mark.parametrize("head", ["", "[]", "{}", "x", '{"side": "a", "parts": "many", "sha256": ""}'])
def test_another_programs_item_is_an_error(backend: MemoryKeyring, head: str) -> None:
    backend.items["paceport", "x"] = head

    with pytest.raises(StoreUnreadable, match="not ours"):
        read_item("x")


def test_a_locked_keyring_is_an_error_and_never_a_file(
    token_store: KeyringTokenStore, backend: MemoryKeyring, tmp_path: Path
) -> None:
    backend.is_locked = True

    with pytest.raises(StoreError, match="locked"):
        token_store.save(make_grant(), expect_generation=0)

    assert not [path for path in tmp_path.rglob("*.json") if b"a" * 40 in path.read_bytes()]


def test_the_probe_names_the_keyring_and_leaves_nothing(backend: MemoryKeyring) -> None:
    assert "Keyring" in probe_keyring()
    assert backend.items == {}


def test_a_keyring_that_does_not_answer_ends_the_probe(backend: MemoryKeyring) -> None:
    backend.answers.clear()

    with pytest.raises(StoreUnwritable, match="did not answer within"):
        probe_keyring(timeout_s=0.05)

    # A thread that is no daemon would keep the program from ending.
    assert {each.daemon for each in threading.enumerate() if each.name == "paceport-keyring"} == {True}
    backend.answers.set()


def test_a_locked_keyring_fails_the_probe(backend: MemoryKeyring) -> None:
    backend.is_locked = True

    with pytest.raises(StoreUnreadable, match="locked"):
        probe_keyring()


def test_a_machine_without_a_keyring_is_told_so(token_store: KeyringTokenStore) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]  # the library leaves it so

    with pytest.raises(StoreUnsafe, match="vault = 'file'"):
        probe_keyring()
    with pytest.raises(StoreUnsafe):
        token_store.grants() or token_store.read(make_grant().key)


@pytest.mark.parametrize(("priority", "is_fit"), [(0.9, False), (1, True)])
def test_a_keyring_that_calls_itself_fit_is_used(
    backend: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, priority: float, is_fit: bool
) -> None:
    monkeypatch.setattr(MemoryKeyring, "priority", priority)

    with nullcontext() if is_fit else pytest.raises(StoreUnsafe):
        replace_item("x", b"kept")

    assert bool(backend.items) == is_fit


class ForeignError(Exception):
    """What a back end lets through: neither a KeyringError nor an OSError."""


class Panic(BaseException):
    """What a back end written in another language may raise."""


@pytest.mark.parametrize("error", [ForeignError(1312, "CredRead"), Panic("panicked"), ValueError(), RecursionError()])
@pytest.mark.parametrize("call", ["get_password", "set_password", "delete_password"])
def test_whatever_a_keyring_raises_is_an_error_of_ours(
    token_store: KeyringTokenStore, backend: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, call: str, error: Exception
) -> None:
    def raise_it(*_: object) -> None:
        raise error

    fill(token_store)
    monkeypatch.setattr(backend, call, raise_it)

    def use() -> None:
        token_store.grants()
        token_store.save_app(App(oauth_url="https://www.strava.com", client_id="12345", client_secret=Secret("t" * 40)))
        token_store.remove(make_grant().key)

    with pytest.raises(StoreError, match="the keyring"):
        use()


def test_a_keyring_that_never_answers_holds_no_path_up(
    token_store: KeyringTokenStore, backend: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring_items, "_TIMEOUT_S", 0.05)
    fill(token_store)
    backend.answers.clear()

    with pytest.raises(StoreUnreadable, match="did not answer within"):
        token_store.grants()

    backend.answers.set()
