"""The token store in PostgreSQL: the contract of all stores, and what only a database can get wrong."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from conftest import missing
from contracts.token_store import NOW, TokenStoreContract, make_answer, make_grant, make_journal
from makers.postgres_server import WITH_PASSWORD, find_programs
from paceport.clock import Clock, ManualClock, SystemClock
from paceport.errors import Busy, StoreChanged, StoreTooNew, StoreUnreadable, StoreUnwritable, UsageError
from paceport.oauth.token_store.base import App
from paceport.oauth.token_store.journal import ANSWER_AT, write_journal
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.secret import Secret
from paceport.storage.postgres.database import Connection, Database
from paceport.storage.postgres.sealing import Key, KeyMissing, Sealer

OLD, NEW = (Key(id=name, value=Secret(digit * 64)) for name, digit in (("old", "a"), ("new", "b")))
OpenStore = Callable[..., PostgresTokenStore]


@pytest.fixture
def open_store(database_url: str, clock: ManualClock) -> Iterator[OpenStore]:
    opened: list[PostgresTokenStore] = []

    def open_one(*keys: Key, url: str = database_url, clock: Clock = clock) -> PostgresTokenStore:
        sealer = Sealer(lambda: keys or (OLD,))
        opened.append(PostgresTokenStore(Database(Secret(url), clock=clock, connections=3), sealer, clock=clock))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


class TestPostgresTokenStore(TokenStoreContract):
    pass


@pytest.fixture
def token_store(open_store: OpenStore) -> PostgresTokenStore:
    return open_store()


def put(store: PostgresTokenStore, grant_changes: dict[str, object] | None = None) -> None:
    grant = replace(make_grant(), **(grant_changes or {}))  # type: ignore[arg-type]  # values of its own fields
    with store.lock(grant.key):
        store.save(grant, expect_generation=0)


def column(url: str, statement: str) -> list[object]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(statement.encode())]


def test_no_secret_stands_in_any_column(token_store: PostgresTokenStore, database_url: str) -> None:
    grant = make_grant()
    put(token_store)
    token_store.save_app(App(oauth_url="https://www.strava.com", client_id="1", client_secret=Secret("s" * 40)))
    with token_store.lock(grant.key):
        token_store.begin_journal(grant.key, make_journal(grant))
        token_store.add_journal_answer(grant.key, make_answer(b'{"refresh_token": "' + b"r" * 40 + b'"}'))

    with psycopg.connect(database_url) as connection:
        tables = ("grant_record", "grant_journal", "grant_lock", "app")
        rows = [connection.execute(f"SELECT * FROM paceport.{name}".encode()).fetchall() for name in tables]

    text = repr(rows)
    for letter in "abrs":
        assert letter * 40 not in text, letter


def test_a_living_token_costs_one_question_and_then_none(token_store: PostgresTokenStore) -> None:
    put(token_store)
    key, asked = make_grant().key, count_questions(token_store)

    for _ in range(5):
        token_store.read(key)

    assert asked == ["SELECT"]


def test_a_profile_costs_one_question_too(token_store: PostgresTokenStore) -> None:
    put(token_store)
    asked = count_questions(token_store)

    (grant,) = token_store.grants_of("default", "https://www.strava.com")
    token_store.read(grant.key)

    assert asked == ["SELECT"]


def count_questions(store: PostgresTokenStore) -> list[str]:
    """The first word of every statement from now on, as the database's own run notes it."""
    asked: list[str] = []
    plain = store._fetch

    def noting(statement: str, *values: object) -> list[tuple[object, ...]]:
        asked.append(statement.split()[0])
        return plain(statement, *values)

    store._fetch = noting  # type: ignore[method-assign]  # counts, and does the same
    return asked


def test_a_token_near_its_end_is_read_anew(open_store: OpenStore, clock: ManualClock) -> None:
    one, other, key = open_store(), open_store(), make_grant().key
    put(one)
    assert one.read(key) == other.read(key)
    with other.lock(key):
        newer = other.save(replace(make_grant(), expires_at=NOW + timedelta(hours=12)), expect_generation=1)
    seen_before = one.read(key)
    clock.advance(6 * 3600 - 120 - make_grant().clock_offset_s)

    assert seen_before is not None
    assert seen_before.generation == 1
    assert one.read(key) == newer


