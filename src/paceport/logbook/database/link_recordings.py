"""Finds which activities of the logbook are one run and writes it down; own data alone, and with what is cached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.recording_rows import ComparableRow, OtherRecording
from paceport.logbook.recordings.best_channels import best_first, channels_from
from paceport.logbook.recordings.same_run import Recorded, is_same_run, pairs_at_one_time
from paceport.training.cleaning.repairs import doubts_by_channel

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.streams import Streams


# Pairs come in order of time, so that a few tracks are all that is compared at once.
_MOST_TRACKS = 16
# Comparisons that are written at once.
_MOST_AT_ONCE = 500


def link_recordings(store: Store, *, anew: Collection[int] = ()) -> int:
    """Bring up to date which activities are one run. Gives how many others there are beside those that count.

    What was compared before and has not changed is not read again, save for which of `anew` and their other recordings
    counts. Own groups stand on own data alone, so that they are the same when everything cached has expired.
    """
    rows = {row.id: row for row in store.recording_rows.comparable()}
    before = store.recording_rows.others()
    linker = _Linker(store=store, rows=rows, before=before, compared_now=set(anew))
    recorded = {row.id: _recorded(row) for row in rows.values()}
    pairs = [pair for pair in pairs_at_one_time(list(recorded.values())) if linker.is_one(*pair)]
    linker.save_compared()
    others = linker.others(pairs, recorded)
    if others != before:
        changed = _gifts(others, rows) ^ _gifts(before, rows)
        again = {one.run_id for one in others.values() if one.activity_id in linker.compared_now and one.channels}
        store.recording_rows.replace_others(others, changed_runs={run_id for run_id, _, _ in changed} | again)
    return len(others)


def _gifts(
    others: Mapping[int, OtherRecording], rows: Mapping[int, ComparableRow]
) -> set[tuple[int, int, tuple[str, ...]]]:
    """What results are computed from beside a run's own samples: own channels for own runs, cached for cached ones."""
    return {
        (one.run_id, one.activity_id, one.channels)
        for one in others.values()
        if one.channels and (one.expires_at is None or one.run_id not in rows or rows[one.run_id].expires_at)
    }


