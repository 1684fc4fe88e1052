"""What an import says while it runs and when it is done."""

from collections.abc import Callable, Iterator
from dataclasses import field

from paceport.clock import Clock
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.activity_record import ActivityRecord

MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where an import stands: `done` of `total` activities of this path, the one at hand, the rate and the time left.

    `rate_per_s` is over the whole path so far; `left_s` is None before anything can be said.
    """

    done: int
    total: int
    name: str
    rate_per_s: float
    left_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityChange:
    """An activity that arrived with other content: which columns differ now. `old_id` if it stood under another id."""

    activity_id: int
    fields: tuple[str, ...]
    old_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedItem:
    """Something that could not be read: where, why, and how to try again. The rest went on."""

    place: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The final account of an import.

    `read` activities were looked at: `new` + `changed` + `unchanged` of them. `without_track` of the new and changed
    ones have no samples (manual entries, missing or unreadable files). `unknown_zone`: of the same, those whose local
    time is not known.
    """

    read: int
    new: int
    changed: tuple[ActivityChange, ...]
    unchanged: int
    without_track: int
    unknown_zone: int
    quarantined: tuple[QuarantinedItem, ...]
    notes: tuple[str, ...]
    took_s: float

    def to_json(self) -> dict[str, object]:
        """The numbers and names, ready for JSON."""
        return {
            "read": self.read,
            "new": self.new,
            "changed": [
                {"id": change.activity_id, "fields": list(change.fields), "old_id": change.old_id}
                for change in self.changed
            ],
            "unchanged": self.unchanged,
            "without_track": self.without_track,
            "unknown_zone": self.unknown_zone,
            "quarantined": [{"place": each.place, "why": each.why, "fix": each.fix} for each in self.quarantined],
            "notes": list(self.notes),
            "took_s": round(self.took_s, 3),
        }


@dataclass(slots=True, kw_only=True)
class ImportTally:
    """The account while it grows."""

    clock: Clock
    new: int = 0
    changed: list[ActivityChange] = field(default_factory=list)
    unchanged: int = 0
    without_track: int = 0
    unknown_zone: int = 0
    quarantined: list[QuarantinedItem] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)
    guessed: dict[str, int] = field(default_factory=dict)
    repaired: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    started_s: float = 0.0

    def note(self, text: str) -> None:
        """Say something once, however often it happens."""
        self.notes[text] = self.notes.get(text, 0) + 1

    def take_notes(self, record: ActivityRecord) -> None:
        """Count what was guessed and repaired in a record of a file that was saved."""
        if record.track is not None and record.track.is_sport_guessed and record.source == "file":
            self.guessed[record.sport] = self.guessed.get(record.sport, 0) + 1
        told = tuple(note for note in record.notes if "guessed from its speeds" not in note)
        if told:
            self.repaired.append((f"{record.start:%Y-%m-%d %H:%M}Z {record.name}".strip(), told))

    def _all_notes(self) -> Iterator[str]:
        for text, count in self.notes.items():
            yield f"{text} ({count} times)" if count > 1 else text
        for name, told in self.repaired[:MOST_NAMED]:
            yield f"{name}: {'; '.join(told)}"
        if len(self.repaired) > MOST_NAMED:
            yield f"{len(self.repaired) - MOST_NAMED} more recordings have notes; `paceport run ID` shows them"
        if self.guessed:
            counts = ", ".join(f"{count} {sport}" for sport, count in sorted(self.guessed.items()))
            yield (
                f"sport guessed from the speeds, because the file does not say it: {counts}. "
                "Set it with: paceport import --sport Run FILE"
            )

    def report(self) -> ImportReport:
        """The account as it stands."""
        return ImportReport(
            read=self.new + len(self.changed) + self.unchanged,
            new=self.new,
            changed=tuple(self.changed),
            unchanged=self.unchanged,
            without_track=self.without_track,
            unknown_zone=self.unknown_zone,
            quarantined=tuple(self.quarantined),
            notes=tuple(self._all_notes()),
            took_s=self.clock.monotonic_s() - self.started_s,
        )


class ProgressReporter:
    """Tells `tell` how far one path is, with the rate so far."""

    def __init__(self, *, total: int, clock: Clock, tell: Callable[[Progress], None] | None) -> None:
        self._total, self._clock, self._report = total, clock, tell
        self._begin_s = clock.monotonic_s()
        self._done = 0

    def step(self, name: str) -> None:
        """One more is done."""
        self._done += 1
        self.show(self._done, self._total, name)

    def show(self, done: int, total: int, name: str) -> None:
        """So many of so many are done, as the caller counts them."""
        if self._report is None:
            return
        spent_s = self._clock.monotonic_s() - self._begin_s
        rate = done / spent_s if spent_s > 0 else 0.0
        left = (total - done) / rate if rate > 0 else None
        self._report(Progress(done=done, total=total, name=name, rate_per_s=rate, left_s=left))