def test_who_holds_the_lock_never_gets_what_was_remembered(open_store: OpenStore) -> None:
    one, other, key = open_store(), open_store(), make_grant().key
    put(one)
    one.read(key)
    with other.lock(key):
        newer = other.save(make_grant(), expect_generation=1)

    with one.lock(key):
        assert one.read(key) == newer


def test_nothing_is_left_of_a_grant_that_was_removed(token_store: PostgresTokenStore, database_url: str) -> None:
    key = make_grant().key
    put(token_store)
    stays = [column(database_url, f"SELECT athlete FROM paceport.{table}") for table in ("grant_record", "grant_lock")]

    with token_store.lock(key):
        token_store.remove(key)

    assert stays == [["134815"], ["134815"]]
    for table in ("grant_record", "grant_journal", "grant_lock"):
        assert column(database_url, f"SELECT athlete FROM paceport.{table}") == [], table


def test_a_new_key_reads_what_the_old_one_wrote_and_takes_its_place(open_store: OpenStore) -> None:
    put(open_store(OLD))
    open_store(OLD).save_app(App(oauth_url="https://a.example", client_id="1", client_secret=Secret("s" * 40)))
    both = open_store(NEW, OLD)

    assert both.read(make_grant().key) == replace(make_grant(), generation=1)
    assert (both.reseal(), both.reseal()) == (2, 0)
    assert open_store(NEW).read(make_grant().key) == replace(make_grant(), generation=1)
    assert len(open_store(NEW).apps()) == 1


def test_a_wrong_key_is_a_clear_error_and_changes_nothing(open_store: OpenStore) -> None:
    put(open_store(OLD))

    with pytest.raises(KeyMissing) as error:
        open_store(NEW).grants()

    assert "another key than those given (new)" in error.value.why
    assert "PACEPORT_KEYS" in error.value.fix
    assert open_store(OLD).grants() == [replace(make_grant(), generation=1)]


def test_a_record_copied_to_another_row_is_refused(open_store: OpenStore, database_url: str) -> None:
    put(open_store())
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE paceport.grant_record SET athlete = '2'")

    (damaged,) = open_store().damaged()

    assert "belongs to another row" in damaged.error.why
    assert damaged.profile == "default"
    open_store().remove_damaged(damaged)
    assert open_store().damaged() == []


def cut_all_connections(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND application_name LIKE 'paceport %'"
        )


def test_a_lock_that_was_lost_lets_nothing_be_sent(token_store: PostgresTokenStore, database_url: str) -> None:
    grant = make_grant()

    with token_store.lock(grant.key):
        cut_all_connections(database_url)
        with pytest.raises(StoreUnwritable):
            token_store.begin_journal(grant.key, make_journal(grant))

    assert token_store.journal(grant.key) is None


def test_a_cut_connection_does_not_let_a_second_worker_ask(open_store: OpenStore, database_url: str) -> None:
    one, other, grant = open_store(), open_store(), make_grant()
    put(one)

    with one.lock(grant.key):
        one.begin_journal(grant.key, make_journal(grant))
        cut_all_connections(database_url)
        with pytest.raises(Busy) as busy, other.lock(grant.key, timeout_s=0.3):
            pass
        one.add_journal_answer(grant.key, make_answer())
        with other.lock(grant.key, timeout_s=10.0):
            found = other.journal(grant.key)

    assert "may still get Strava's answer" in busy.value.holder
    assert found is not None
    assert found.answer == make_answer()


def test_who_lost_the_lock_leaves_the_journal_of_its_next_holder_alone(
    open_store: OpenStore, database_url: str
) -> None:
    one, other, grant = open_store(), open_store(), make_grant()
    theirs = replace(make_journal(grant), begun_by="theirs")
    with ExitStack() as lost:
        lost.enter_context(one.lock(grant.key))
        one.begin_journal(grant.key, make_journal(grant))
        cut_all_connections(database_url)
        one.add_journal_answer(grant.key, make_answer())
        with other.lock(grant.key, timeout_s=10.0):
            other.begin_journal(grant.key, theirs)
            set_holder(database_url, "a process on another machine")

            one.drop_journal(grant.key)
            lost.close()

            assert other.journal(grant.key) == theirs
            assert column(database_url, "SELECT is_over FROM paceport.grant_journal") == [False]


