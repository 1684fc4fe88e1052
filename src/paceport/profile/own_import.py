"""An import into the own part of a profile's logbook, for the commands and for the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.profile.reading_options import ReadingOptions

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.logbook.importing.import_report import ImportReport, Progress
    from paceport.profile.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnImport:
    """The report of an import, and how many recordings `joined` runs that the logbook had already."""

    report: ImportReport
    joined: int


def import_into(
    profile: Profile,
    paths: Sequence[Path],
    *,
    options: ReadingOptions | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> OwnImport:
    """Read exports and recorded files; where there is no path, the kept originals again.

    `progress` hears of each activity where nothing is half done: what it raises ends the import safely. Raises what
    `import_paths` does.
    """
    from paceport.logbook.syncing.write_activity import match_own_data

    with profile.logbook() as store:
        report = _read(store, profile, paths, options or ReadingOptions(), progress)
        return OwnImport(report=report, joined=match_own_data(store))


def _read(
    store: Store,
    profile: Profile,
    paths: Sequence[Path],
    options: ReadingOptions,
    progress: Callable[[Progress], None] | None,
) -> ImportReport:
    from paceport.logbook.importing.import_paths import import_paths
    from paceport.logbook.importing.rebuild import rebuild

    timezone = options.timezone or profile.settings.timezone
    if not paths:
        return rebuild(store=store, clock=profile.clock, timezone=timezone, progress=progress)
    return import_paths(
        paths,
        store=store,
        clock=profile.clock,
        timezone=timezone,
        sport=options.sport,
        mapping=options.mapping,
        date_order=options.date_order,
        progress=progress,
    )
