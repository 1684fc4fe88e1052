"""The token store that is a folder: one private file per grant and app, a kernel lock and a journal beside each grant.

state_dir/grants/<slug>.json      the grant, replaced whole
                /<slug>.lock      the kernel lock; never removed
                /<slug>.holder    who holds it, for those who wait
                /<slug>.journal   a refresh under way
         /apps/<slug>.json        client id and secret
              /apps.lock
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from paceport.clock import Clock
from paceport.errors import StoreChanged, StoreError
from paceport.oauth.token_store.base import App, DamagedRecord, Grant, GrantKey, JournalAnswer, RefreshJournal
from paceport.oauth.token_store.journal import ANSWER_AT, read_journal, write_answer, write_journal
from paceport.oauth.token_store.record import (
    app_slug,
    distinct,
    grant_slug,
    profile_in,
    read_app,
    read_grant,
    write_app,
    write_grant,
)
from paceport.oauth.token_store.refresh_lock import hold_refresh_lock
from paceport.storage import private_files, process_lock


class FileTokenStore:
    """A `TokenStore` in a folder that only its owner can enter. Nothing is touched until it is used."""

    def __init__(self, state_dir: Path, *, clock: Clock) -> None:
        self._state_dir = state_dir
        self._clock = clock

    def grants(self) -> list[Grant]:
        """All whole records, ordered by profile and key; what cannot be read is told by `damaged`."""
        found = [grant for path in self._records("grants") if isinstance(grant := self._try_to_parse(path), Grant)]
        by_key = {grant.key: grant for grant in sorted(found, key=lambda grant: grant.generation)}
        return distinct(by_key.values())

    def grants_of(self, profile: str, oauth_origin: str) -> list[Grant]:
        """Those of one profile at one server."""
        return [grant for grant in self.grants() if (grant.profile, grant.key.oauth_origin) == (profile, oauth_origin)]

    def damaged(self) -> list[DamagedRecord]:
        """The records that cannot be read."""
        found = [(path, self._try_to_parse(path)) for path in self._records("grants")]
        return [
            DamagedRecord(name=path.stem, profile=_profile_at(path), error=error)
            for path, error in found
            if isinstance(error, StoreError)
        ]

    def remove_damaged(self, record: DamagedRecord) -> None:
        """Forget a record that cannot be read, with its journal."""
        self._remove_slug(record.name)

    def read(self, key: GrantKey) -> Grant | None:
        """The record as it is now, whole; None where there is none. Needs no lock."""
        if not self._is_there("grants"):
            return None
        moving = self._unfinished_move(key)
        return moving or self._parse(self._grant_file(key, "json"))

    def lock(self, key: GrantKey, *, timeout_s: float = 30.0) -> AbstractContextManager[None]:
        """Hold this grant alone. Raises Busy, naming the holder, when it could not be had in time."""
        self._make("grants")
        return hold_refresh_lock(self._grant_file(key, "lock"), key, timeout_s=timeout_s, clock=self._clock)

    def save(self, grant: Grant, *, expect_generation: int) -> Grant:
        """Replace the record if it is still of that generation, and give it as saved. Raises StoreChanged."""
        self._make("grants")
        self._finish_move(grant.key)
        path = self._grant_file(grant.key, "json")
        stored = self._parse(path)
        if (stored.generation if stored else 0) != expect_generation:
            raise StoreChanged(path=str(path))
        saved = replace(grant, generation=expect_generation + 1, copied_from="")
        private_files.replace_private(path, write_grant(saved, rests_at=_place(path)))
        return saved

    def remove(self, key: GrantKey) -> None:
        """Forget the grant and its journal. The lock's file stays: others may wait on it."""
        if self._is_there("grants"):
            self._finish_move(key)
            self._remove_slug(grant_slug(key))

    def move(self, old_key: GrantKey, grant: Grant) -> Grant:
        """Put the grant in the place of the record without an athlete: its content first, then its name, each whole."""
        self._make("grants")
        old_path, path = self._grant_file(old_key, "json"), self._grant_file(grant.key, "json")
        generation = 1 + max(found.generation for found in (self._parse(old_path), self._parse(path), grant) if found)
        saved = replace(grant, generation=generation, copied_from="")
        private_files.replace_private(old_path, write_grant(saved, rests_at=_place(path)))
        self._finish_move(grant.key)
        return saved

    def journal(self, key: GrantKey) -> RefreshJournal | None:
        """The unfinished refresh, if any; its answer only if it is whole."""
        if not self._is_there("grants"):
            return None
        path = self._grant_file(key, "journal")
        content = private_files.read_private(path)
        return None if content is None else read_journal(content, path=str(path))

    def begin_journal(self, key: GrantKey, journal: RefreshJournal) -> None:
        """Write down what is about to be sent. 64 KiB are taken, so that the answer needs no new room."""
        self._make("grants")
        private_files.replace_private(self._grant_file(key, "journal"), write_journal(journal))

    def add_journal_answer(self, key: GrantKey, answer: JournalAnswer) -> None:
        """Add the raw answer to the journal that was begun."""
        private_files.overwrite_private(self._grant_file(key, "journal"), write_answer(answer), offset=ANSWER_AT)

    def drop_journal(self, key: GrantKey) -> None:
        """The refresh is settled."""
        private_files.remove_private(self._grant_file(key, "journal"))

    def apps(self) -> list[App]:
        """All apps, ordered by origin and client id."""
        contents = ((path, private_files.read_private(path)) for path in self._records("apps"))
        found = [read_app(content, path=str(path)) for path, content in contents if content is not None]
        return sorted(found, key=lambda app: (app.origin, app.client_id))

    def app(self, oauth_url: str, client_id: str) -> App | None:
        """The app of that client id at that OAuth server."""
        if not self._is_there("apps"):
            return None
        path = self._app_file(oauth_url, client_id)
        content = private_files.read_private(path)
        return None if content is None else read_app(content, path=str(path))

    def save_app(self, app: App) -> None:
        """Keep an app, in place of any of the same client id at the same server."""
        with self._apps_lock():
            private_files.replace_private(self._app_file(app.oauth_url, app.client_id), write_app(app))

    def remove_app(self, oauth_url: str, client_id: str) -> None:
        """Forget an app."""
        if self._is_there("apps"):
            with self._apps_lock():
                private_files.remove_private(self._app_file(oauth_url, client_id))

    def close(self) -> None:
        """Nothing stays open between two calls."""

    def _apps_lock(self) -> AbstractContextManager[None]:
        self._make("apps")
        path = self._state_dir / "apps" / "apps.lock"
        return process_lock.hold_lock(path, timeout_s=10.0, clock=self._clock, what="the list of apps")

    def _unfinished_move(self, key: GrantKey) -> Grant | None:
        """The grant of this key where it lies under the name of the record without an athlete, as `move` leaves it."""
        if key.athlete_id is None:
            return None
        try:
            grant = self._parse(self._grant_file(replace(key, athlete_id=None), "json"))
        except StoreError:
            return None  # that record's own trouble
        return grant if grant is not None and grant.key == key else None

    def _finish_move(self, key: GrantKey) -> None:
        if self._unfinished_move(key) is not None:
            old_path = self._grant_file(replace(key, athlete_id=None), "json")
            private_files.rename_private(old_path, self._grant_file(key, "json"))

    def _remove_slug(self, slug: str) -> None:
        folder = self._state_dir / "grants"
        for suffix in ("journal", "json"):
            # The draft is of a writer that died; it holds tokens as well.
            private_files.remove_private(folder / f"{slug}.{suffix}.new")
            private_files.remove_private(folder / f"{slug}.{suffix}")

    def _try_to_parse(self, path: Path) -> Grant | StoreError | None:
        try:
            return self._parse(path)
        except StoreError as error:
            return error

    def _parse(self, path: Path) -> Grant | None:
        content = private_files.read_private(path)
        return None if content is None else read_grant(content, path=str(path), rests_at=_place(path))

    def _records(self, folder: str) -> Iterator[Path]:
        if self._is_there(folder):
            yield from sorted((self._state_dir / folder).glob("*.json"))

    def _is_there(self, folder: str) -> bool:
        return private_files.check_private_folder(self._state_dir) and private_files.check_private_folder(
            self._state_dir / folder
        )

    def _make(self, folder: str) -> None:
        private_files.make_private_folder(self._state_dir)
        private_files.make_private_folder(self._state_dir / folder)

    def _grant_file(self, key: GrantKey, suffix: str) -> Path:
        return self._state_dir / "grants" / f"{grant_slug(key)}.{suffix}"

    def _app_file(self, oauth_url: str, client_id: str) -> Path:
        return self._state_dir / "apps" / f"{app_slug(oauth_url, client_id)}.json"


def _profile_at(path: Path) -> str:
    try:
        return profile_in(private_files.read_private(path) or b"")
    except StoreError:
        return ""


def _place(path: Path) -> str:
    """Machine and path: a record that names another place was copied or moved here."""
    return f"{platform.node()}:{path.parent.resolve() / path.name}"