def test_who_has_settled_its_refresh_ends_no_journal_when_it_leaves(open_store: OpenStore, database_url: str) -> None:
    one, other, grant = open_store(), open_store(), make_grant()
    with ExitStack() as settled:
        settled.enter_context(one.lock(grant.key))
        one.begin_journal(grant.key, make_journal(grant))
        one.drop_journal(grant.key)
        cut_all_connections(database_url)
        with other.lock(grant.key, timeout_s=10.0):
            other.begin_journal(grant.key, make_journal(grant))
            settled.close()

            assert column(database_url, "SELECT is_over FROM paceport.grant_journal") == [False]


def test_a_lock_is_left_in_peace_where_its_journal_cannot_be_ended(open_store: OpenStore, database_url: str) -> None:
    one, grant = open_store(), make_grant()
    try:
        with one.lock(grant.key):
            one.begin_journal(grant.key, make_journal(grant))
            make_read_only(database_url, "on")
            cut_all_connections(database_url)
    finally:
        make_read_only(database_url, "off")

    assert column(database_url, "SELECT is_over FROM paceport.grant_journal") == [False]


def make_read_only(url: str, word: str) -> None:
    """Let connections that are opened from now on only read, or write again."""
    options = "-c default_transaction_read_only=off"
    with psycopg.connect(url, autocommit=True, options=options) as connection:
        connection.execute(
            f"ALTER DATABASE {connection.info.dbname} SET default_transaction_read_only = {word}".encode()
        )


