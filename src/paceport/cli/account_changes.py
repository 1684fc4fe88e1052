"""What `accounts` changes: moves a login, opens a logbook, removes an athlete, encrypts with another key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from paceport.cli.account_lookup import find_grant_of, grant_of, stored_rows
from paceport.cli.confirm import confirm
from paceport.cli.invocation import Invocation
from paceport.cli.revoke_login import revoke_and_tell
from paceport.errors import LoginNeeded, UsageError
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.move_login import move_from_shared, move_to_shared
from paceport.oauth.token_store.base import App, Grant, GrantKey, TokenStore
from paceport.profile.account import close_account, open_account
from paceport.profile.login_state import athlete_text
from paceport.profile.open_token_store import open_token_store
from paceport.profile.profile import Profile
from paceport.storage.access import absolute
from paceport.storage.postgres.athlete_rows import AthleteRows

if TYPE_CHECKING:
    from paceport.oauth.token_store.postgres import PostgresTokenStore

_PLACES = ("postgres", "file", "keyring")


def move(
    invocation: Invocation,
    profile: Profile,
    target: str | None,
    grants: Sequence[Grant] | None,
    athlete_id: int | None,
) -> None:
    """Move the login of one athlete, or all that are stored here, to another place. Raises UsageError, Busy."""
    kind = (target or "").removesuffix(":")
    if kind not in _PLACES:
        raise UsageError(
            what="`accounts move` needs a place",
            why="--to says where the login goes: postgres:, file or keyring:",
            fix="paceport accounts move ID --to postgres:",
        )
    if grants is None and athlete_id is None:
        raise UsageError(
            what="`accounts move` needs an athlete", why="neither a number nor --all was given", fix="add --all"
        )
    to_shared, own = kind == "postgres", profile.settings.vault
    local_vault = ("file" if own.startswith("postgres") else own) if to_shared else str(target)
    local = _open(invocation, profile, local_vault)
    shared = _open(invocation, profile, "postgres:")
    context = StoreContext(token_store=local, clock=invocation.clock)
    source, sink = (local, shared) if to_shared else (shared, local)
    keys = [grant.key for grant in source.grants()] if grants is not None else [_key(profile, source, sink, athlete_id)]
    for key in keys:
        _copy_app(key, source, sink)
        mover = move_to_shared if to_shared else move_from_shared
        grant = mover(key, local=context, shared=shared)
        place = "PostgreSQL" if to_shared else local_vault
        invocation.output.success(f"{athlete_text(grant)}: the login is now in {place}, and nowhere else.")
    wanted = "postgres:" if to_shared else str(target)
    if own.partition(":")[0] != wanted.partition(":")[0]:
        path = profile.settings.directories.config / "config.toml"
        invocation.output.say(f'To use it there, set vault = "{wanted}" in {path}')


def open_logbook(invocation: Invocation, profile: Profile, athlete_id: int) -> None:
    """Rebuild the athlete's logbook on this machine."""
    rows = AthleteRows(_shared(invocation, profile).database, athlete_id)
    opened = open_account(athlete_id, rows, profile.settings, invocation.clock)
    invocation.output.success(
        f"Rebuilt the logbook of athlete {athlete_id}: {opened.activities:,} activities of the API,"
        f" {opened.files:,} own files."
    )
    if opened.unreadable:
        invocation.output.warn(f"{opened.unreadable:,} could not be read; `logbook` names what was quarantined")
    invocation.output.say(f"Next: paceport --profile {opened.profile} runs")


