"""The token store that is the system's keyring: every secret is an item there, and no file holds one.

state_dir/keyring/<slug>.json      that there is such a grant; the index, as keyrings cannot be listed
                 /<slug>.lock      the kernel lock, and its .holder
                 /<slug>.journal   a refresh under way, without its answer
                 /app-<slug>.json  that there is such an app

keyring items: grant/<slug>, answer/<slug> (the journal's answer), app/<slug>
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
from paceport.oauth.token_store.journal import read_answer, read_journal, write_answer, write_journal
from paceport.oauth.token_store.keyring_items import (
    SERVICE,
    KeyringUnavailable,
    read_item,
    remove_item,
    replace_item,
)
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

_INDEX = b'{"schema": 1, "note": "the values are stored in the keyring"}\n'


class KeyringTokenStore:
    """A `TokenStore` in the system's keyring. `keyring_items.probe_keyring` says whether there is one.

    It never falls back to files: where the keyring does not answer, that is an error.
    """

    def __init__(self, state_dir: Path, *, clock: Clock) -> None:
        self._folder = state_dir / "keyring"
        self._clock = clock

    def grants(self) -> list[Grant]:
        """All whole records, ordered by profile and key."""
        return distinct(grant for slug, grant in self._all() if isinstance(grant, Grant))

    def grants_of(self, profile: str, oauth_origin: str) -> list[Grant]:
        """Those of one profile at one server."""
        return [grant for grant in self.grants() if (grant.profile, grant.key.oauth_origin) == (profile, oauth_origin)]

    def damaged(self) -> list[DamagedRecord]:
        """The records that cannot be read."""
        return [
            DamagedRecord(name=slug, profile=_profile_of(slug), error=error)
            for slug, error in self._all()
            if isinstance(error, StoreError)
        ]

    def remove_damaged(self, record: DamagedRecord) -> None:
        """Forget a record that cannot be read, with its journal."""
        self._remove_slug(record.name)

    def read(self, key: GrantKey) -> Grant | None:
        """The record as it is now, whole; None where there is none. Needs no lock."""
        return self._grant(grant_slug(key))

    def lock(self, key: GrantKey, *, timeout_s: float = 30.0) -> AbstractContextManager[None]:
        """Hold this grant alone. Raises Busy, naming the holder, when it could not be had in time."""
        self._make()
        return hold_refresh_lock(self._file(grant_slug(key), "lock"), key, timeout_s=timeout_s, clock=self._clock)

    def save(self, grant: Grant, *, expect_generation: int) -> Grant:
        """Replace the record if it is still of that generation, and give it as saved. Raises StoreChanged."""
        slug = grant_slug(grant.key)
        stored = self._grant(slug)
        if (stored.generation if stored else 0) != expect_generation:
            raise StoreChanged(path=_item_path(f"grant/{slug}"))
        saved = replace(grant, generation=expect_generation + 1, copied_from="")
        if stored is None:
            self._make()
            private_files.replace_private(self._file(slug, "json"), _INDEX)
        replace_item(f"grant/{slug}", write_grant(saved, rests_at=_place()))
        return saved

    def remove(self, key: GrantKey) -> None:
        """Forget the grant and its journal. The lock's file stays: others may wait on it."""
        self._remove_slug(grant_slug(key))

    def move(self, old_key: GrantKey, grant: Grant) -> Grant:
        """Put the grant in the place of the record without an athlete: the index changes over in one step."""
        self._make()
        old, new = grant_slug(old_key), grant_slug(grant.key)
        generation = 1 + max(found.generation for found in (self._grant(old), self._grant(new), grant) if found)
        saved = replace(grant, generation=generation, copied_from="")
        replace_item(f"grant/{new}", write_grant(saved, rests_at=_place()))
        private_files.rename_private(self._file(old, "json"), self._file(new, "json"))
        remove_item(f"grant/{old}")
        return saved

    def journal(self, key: GrantKey) -> RefreshJournal | None:
        """The unfinished refresh, if any; its answer only if it is whole."""
        path = self._file(grant_slug(key), "journal")
        content = private_files.read_private(path) if self._is_there() else None
        journal = None if content is None else read_journal(content, path=str(path))
        if journal is None:
            return None
        answer = read_item(f"answer/{grant_slug(key)}")
        return replace(journal, answer=None if answer is None else read_answer(answer))

    def begin_journal(self, key: GrantKey, journal: RefreshJournal) -> None:
        """Write down what is about to be sent; an older answer goes first: it must not pass for the new one."""
        self._make()
        remove_item(f"answer/{grant_slug(key)}")
        private_files.replace_private(self._file(grant_slug(key), "journal"), write_journal(journal))

    def add_journal_answer(self, key: GrantKey, answer: JournalAnswer) -> None:
        """Add the raw answer to the journal that was begun: a keyring item, since it holds tokens."""
        replace_item(f"answer/{grant_slug(key)}", write_answer(answer))

    def drop_journal(self, key: GrantKey) -> None:
        """The refresh is settled."""
        private_files.remove_private(self._file(grant_slug(key), "journal"))
        remove_item(f"answer/{grant_slug(key)}")

    def apps(self) -> list[App]:
        """All apps, ordered by origin and client id."""
        slugs = (slug.removeprefix("app-") for slug in self._slugs() if slug.startswith("app-"))
        found = [self._app(slug) for slug in slugs]
        return sorted((app for app in found if app), key=lambda app: (app.origin, app.client_id))

    def app(self, oauth_url: str, client_id: str) -> App | None:
        """The app of that client id at that OAuth server."""
        return self._app(app_slug(oauth_url, client_id))

    def save_app(self, app: App) -> None:
        """Keep an app, in place of any of the same client id at the same server."""
        slug = app_slug(app.oauth_url, app.client_id)
        with self._apps_lock():
            private_files.replace_private(self._file(f"app-{slug}", "json"), _INDEX)
            replace_item(f"app/{slug}", write_app(app))

    def remove_app(self, oauth_url: str, client_id: str) -> None:
        """Forget an app."""
        slug = app_slug(oauth_url, client_id)
        with self._apps_lock():
            private_files.remove_private(self._file(f"app-{slug}", "json"))
            remove_item(f"app/{slug}")

    def close(self) -> None:
        """Nothing stays open between two calls."""

    def _apps_lock(self) -> AbstractContextManager[None]:
        self._make()
        return process_lock.hold_lock(
            self._folder / "apps.lock", timeout_s=10.0, clock=self._clock, what="the list of apps"
        )

    def _grant(self, slug: str) -> Grant | None:
        name = f"grant/{slug}"
        content = read_item(name)
        return None if content is None else read_grant(content, path=_item_path(name), rests_at=_place())

    def _app(self, slug: str) -> App | None:
        content = read_item(f"app/{slug}")
        return None if content is None else read_app(content, path=_item_path(f"app/{slug}"))

    def _all(self) -> Iterator[tuple[str, Grant | StoreError | None]]:
        for slug in self._slugs():
            if slug.startswith("app-"):
                continue
            try:
                yield slug, self._grant(slug)
            except KeyringUnavailable:
                raise  # no other record could be read either
            except StoreError as error:
                yield slug, error

    def _remove_slug(self, slug: str) -> None:
        private_files.remove_private(self._file(slug, "journal"))
        remove_item(f"answer/{slug}")
        private_files.remove_private(self._file(slug, "json"))
        remove_item(f"grant/{slug}")

    def _slugs(self) -> Iterator[str]:
        if self._is_there():
            yield from (path.name.removesuffix(".json") for path in sorted(self._folder.glob("*.json")))

    def _is_there(self) -> bool:
        return private_files.check_private_folder(self._folder.parent) and private_files.check_private_folder(
            self._folder
        )

    def _make(self) -> None:
        private_files.make_private_folder(self._folder.parent)
        private_files.make_private_folder(self._folder)

    def _file(self, slug: str, suffix: str) -> Path:
        return self._folder / f"{slug}.{suffix}"


def _profile_of(slug: str) -> str:
    try:
        return profile_in(read_item(f"grant/{slug}") or b"")
    except StoreError:
        return ""


def _place() -> str:
    """A keyring belongs to a machine: a record that names another one was carried here."""
    return f"{platform.node()}:keyring"


def _item_path(name: str) -> str:
    return f"keyring item {SERVICE}/{name}"
