"""The listing: what is newer, or everything; each page is saved before the next is asked for."""

import json
from collections.abc import Iterator
from dataclasses import field
from datetime import datetime, timedelta
from itertools import islice

from paceport.api.client.client import Client
from paceport.api.client.listing import ListedActivity
from paceport.api.models.decoding import LeftOut
from paceport.clock import Clock
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.moments import moment_text, parse_moment
from paceport.logbook.database.store import Store
from paceport.logbook.database.sync_rows import ListedRow
from paceport.logbook.syncing.map_activity import digest_of, recording_digest_of, resume_before_of
from paceport.logbook.syncing.plan import KEPT_FOR
from paceport.logbook.syncing.sync_report import SyncTally
from paceport.logbook.syncing.write_activity import write_activity

# One row less than a page brings, so that a batch never waits for a second page: pages overlap by one row.
_BATCH = 199
# "Newer" looks back this far, as far as one page holds it: late uploads and edits of the week cost nothing more.
_LOOK_BACK = timedelta(days=7)
_LOOK_BACK_ROWS = 100
# A listing that stopped longer ago than this begins anew: what it saw says too little about now.
_PARTIAL_LIVES = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """Sync's own words in the cache; they expire with the rest."""

    store: Store
    clock: Clock

    def complete_at(self) -> datetime | None:
        """When the last complete listing began."""
        text = self.store.cached.state("complete")
        return parse_moment(text) if text else None

    def partial(self) -> tuple[datetime, datetime | None] | None:
        """The complete listing under way: when it began, and where it goes on."""
        text = self.store.cached.state("partial")
        if not text:
            return None
        began, place = json.loads(text)
        return (parse_moment(began), parse_moment(place) if place else None) if began else None

    def set_partial(self, began: datetime | None, place: datetime | None = None) -> None:
        """Remember where a complete listing is; None: none is under way."""
        text = json.dumps([began and moment_text(began), place and moment_text(place)])
        self.set("partial", text)

    def set(self, key: str, value: str) -> None:
        """Remember one word for as long as the rest may be kept."""
        self.store.cached.set_state({key: value}, expires_at=self.clock.now() + KEPT_FOR)


@dataclass(slots=True, kw_only=True)
class Lister:
    """Reads lists into the store and counts what that changed."""

    store: Store
    client: Client
    clock: Clock
    tally: SyncTally
    state: SyncState
    _bad: list[LeftOut] = field(default_factory=list)
    _quarantined: int = 0

    def list_newer(self) -> None:
        """What began in the last week or is newer than all that is known; nothing it does not show is gone."""
        newest = self.store.synced.newest()
        complete_at = self.state.complete_at()
        if newest is None or complete_at is None:
            return
        hundredth = self.store.synced.nth_newest(_LOOK_BACK_ROWS) or newest
        after = min(newest, max(newest - _LOOK_BACK, hundredth))
        rows = self.client.listed_activities(after=after, read_ahead=False, bad=self._bad.append)
        listed = list(rows)
        with self.store.cached.in_one_transaction():
            self._save(listed, moment_text(complete_at))
            self._quarantine_bad_rows(moment_text(complete_at))

    def list_all(self) -> bool:
        """Everything, newest first; goes on where an earlier one stopped. True if it was read in one go.

        Afterwards `complete_at` is when it began, and what it did not show is gone: see `follow_deletions`.
        """
        began, place = self._start_or_resume()
        listing = moment_text(began)
        is_resumed = place is not None
        rows = self.client.listed_activities(
            before=place + timedelta(seconds=1) if place else None, is_certain=True, bad=self._bad.append
        )
        for batch in _batches(rows):
            with self.store.cached.in_one_transaction():
                self._save(batch, listing)
                self.state.set_partial(began, min(resume_before_of(row.activity) for row in batch))
        with self.store.cached.in_one_transaction():
            self._quarantine_bad_rows(listing)
            self.state.set_partial(None)
            self.state.set("complete", listing)
        self.tally.is_complete = True
        return not is_resumed

    def _start_or_resume(self) -> tuple[datetime, datetime | None]:
        now = parse_moment(moment_text(self.clock.now()))
        partial = self.state.partial()
        if partial is not None and timedelta() <= now - partial[0] < _PARTIAL_LIVES:
            return partial
        last = self.state.complete_at()
        # The moment is the listing's name, too.
        return (now if last is None or now > last else last + timedelta(seconds=1)), None

    def _save(self, rows: list[ListedActivity], listing: str) -> None:
        known = self.store.synced.listed_digests()
        until = self.clock.now() + KEPT_FOR
        for activity, raw in rows:
            digest = digest_of(activity)
            shape = recording_digest_of(activity)
            row = ListedRow(
                activity_id=activity.id,
                listing=listing,
                digest=digest,
                recording_digest=shape,
                resume_before=resume_before_of(activity),
                raw=raw,
            )
            self.store.synced.save_listed(row, expires_at=until)
            if known.get(activity.id) == digest:
                continue
            if activity.id in known:
                self.tally.changed += 1
                self.store.synced.drop_other_recording(activity.id, shape)
            else:
                self.tally.new += 1
            write_activity(self.store, activity.id)

    def _quarantine_bad_rows(self, listing: str) -> None:
        for row in self._bad[self._quarantined :]:
            self._quarantine_bad_row(row, listing)
        self._quarantined = len(self._bad)

    def _quarantine_bad_row(self, row: LeftOut, listing: str) -> None:
        activity_id = _id_of(row)
        self.tally.notes.append(f"{row}")
        place = f"activity {activity_id}" if activity_id else "a row of the list"
        now = self.clock.now()
        self.store.cached.quarantine(
            f"{place} in the list",
            why=f"{row.why} at {row.path}",
            retry_at=now,
            expires_at=now + KEPT_FOR,
            activity_id=activity_id,
        )
        self.tally.quarantined += 1
        if activity_id:
            self.store.synced.mark_seen(activity_id, listing)
        else:
            self.tally.notes.append("that row has no id, so no activity counts as deleted this time")

    @property
    def has_all_ids(self) -> bool:
        """Whether absence from the last complete listing means anything: every row of it had an id."""
        return all(_id_of(row) for row in self._bad)


def _batches(rows: Iterator[ListedActivity]) -> Iterator[list[ListedActivity]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _id_of(row: LeftOut) -> int | None:
    # The database takes 64 bits; a number beyond them is no activity's.
    return row.item_id if isinstance(row.item_id, int) and abs(row.item_id) < 2**63 else None