def remove(invocation: Invocation, profile: Profile, athlete_id: int, *, force: bool, yes: bool, as_json: bool) -> int:
    """Revoke the athlete's login at Strava, erase all that is stored of the athlete, and prove it by counting."""
    grant = find_grant_of(profile, athlete_id)
    before = stored_rows(profile, athlete_id) or {}
    if grant is None and not any(before.values()):
        raise LoginNeeded(why=f"nothing is stored of athlete {athlete_id}", fix="paceport accounts list")
    name = athlete_text(grant) if grant is not None else f"athlete {athlete_id}"
    if not yes and not confirm(invocation, f"Revoke the login of {name} and erase everything stored of this athlete?"):
        invocation.output.say("Nothing was changed.")
        return 1
    is_verified = True
    if grant is not None:
        result = revoke_and_tell(invocation, profile, grant, _app_of(profile, grant), force=force)
        if not result.is_erased:
            invocation.output.warn("sent, not verified: nothing was erased. --force erases it")
            return 1
        is_verified = result.is_verified
    if profile.settings.vault.startswith("postgres"):
        AthleteRows(_shared(invocation, profile).database, athlete_id).erase()
    close_account(athlete_id, profile.settings.directories)
    left = stored_rows(profile, athlete_id) or {}
    if as_json:
        proof = {table: {"erased": before[table] - left[table], "left": left[table]} for table in left}
        invocation.output.json({"athlete_id": athlete_id, "revoked": is_verified, "tables": proof})
    else:
        _tell_erased(invocation, name, before, left, is_verified=is_verified)
    return 0 if not any(left.values()) else 1


def export(invocation: Invocation, profile: Profile, target: str | None, *, as_json: bool) -> None:
    """Bring a folder of Parquet files up to date with the runs of all athletes. Raises UsageError, StoreErrors."""
    if not target:
        raise UsageError(
            what="`accounts export` needs a folder",
            why="--to says where the files lie",
            fix="paceport accounts export --to runs",
        )
    from paceport.jobs.run_parquet.export import export_runs

    database = _shared(invocation, profile).database
    report = export_runs(database, absolute(Path(target)), now=invocation.clock.now())
    if as_json:
        invocation.output.json(asdict(report))
        return
    invocation.output.success(
        f"{report.written:,} parts written, {report.unchanged:,} unchanged, {report.removed:,} removed;"
        f" {report.gone:,} runs are no longer there."
    )


def _tell_erased(
    invocation: Invocation, name: str, before: Mapping[str, int], left: Mapping[str, int], *, is_verified: bool
) -> None:
    counts = ", ".join(f"{table} {count:,}" for table, count in before.items() if count)
    state = "revoked and verified" if is_verified else "sent, not verified"
    rows = f" ({counts}; now {sum(left.values())} rows)." if before else "."
    invocation.output.success(f"{name}: {state}; everything is erased{rows}")


def rotate_keys(invocation: Invocation, profile: Profile) -> None:
    """Encrypt under the newest key whatever an older one has encrypted."""
    changed = _shared(invocation, profile).reseal()
    invocation.output.success(f"{changed:,} rows are encrypted with the newest key now; older keys may be removed.")


def _shared(invocation: Invocation, profile: Profile) -> PostgresTokenStore:
    from paceport.oauth.token_store.postgres import PostgresTokenStore  # whoever has no database has no driver for it

    store = _open(invocation, profile, "postgres:")
    assert isinstance(store, PostgresTokenStore)
    return store


def _open(invocation: Invocation, profile: Profile, vault: str) -> TokenStore:
    if profile.settings.vault.partition(":")[0] == vault.partition(":")[0]:
        return profile.token_store
    store = open_token_store(replace(profile.settings, vault=vault), invocation.clock)
    invocation.resources.callback(store.close)
    return store


def _key(profile: Profile, source: TokenStore, sink: TokenStore, athlete_id: int | None) -> GrantKey:
    """The login of that athlete in one place or, where a move was begun, in the other."""
    for store in (source, sink):
        for grant in store.grants():
            if grant.athlete_id == athlete_id and grant.key.oauth_origin == profile.origin:
                return grant.key
    assert athlete_id is not None
    return grant_of(profile, athlete_id).key


def _copy_app(key: GrantKey, source: TokenStore, sink: TokenStore) -> None:
    app = source.app(key.oauth_origin, key.client_id)
    if app is not None and sink.app(key.oauth_origin, key.client_id) is None:
        sink.save_app(app)


def _app_of(profile: Profile, grant: Grant) -> App:
    stored = profile.token_store.app(grant.oauth_url, grant.client_id)
    return stored if stored is not None else profile.app()