def set_holder(url: str, holder: str) -> None:
    """Make a journal another process's: in one test all stores are in the same one."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE paceport.grant_journal SET holder = %s", [holder])


def test_a_newer_versions_journal_is_named_by_its_row(open_store: OpenStore, database_url: str) -> None:
    grant = make_grant()
    with open_store().lock(grant.key):
        open_store().begin_journal(grant.key, make_journal(grant))
    newer = write_journal(make_journal(grant)).replace(b'"schema": 1', b'"schema": 2')[:ANSWER_AT]
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE paceport.grant_journal SET head = %s", [newer])

    with pytest.raises(StoreTooNew) as error:
        open_store().journal(grant.key)

    assert error.value.path == "paceport.grant_journal https://www.strava.com 12345 134815"


def test_what_is_done_twice_because_its_answer_was_lost_comes_to_the_same(token_store: PostgresTokenStore) -> None:
    once = token_store.database.run

    def twice(work: Callable[[Connection], object], *, patience_s: float | None = None) -> object:
        once(work, patience_s=patience_s)
        return once(work, patience_s=patience_s)

    token_store.database.run = twice  # type: ignore[method-assign,assignment]  # as after a connection that was cut
    unnamed = make_grant(athlete_id=None)
    first = token_store.save(unnamed, expect_generation=0)
    second = token_store.save(first, expect_generation=1)
    moved = token_store.move(unnamed.key, replace(second, athlete_id=134815))

    assert token_store.grants() == [moved]
    assert (first.generation, second.generation, moved.generation) == (1, 2, 3)


def test_a_save_on_another_generation_is_named_by_its_row(token_store: PostgresTokenStore) -> None:
    put(token_store)

    with pytest.raises(StoreChanged) as error:
        token_store.save(make_grant(), expect_generation=7)

    assert error.value.path == "paceport.grant_record https://www.strava.com 12345 134815"


def test_an_athlete_nobody_named_is_called_unknown_in_every_table(
    token_store: PostgresTokenStore, database_url: str
) -> None:
    put(token_store, {"athlete_id": None})

    for table in ("grant_record", "grant_lock"):
        assert column(database_url, f"SELECT athlete FROM paceport.{table}") == ["unknown"], table


def test_what_is_no_record_is_named_by_its_row(open_store: OpenStore, database_url: str) -> None:
    app, record = "paceport.app https://www.strava.com 1", "paceport.grant_record https://www.strava.com 12345 134815"
    put(open_store())
    open_store().save_app(App(oauth_url="https://www.strava.com", client_id="1", client_secret=Secret("s" * 40)))
    with psycopg.connect(database_url) as connection:
        for place in (app, record):
            sealed = Sealer(lambda: (OLD,)).seal(b"{}", place=place)
            connection.execute(f"UPDATE {place.split()[0]} SET sealed = %s".encode(), [sealed])

    with pytest.raises(StoreUnreadable) as error:
        open_store().apps()
    (damaged,) = open_store().damaged()

    assert error.value.path == app
    assert isinstance(damaged.error, StoreUnreadable)
    assert damaged.error.path == record


def test_a_journal_whose_holder_gave_up_holds_nobody_back(open_store: OpenStore) -> None:
    one, other, grant = open_store(), open_store(), make_grant()
    with one.lock(grant.key):
        one.begin_journal(grant.key, make_journal(grant))

    with other.lock(grant.key, timeout_s=10.0):
        assert other.journal(grant.key) == make_journal(grant)


def _die_holding(url: str) -> None:
    clock = SystemClock()
    store = PostgresTokenStore(Database(Secret(url), clock=clock), Sealer(lambda: (OLD,)), clock=clock)
    grant = make_grant()
    with store.lock(grant.key):
        store.begin_journal(grant.key, make_journal(grant))
        os._exit(0)


def test_the_lock_of_a_dead_holder_is_free_at_once(open_store: OpenStore, database_url: str) -> None:
    dying = multiprocessing.get_context("fork").Process(target=_die_holding, args=[database_url])
    dying.start()
    dying.join(20)

    with open_store(clock=SystemClock()).lock(make_grant().key, timeout_s=2):
        assert open_store().journal(make_grant().key) == make_journal(make_grant())


def test_many_locks_at_once_leave_a_connection_for_their_journals(open_store: OpenStore) -> None:
    store = open_store(clock=SystemClock())
    failed: list[Exception] = []

    def refresh(athlete_id: int) -> None:
        grant = make_grant(athlete_id=athlete_id)
        try:
            with store.lock(grant.key, timeout_s=10):
                store.begin_journal(grant.key, make_journal(grant))
                store.save(grant, expect_generation=0)
                store.drop_journal(grant.key)
        except Exception as error:  # noqa: BLE001  # told to the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=refresh, args=[number]) for number in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert failed == []
    assert len(store.grants()) == 12


def test_a_database_of_a_newer_version_is_left_alone(open_store: OpenStore, database_url: str) -> None:
    open_store().grants()
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO paceport.migration VALUES (999, 'later', 'x')")
    try:
        with pytest.raises(StoreTooNew):
            open_store().grants()
    finally:
        with psycopg.connect(database_url) as connection:
            connection.execute("DELETE FROM paceport.migration WHERE number = 999")


def test_a_step_that_was_changed_afterwards_is_noticed(open_store: OpenStore, database_url: str) -> None:
    open_store().grants()
    with psycopg.connect(database_url) as connection:
        (before,) = connection.execute("SELECT sha256 FROM paceport.migration WHERE number = 1").fetchone() or ("",)
        connection.execute("UPDATE paceport.migration SET sha256 = 'x' WHERE number = 1")
    try:
        with pytest.raises(StoreUnreadable, match="step 1"):
            open_store().grants()
    finally:
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE paceport.migration SET sha256 = %s WHERE number = 1", [before])


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql://someone:hidden-word@127.0.0.1:1/x", "no server answers there"),
        ("postgresql://someone:hidden-word@/x?host=/no/such/folder", "no server answers there"),
    ],
)
def test_no_server_is_a_clear_error_without_the_password(open_store: OpenStore, url: str, why: str) -> None:
    with pytest.raises(StoreUnreadable) as error:
        open_store(url=url).grants()

    assert error.value.why == why
    assert "hidden-word" not in str(error.value)


@pytest.mark.parametrize(
    ("word", "why", "fix"),
    [
        (":hidden-word", "the server refuses the password", "correct the password in DATABASE_URL"),
        ("", "the server wants a password", "add the password to DATABASE_URL"),
    ],
)
def test_a_wrong_password_is_a_clear_error_that_does_not_show_it(
    open_store: OpenStore, database_url: str, word: str, why: str, fix: str
) -> None:
    if find_programs() is None:
        missing("no PostgreSQL is installed whose rules a test may choose")
    place = psycopg.conninfo.conninfo_to_dict(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute(f"DROP ROLE IF EXISTS {WITH_PASSWORD}".encode())
        connection.execute(f"CREATE ROLE {WITH_PASSWORD} LOGIN PASSWORD 'right'".encode())
    url = f"postgresql://{WITH_PASSWORD}{word}@{place['host']}:{place['port']}/{place['dbname']}"

    with pytest.raises(StoreUnreadable) as error:
        open_store(url=url).grants()

    assert (error.value.why, error.value.fix) == (why, fix)
    assert "hidden-word" not in str(error.value)


def error_response(state: str, message: str) -> bytes:
    """PostgreSQL's refusal of a connection, as its protocol 3 has it."""
    body = b"".join(f"{letter}{text}\0".encode() for letter, text in (("S", "FATAL"), ("C", state), ("M", message)))
    return b"E" + (len(body) + 5).to_bytes(4) + body + b"\0"


