"""What own.db knows of exports as a whole: which activities a newer one lacks, and how gear was called."""

import sqlite3
from collections.abc import Collection, Mapping

from paceport.clock import Clock
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.migrations import transaction
from paceport.logbook.database.moments import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGear:
    """A shoe or a bike by its names."""

    kind: str
    name: str
    brand: str
    model: str

    def of_one_make(self, other: "KnownGear") -> bool:
        """Whether both are of the same brand and model."""
        return (self.kind, self.brand, self.model) == (other.kind, other.brand, other.model)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRows:
    """Reads and writes these tables of an open store. Every writing call is one transaction."""

    connection: sqlite3.Connection
    clock: Clock

    def archive_ids(self) -> list[int]:
        """The ids of all activities that came from an export."""
        query = "SELECT id FROM main.activity WHERE source = 'archive'"
        return [activity_id for (activity_id,) in self.connection.execute(query)]

    def activity_name(self, activity_id: int) -> str:
        """The local day and the name of an own activity."""
        query = "SELECT date(local_start) || ' ' || name FROM main.activity WHERE id = ?"
        row = self.connection.execute(query, (activity_id,)).fetchone()
        return str(row[0]).strip() if row else ""

    def gear(self) -> list[KnownGear]:
        """The gear of all exports so far, without what is known under a newer name."""
        rows = self.connection.execute(
            "SELECT kind, name, brand, model FROM main.named_gear "
            "WHERE (kind, name) NOT IN (SELECT kind, name FROM main.former_gear_name)"
        )
        return [KnownGear(kind=kind, name=name, brand=brand, model=model) for kind, name, brand, model in rows]

    def save_gear_names(self, renamed: Mapping[tuple[str, str], str], *, current: Collection[tuple[str, str]]) -> None:
        """Keep which gear got which new name. A name in `current` is no former one, whatever it was before."""
        with transaction(self.connection):
            self.connection.executemany("DELETE FROM main.former_gear_name WHERE kind = ? AND name = ?", list(current))
            for (kind, old), new in renamed.items():
                self.connection.execute(
                    "UPDATE main.former_gear_name SET name_now = ? WHERE kind = ? AND name_now = ?", (new, kind, old)
                )
                self.connection.execute(
                    "INSERT OR REPLACE INTO main.former_gear_name VALUES (?, ?, ?)", (kind, old, new)
                )

    def save_gone(self, gone: Collection[int], *, seen: Collection[int]) -> None:
        """Note which activities a newer export lacks; those that it has are not gone."""
        now = moment_text(self.clock.now())
        with transaction(self.connection):
            self.connection.executemany(
                "DELETE FROM main.not_in_export WHERE activity_id = ?", [(one,) for one in seen]
            )
            self.connection.executemany(
                "INSERT OR IGNORE INTO main.not_in_export VALUES (?, ?)", [(one, now) for one in gone]
            )

    def gone(self) -> list[tuple[int, str]]:
        """The activities that a newer export lacks and that are still here, as (id, day and name)."""
        return self.connection.execute(
            "SELECT a.id, trim(date(a.local_start) || ' ' || a.name) FROM main.not_in_export AS n "
            "JOIN main.activity AS a ON a.id = n.activity_id ORDER BY a.start_utc"
        ).fetchall()
