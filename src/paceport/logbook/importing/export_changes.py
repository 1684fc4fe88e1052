"""What an export tells by itself beside an earlier one: activities that are gone, shoes under a new name."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import field

from paceport.formats.strava_export.activity_rows import ActivityRow, UnusableRow
from paceport.formats.strava_export.read_export import StravaExport
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.export_rows import ExportRows, KnownGear
from paceport.logbook.importing.import_report import ImportTally

_MOST_NAMED = 5


@dataclass(slots=True, kw_only=True)
class ExportChanges:
    """Watches the rows of one export go by, then says what it lacks and what was renamed.

    `stored` are the activities of earlier exports, `seen` the ids of its rows; `gear_changes` counts the activities by
    the gear that they had and have.
    """

    stored: frozenset[int]
    seen: set[int] = field(default_factory=set)
    gear_changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    has_row_without_id: bool = False

    def see(self, row: ActivityRow | UnusableRow) -> None:
        """Take note of a row, whether or not it can be read."""
        if row.id is None:
            self.has_row_without_id = True
        else:
            self.seen.add(row.id)

    def finish(self, rows: ExportRows, export: StravaExport, tally: ImportTally) -> None:
        """Write down what the whole export tells, and say it."""
        known = rows.gear()  # as it was before this export is written
        listed = [KnownGear(kind=g.kind, name=g.name, brand=g.brand, model=g.model) for g in export.gear]
        renamed = renamed_gear(known, listed, self.gear_changes)
        rows.save_gear_names(renamed, current=[(gear.kind, gear.name) for gear in listed])
        for (_, old), new in renamed.items():
            tally.note(f"the gear {old} is called {new} now; its runs count as those of one")
        self._find_gone(rows, tally)

    def _find_gone(self, rows: ExportRows, tally: ImportTally) -> None:
        if not self.seen:
            return
        if self.stored and not self.seen & self.stored:
            tally.note("this export has none of the activities of the earlier ones: is it another athlete's?")
            return
        gone, later = gone_activities(self.stored, self.seen)
        if self.has_row_without_id:
            gone = []  # one of these rows may be the activity that seems to be gone
        rows.save_gone(gone, seen=self.seen)
        if gone:
            tally.note(
                f"no longer in this export: {_named(gone, rows)}. They stay in the logbook and count. Were they "
                f"deleted at Strava on purpose? Then remove them: paceport logbook --remove {gone[0]}"
            )
        if later and not self.has_row_without_id:
            tally.note(
                f"not in this export: {_named(later, rows)}, newer than all of it. Either this export is older than "
                "the one they came from, or they were deleted at Strava. They stay in the logbook and count. To "
                f"remove: paceport logbook --remove {later[0]}"
            )


def _named(ids: Sequence[int], rows: ExportRows) -> str:
    named = ", ".join(f"{one} ({rows.activity_name(one)})" for one in ids[:_MOST_NAMED])
    return named + (f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else "")


def gone_activities(stored: Collection[int], seen: Collection[int]) -> tuple[list[int], list[int]]:
    """The stored activities that an export lacks: those that are gone for sure, and those that may be too new for it.

    Ids at Strava grow with time: what has a larger id than everything in the export may have come after it was made.
    """
    newest = max(seen, default=0)
    missing = sorted(set(stored) - set(seen))
    return [one for one in missing if one < newest], [one for one in missing if one > newest]


def renamed_gear(
    known: Sequence[KnownGear], listed: Sequence[KnownGear], changes: Counter[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Which gear that is not listed any more is which listed one, as (kind, old name) → new name.

    All activities that had the old name and now have another must have the same new one. Where none says, one pair that
    is gone and one that is new, of the same brand and model, are one.
    """
    names = {(gear.kind, gear.name) for gear in listed}
    before = {(gear.kind, gear.name) for gear in known}
    lost = [gear for gear in known if (gear.kind, gear.name) not in names]
    fresh = [gear for gear in listed if (gear.kind, gear.name) not in before]
    renamed: dict[tuple[str, str], str] = {}
    for gear in lost:
        moved = {new for old, new in changes if old == gear.name and new != old}
        if moved:
            new = next(iter(moved))
            if len(moved) == 1 and (gear.kind, new) in {(one.kind, one.name) for one in fresh}:
                renamed[gear.kind, gear.name] = new
            continue
        if (gear.name, gear.name) in changes or not gear.model:
            continue
        twins = [one for one in fresh if one.of_one_make(gear)]
        if len(twins) == 1 and sum(one.of_one_make(gear) for one in lost) == 1:
            renamed[gear.kind, gear.name] = twins[0].name
    return renamed