def _refuse(listener: socket.socket, refusals: int, words: tuple[str, str]) -> None:
    for number in itertools.count(1):
        accepted, _ = listener.accept()
        with accepted, suppress(OSError):
            accepted.recv(4096)
            accepted.sendall(error_response(*words if number <= refusals else ("28000", "not for you")))


@contextmanager
def server_that_starts(refusals: int, words: tuple[str, str]) -> Iterator[str]:
    """The address of a server that refuses so many connections with these words, and then all with others.

    In a process of its own: libpq's ping lets no other thread run.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = multiprocessing.get_context("fork").Process(target=_refuse, args=[listener, refusals, words])
        process.start()
        yield f"postgresql://me@127.0.0.1:{listener.getsockname()[1]}/x?gssencmode=disable&sslmode=disable"
        process.kill()
        process.join(5)


def test_a_server_that_is_starting_is_waited_for(open_store: OpenStore, clock: ManualClock) -> None:
    begun_s = clock.monotonic_s()

    with server_that_starts(4, ("57P03", "the database system is starting up")) as url:
        with pytest.raises(StoreUnreadable, match="not for you"):
            open_store(url=url).grants()

    assert clock.monotonic_s() - begun_s == pytest.approx(0.4)


def test_a_server_that_never_starts_is_given_up(open_store: OpenStore, clock: ManualClock) -> None:
    begun_s = clock.monotonic_s()

    with server_that_starts(1000, ("57P03", "the database system is starting up")) as url:
        with pytest.raises(StoreUnreadable, match="starting up"):
            open_store(url=url).grants()

    assert 9 < clock.monotonic_s() - begun_s < 12


@pytest.mark.parametrize("state", ["57P03", "28000", "53300"])
def test_the_state_says_in_every_language_that_a_server_starts(
    open_store: OpenStore, state: str, clock: ManualClock
) -> None:
    begun_s = clock.monotonic_s()

    with server_that_starts(2, (state, "das Datenbanksystem startet")) as url:
        with pytest.raises(StoreUnreadable):
            open_store(url=url).grants()

    assert (clock.monotonic_s() > begun_s) is (state == "57P03")


def test_keys_change_while_workers_save(open_store: OpenStore) -> None:
    worker, changer, grant, saved = open_store(NEW, OLD), open_store(NEW, OLD), make_grant(), threading.Event()
    put(open_store(OLD))

    def save() -> None:
        for generation in range(1, 31):
            worker.save(grant, expect_generation=generation)
        saved.set()

    thread = threading.Thread(target=save)
    thread.start()
    while not saved.is_set():
        changer.reseal()
    thread.join(20)

    assert open_store(NEW).grants() == [replace(grant, generation=31)]


def test_a_missing_database_is_named(open_store: OpenStore, database_url: str) -> None:
    with pytest.raises(StoreUnreadable, match="does not exist"):
        open_store(url=psycopg.conninfo.make_conninfo(database_url, dbname="nowhere")).grants()


def test_what_is_no_address_is_refused_without_showing_it(open_store: OpenStore) -> None:
    with pytest.raises(UsageError) as error:
        open_store(url="postgresql://u:hidden-word@[").grants()

    assert "hidden-word" not in str(error.value)


def test_a_user_who_may_not_write_is_told(open_store: OpenStore, database_url: str) -> None:
    put(open_store())
    url = psycopg.conninfo.make_conninfo(database_url, options="-c default_transaction_read_only=on")
    store, grant = open_store(url=url), make_grant()

    with pytest.raises(StoreUnwritable):
        store.save(grant, expect_generation=1)
    with pytest.raises(StoreUnwritable, match="read-only"), store.lock(grant.key):
        pass

    with closing(store):
        assert store.read(grant.key) == replace(grant, generation=1)
