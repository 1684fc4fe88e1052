"""What every token store must keep. A test module subclasses `TokenStoreContract` and gives the fixture `open_store`.

`open_store()` gives a new handle on one and the same place each time; a database would open another connection.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from paceport.errors import Busy, StoreChanged
from paceport.oauth.token_store.base import (
    App,
    Grant,
    JournalAnswer,
    LoginContext,
    RefreshJournal,
    TokenStore,
    login_key,
)
from paceport.scopes import Scopes, parse_granted
from paceport.secret import Secret

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
OpenVault = Callable[[], TokenStore]


def make_grant(
    *,
    profile: str = "default",
    oauth_url: str = "https://www.strava.com",
    client_id: str = "12345",
    athlete_id: int | None = 134815,
    scopes: Scopes | None = None,
) -> Grant:
    return Grant(
        profile=profile,
        oauth_url=oauth_url,
        api_url=f"{oauth_url}/api/v3",
        client_id=client_id,
        athlete_id=athlete_id,
        athlete_name="Zoë Läufer",
        access_token=Secret("a" * 40),
        refresh_token=Secret("b" * 40),
        expires_at=NOW + timedelta(hours=6),
        received_at=NOW + timedelta(microseconds=123456),
        expires_in_s=21600,
        clock_offset_s=-1.25,
        scopes=scopes,
        scopes_known_by="redirect" if scopes else "unknown",
    )


def make_journal(grant: Grant) -> RefreshJournal:
    return RefreshJournal(token_digest=grant.refresh_token.digest(), begun_at=NOW, begun_by="process 1 on here")


def make_answer(body: bytes = b'{"access_token": "x"}\n\x00\xff') -> JournalAnswer:
    return JournalAnswer(body=body, received_at=NOW + timedelta(seconds=1), clock_offset_s=2.5)


class TokenStoreContract:
    """The claims; each token store runs them all."""

    @pytest.fixture
    def token_store(self, open_store: OpenVault) -> TokenStore:
        return open_store()

    def test_an_empty_vault_holds_nothing(self, token_store: TokenStore) -> None:
        assert token_store.grants() == []
        assert token_store.apps() == []
        assert token_store.read(make_grant().key) is None
        assert token_store.journal(make_grant().key) is None
        assert token_store.app("https://www.strava.com", "1") is None

    @pytest.mark.parametrize("scopes", [None, Scopes(), parse_granted("read,activity:read_all,new:word")])
    def test_what_is_saved_is_read_back_whole(self, open_store: OpenVault, scopes: Scopes | None) -> None:
        grant = replace(make_grant(scopes=scopes), status="app_inactive", status_reason="it says: Inactive")

        saved = self.put(open_store(), grant)

        assert open_store().read(grant.key) == saved == replace(grant, generation=1)

    def test_an_athlete_nobody_named_is_a_key_of_its_own(self, token_store: TokenStore) -> None:
        unnamed = self.put(token_store, make_grant(athlete_id=None))

        assert token_store.read(unnamed.key) == unnamed
        assert token_store.grants() == [unnamed]
        assert token_store.read(make_grant().key) is None

    def test_every_save_counts_the_generation_up(self, token_store: TokenStore) -> None:
        first = self.put(token_store, make_grant())

        with token_store.lock(first.key):
            second = token_store.save(replace(first, access_token=Secret("c" * 40)), expect_generation=1)

        assert second.generation == 2
        assert token_store.read(first.key) == second

    @pytest.mark.parametrize("expected", [0, 2])
    def test_a_save_on_another_generation_is_refused_and_changes_nothing(
        self, token_store: TokenStore, expected: int
    ) -> None:
        first = self.put(token_store, make_grant())

        with token_store.lock(first.key), pytest.raises(StoreChanged) as refused:
            token_store.save(replace(first, access_token=Secret("c" * 40)), expect_generation=expected)

        assert "134815" in refused.value.path
        assert token_store.read(first.key) == first

    def test_grants_of_other_origins_apps_and_athletes_live_side_by_side(self, token_store: TokenStore) -> None:
        grants = [
            make_grant(),
            make_grant(athlete_id=2),
            make_grant(client_id="999"),
            make_grant(oauth_url="http://127.0.0.1:8923", profile="a"),
            make_grant(oauth_url="http://127.0.0.1:8924", profile="b"),
        ]

        saved = [self.put(token_store, grant) for grant in grants]

        assert sorted(map(repr, token_store.grants())) == sorted(map(repr, saved))
        assert [grant.profile for grant in token_store.grants()] == ["a", "b", "default", "default", "default"]

    @pytest.mark.parametrize("client_id", ["../../etc", "a/b", "A", "a", "", "x" * 300, "é", "con", "1-134815"])
    def test_any_client_id_names_a_grant_of_its_own(self, token_store: TokenStore, client_id: str) -> None:
        ordinary = self.put(token_store, make_grant(client_id="a b"))

        odd = self.put(token_store, make_grant(client_id=client_id))

        assert token_store.read(odd.key) == odd
        assert token_store.read(ordinary.key) == ordinary
        assert len(token_store.grants()) == 2

    def test_removing_forgets_grant_and_journal(self, token_store: TokenStore) -> None:
        grant = self.put(token_store, make_grant())
        with token_store.lock(grant.key):
            token_store.begin_journal(grant.key, make_journal(grant))

            token_store.remove(grant.key)
            token_store.remove(grant.key)

        assert token_store.read(grant.key) is None
        assert token_store.journal(grant.key) is None

    def test_a_lock_keeps_every_other_handle_out(self, open_store: OpenVault) -> None:
        key = make_grant().key

        with open_store().lock(key), pytest.raises(Busy) as busy, open_store().lock(key, timeout_s=0.05):
            pass

        assert busy.value.exit_code == 9
        assert busy.value.holder

    def test_a_lock_is_free_again_after_the_block(self, open_store: OpenVault) -> None:
        key = make_grant().key

        for _ in range(2):
            with pytest.raises(ZeroDivisionError), open_store().lock(key, timeout_s=10.0):
                raise ZeroDivisionError

    def test_a_waiter_gets_the_lock_when_it_is_given_back(self, open_store: OpenVault) -> None:
        key = make_grant().key
        order: list[str] = []
        is_held = threading.Event()

        def wait() -> None:
            is_held.wait(5)
            with open_store().lock(key, timeout_s=5):
                order.append("waiter")

        waiter = threading.Thread(target=wait)
        waiter.start()
        with open_store().lock(key):
            is_held.set()
            waiter.join(0.1)
            order.append("holder")
        waiter.join(5)

        assert order == ["holder", "waiter"]

    def test_locks_of_two_grants_do_not_meet(self, token_store: TokenStore) -> None:
        with token_store.lock(make_grant().key), token_store.lock(make_grant(athlete_id=2).key, timeout_s=10.0):
            pass

    def test_a_lock_does_not_keep_readers_out(self, open_store: OpenVault) -> None:
        grant = self.put(open_store(), make_grant())

        with open_store().lock(grant.key):
            assert open_store().read(grant.key) == grant

    def test_a_journal_is_there_for_every_other_handle_at_once(self, open_store: OpenVault) -> None:
        token_store, grant = open_store(), make_grant()
        journal = replace(make_journal(grant), unknown_since=NOW - timedelta(hours=1))

        with token_store.lock(grant.key):
            token_store.begin_journal(grant.key, journal)

            assert open_store().journal(grant.key) == journal
            assert journal.is_about(grant.refresh_token)
            assert not journal.is_about(grant.access_token)

    def test_an_answer_without_a_date_stays_without_one(self, token_store: TokenStore) -> None:
        grant, undated = make_grant(), replace(make_answer(), clock_offset_s=None)

        with token_store.lock(grant.key):
            token_store.begin_journal(grant.key, make_journal(grant))
            token_store.add_journal_answer(grant.key, undated)

        assert token_store.journal(grant.key) == replace(make_journal(grant), answer=undated)

    @pytest.mark.parametrize("body", [b"", b"{}", b'{"a": 1}\n\x00\xff', b"x" * 20_000])
    def test_an_answer_of_any_bytes_comes_back_as_it_was(self, open_store: OpenVault, body: bytes) -> None:
        token_store, grant = open_store(), make_grant()

        with token_store.lock(grant.key):
            token_store.begin_journal(grant.key, make_journal(grant))
            token_store.add_journal_answer(grant.key, make_answer(body))

        assert open_store().journal(grant.key) == replace(make_journal(grant), answer=make_answer(body))

    def test_a_new_journal_takes_the_place_of_the_old_and_its_answer(self, token_store: TokenStore) -> None:
        grant = make_grant()
        with token_store.lock(grant.key):
            token_store.begin_journal(grant.key, make_journal(grant))
            token_store.add_journal_answer(grant.key, make_answer())

            token_store.begin_journal(grant.key, replace(make_journal(grant), begun_by="another"))

        found = token_store.journal(grant.key)
        assert found is not None
        assert (found.begun_by, found.answer) == ("another", None)

    def test_a_dropped_journal_is_gone(self, token_store: TokenStore) -> None:
        grant = make_grant()
        with token_store.lock(grant.key):
            token_store.begin_journal(grant.key, make_journal(grant))
            token_store.add_journal_answer(grant.key, make_answer())

            token_store.drop_journal(grant.key)
            token_store.drop_journal(grant.key)

        assert token_store.journal(grant.key) is None

    def test_an_app_is_found_by_its_server_and_its_id_alone(self, open_store: OpenVault) -> None:
        app = App(oauth_url="https://www.strava.com", client_id="12345", client_secret=Secret("s" * 40))

        open_store().save_app(app)

        assert open_store().app("https://WWW.strava.com/", "12345") == app
        assert open_store().app("https://www.strava.com", "12346") is None
        assert open_store().app("http://127.0.0.1:8923", "12345") is None
        assert open_store().apps() == [app]

    def test_an_app_saved_again_takes_the_place_of_the_first(self, token_store: TokenStore) -> None:
        app = App(oauth_url="https://www.strava.com", client_id="12345", client_secret=Secret("s" * 40))
        newer = replace(app, client_secret=Secret("t" * 40))

        token_store.save_app(app)
        token_store.save_app(newer)

        assert token_store.apps() == [newer]

    def test_apps_are_ordered_by_server_and_id(self, token_store: TokenStore) -> None:
        places = [("https://www.strava.com", "9"), ("https://a.example", "3"), ("https://a.example", "10")]
        for url, client_id in places:
            token_store.save_app(App(oauth_url=url, client_id=client_id, client_secret=Secret("s" * 40)))

        assert [(app.oauth_url, app.client_id) for app in token_store.apps()] == sorted(places)

    def test_a_removed_app_is_gone(self, token_store: TokenStore) -> None:
        app = App(oauth_url="https://www.strava.com", client_id="12345", client_secret=Secret("s" * 40))
        token_store.save_app(app)

        token_store.remove_app(app.oauth_url, app.client_id)
        token_store.remove_app(app.oauth_url, app.client_id)

        assert token_store.apps() == []

    def test_a_grant_whose_athlete_becomes_known_takes_the_place_of_the_one_without(
        self, open_store: OpenVault
    ) -> None:
        token_store = open_store()
        unnamed = self.put(token_store, make_grant(athlete_id=None))
        named = replace(unnamed, athlete_id=134815)

        with token_store.lock(unnamed.key), token_store.lock(named.key):
            token_store.read(unnamed.key)
            moved = token_store.move(unnamed.key, named)

        assert (token_store.read(unnamed.key), token_store.read(moved.key)) == (None, moved)
        assert moved.generation == unnamed.generation + 1
        assert open_store().grants() == [moved]
        assert open_store().read(moved.key) == moved
        assert open_store().read(unnamed.key) is None

    def test_a_grant_that_moves_replaces_an_older_one_of_its_athlete(self, token_store: TokenStore) -> None:
        older = self.put(token_store, replace(make_grant(), refresh_token=Secret("c" * 40)))
        older = token_store.save(older, expect_generation=1)
        unnamed = self.put(token_store, make_grant(athlete_id=None))

        with token_store.lock(unnamed.key), token_store.lock(older.key):
            token_store.read(older.key)
            moved = token_store.move(unnamed.key, replace(unnamed, athlete_id=older.athlete_id))

        assert token_store.read(older.key) == moved
        assert token_store.grants() == [moved]
        assert moved.refresh_token == unnamed.refresh_token
        assert moved.generation == older.generation + 1

    def test_of_two_records_of_one_refresh_token_the_one_with_an_athlete_counts(self, token_store: TokenStore) -> None:
        self.put(token_store, make_grant(athlete_id=None))
        named = self.put(token_store, make_grant())

        assert token_store.grants() == [named]

    @pytest.mark.parametrize("scopes", [parse_granted("read"), None])
    def test_what_a_login_needs_beside_its_answer_is_kept_with_it(
        self, open_store: OpenVault, scopes: Scopes | None
    ) -> None:
        key = login_key("https://www.strava.com", "12345")
        login = LoginContext(
            profile="my runs",
            oauth_url="https://www.strava.com",
            api_url="https://www.strava.com/api/v3",
            client_id="12345",
            scopes=scopes,
            scopes_known_by="redirect" if scopes else "unknown",
        )
        answer = replace(make_answer(), login=login)
        token_store = open_store()
        with token_store.lock(key):
            token_store.begin_journal(key, make_journal(make_grant()))
            token_store.add_journal_answer(key, answer)

        found = open_store().journal(key)

        assert found is not None
        assert found.answer == answer

    def put(self, token_store: TokenStore, grant: Grant) -> Grant:
        with token_store.lock(grant.key):
            return token_store.save(grant, expect_generation=0)