@dataclass(slots=True, kw_only=True)
class _Linker:
    store: Store
    rows: dict[int, ComparableRow]
    before: dict[int, OtherRecording]
    compared_now: set[int] = field(default_factory=set)
    tracks: dict[int, Streams | None] = field(default_factory=dict)
    known: dict[tuple[int, int], tuple[str, bool, bool]] | None = None
    found: list[tuple[int, int, str, bool]] = field(default_factory=list)
    others_of: dict[int, list[OtherRecording]] = field(default_factory=lambda: defaultdict(list))
    amended: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.amended = self.store.amended.amended_ids()
        for one in sorted(self.before.values(), key=lambda other: other.place):
            if one.activity_id in self.rows:
                self.others_of[one.run_id].append(one)

    def is_one(self, first: Recorded, second: Recorded) -> bool:
        """Whether two activities at one time are one run: as known, else by comparing them."""
        if self.known is None:
            self.known = self.store.recording_rows.compared()
        low, high = sorted((first, second), key=lambda one: one.id)
        contents = f"{low.content} {high.content}"
        known = self.known.get((low.id, high.id))
        if known is not None and (known[0] == contents or known[2]):
            return known[1]
        self.compared_now |= {first.id, second.id}
        is_one = is_same_run(first, second, (self.track(first.id), self.track(second.id)))
        self.found.append((first.id, second.id, contents, is_one))
        if len(self.found) >= _MOST_AT_ONCE:
            self.save_compared()
        return is_one

    def save_compared(self) -> None:
        """Keep what the comparisons gave so far: whoever is stopped goes on from there."""
        if self.found:
            with transaction(self.store.connection):
                for first_id, second_id, contents, is_one in self.found:
                    rows = self.rows[first_id], self.rows[second_id]
                    self.store.recording_rows.save_compared(*rows, contents, is_one=is_one)
            self.found.clear()

    def track(self, activity_id: int) -> Streams | None:
        """The samples of an activity alone; None for none, and for what cannot be read."""
        if activity_id not in self.tracks:
            try:
                found = self.store.imported_streams(activity_id) if self.rows[activity_id].samples else None
            except ValueError:
                found = None
            if len(self.tracks) >= _MOST_TRACKS:
                del self.tracks[next(iter(self.tracks))]
            self.tracks[activity_id] = found
        return self.tracks[activity_id]

    def others(
        self, pairs: Sequence[tuple[Recorded, Recorded]], recorded: Mapping[int, Recorded]
    ) -> dict[int, OtherRecording]:
        """Who stands for whom. Own activities are grouped first; a cached one then joins a group, never two."""
        own = [pair for pair in pairs if pair[0].is_own and pair[1].is_own]
        found: dict[int, OtherRecording] = {}
        run_of: dict[int, int] = {}
        taken: dict[int, int] = {}
        for group in _groups(own):
            self._take(group, found)
            run_id = next(found[one.id].run_id for one in group if one.id in found)
            run_of |= dict.fromkeys((one.id for one in group), run_id)
            taken[run_id] = len(group) - 1
        cached: dict[int, Recorded] = {}
        of_own: dict[int, list[Recorded]] = {}
        for first, second in pairs:
            if first.is_own != second.is_own:
                mine, theirs = (first, second) if first.is_own else (second, first)
                if theirs.id not in cached:
                    cached[theirs.id] = theirs
                    of_own.setdefault(run_of.get(mine.id, mine.id), []).append(theirs)
        for run_id, group in of_own.items():
            self._take([recorded[run_id], *group], found, taken=taken.get(run_id, 0))
        free = [pair for pair in pairs if not any(one.is_own or one.id in cached for one in pair)]
        for group in _groups(free):
            self._take(group, found)
        return found

    def _take(self, group: Sequence[Recorded], found: dict[int, OtherRecording], *, taken: int = 0) -> None:
        if (known := self._as_before(group)) is not None:
            (first, *others), given = known
        else:
            tracks = {one.id: self.track(one.id) for one in group}
            # What a person amended goes on counting, or the amendment would no longer be seen.
            first, *others = sorted(best_first(group, tracks), key=lambda one: one.id not in self.amended)
            given = channels_from([first, *others], tracks)
        for place, one in enumerate(others, start=1 + taken):
            expiries = [until for row in (first, one) if (until := self.rows[row.id].expires_at) is not None]
            found[one.id] = OtherRecording(
                activity_id=one.id,
                run_id=first.id,
                place=place,
                channels=given.get(one.id, ()),
                expires_at=min(expiries, default=None),
            )

    def _as_before(self, group: Sequence[Recorded]) -> tuple[list[Recorded], dict[int, tuple[str, ...]]] | None:
        """The order and the channels of a group that is as it was; None for another one. Nothing is decoded for it."""
        members = {one.id: one for one in group}
        if self.compared_now & members.keys():
            return None
        firsts = {one for one in members if one not in self.before}
        others = sorted((self.before[one] for one in members if one in self.before), key=lambda one: one.place)
        if len(firsts) != 1 or any(one.run_id not in firsts for one in others):
            return None
        before = self.others_of.get(next(iter(firsts)), [])
        is_own = all(self.rows[one].expires_at is None for one in members)
        if is_own and len([one for one in before if one.expires_at is None]) != len(others):
            return None
        order = [members[next(iter(firsts))], *(members[one.activity_id] for one in others)]
        return order, {one.activity_id: one.channels for one in others}


def _groups(pairs: Sequence[tuple[Recorded, Recorded]]) -> list[list[Recorded]]:
    """Activities that are joined by pairs, directly or by way of others, in order of time."""
    group_of: dict[int, list[Recorded]] = {}
    for first, second in pairs:
        one, other = group_of.get(first.id, [first]), group_of.get(second.id, [second])
        joined = one if one is other else [*one, *other]
        for member in joined:
            group_of[member.id] = joined
    by_identity: dict[int, list[Recorded]] = {id(group): group for group in group_of.values()}
    return list(by_identity.values())


def _recorded(row: ComparableRow) -> Recorded:
    return Recorded(
        id=row.id,
        is_own=row.expires_at is None,
        is_from_export=row.source == "archive",
        sport=row.sport,
        is_sport_open=row.is_sport_open,
        start_s=row.start_s,
        duration_s=row.duration_s,
        distances_m=row.distances_m,
        samples=row.samples,
        doubts=doubts_by_channel(row.notes),
        # A row of an export that was given a file's track keeps its content.
        content=f"{row.content}:{row.samples}",
    )
