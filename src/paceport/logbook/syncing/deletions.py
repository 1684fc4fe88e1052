"""Noticing deletions: what was known and is not in a complete list, and what follows from that."""

from datetime import datetime, timedelta

from paceport.logbook.database.moments import moment_text
from paceport.logbook.database.store import Store
from paceport.logbook.syncing.plan import KEPT_FOR
from paceport.logbook.syncing.sync_report import SyncTally

_VANISHED_STAY = timedelta(hours=48)


def forget(store: Store, activity_id: int, *, now: datetime, is_proof: bool) -> None:
    """Erase what is cached of an activity; with `is_proof` own data of it shows as deleted at Strava."""
    with store.cached.in_one_transaction():
        twins = store.synced.same_own_ids(activity_id)
        if not is_proof:
            store.cached.forget(activity_id)
            return
        for gone in (activity_id, *twins):
            store.cached.mark_deleted(gone, expires_at=now + KEPT_FOR)


def is_mass_loss(vanished: int, known: int) -> bool:
    """Whether more activities are gone at once than people delete."""
    return vanished > max(10, 0.2 * known)


def missing_from_list(store: Store, *, complete_at: datetime | None) -> list[int]:
    """The activities that were known and are not in the complete list begun at `complete_at`; none where it is None."""
    return [] if complete_at is None else store.synced.ids_missing_from(moment_text(complete_at))


def follow_deletions(
    missing: list[int], *, store: Store, now: datetime, tally: SyncTally, is_accepted: bool, is_proof: bool
) -> None:
    """Erase what is gone at the service. With `is_proof` own data is marked; else absence may have other reasons.

    Many at once are left alone unless they are accepted; they go by themselves within 48 hours.
    """
    if is_mass_loss(len(missing), len(store.synced.listed_digests())) and not is_accepted:
        store.synced.expire_by(missing, expires_at=now + _VANISHED_STAY)
        tally.withheld = len(missing)
        return
    for activity_id in missing:
        forget(store, activity_id, now=now, is_proof=is_proof)
        tally.deleted += 1
    if tally.is_complete:
        store.synced.extend_deletions(expires_at=now + KEPT_FOR)
