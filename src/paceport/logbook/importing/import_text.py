"""The report of an import in words, the same for the terminal and for a page."""

from collections.abc import Sequence

from paceport.amount_text import rough_duration
from paceport.logbook.importing.import_report import MOST_NAMED, ImportReport


def figures(report: ImportReport) -> list[tuple[str, str]]:
    """What was counted, by name."""
    return [
        ("read", f"{report.read:,} in {rough_duration(report.took_s)}"),
        ("new", f"{report.new:,}"),
        ("changed", f"{len(report.changed):,}"),
        ("unchanged", f"{report.unchanged:,}"),
        ("without track", f"{report.without_track:,}"),
        ("quarantined", f"{len(report.quarantined):,}"),
    ]


def one_line(report: ImportReport) -> str:
    """The same in one line."""
    return (
        f"{report.new:,} new, {len(report.changed):,} changed, {report.unchanged:,} known, "
        f"{len(report.quarantined):,} not readable"
    )


def joined_text(joined: int) -> str:
    """How many of the recordings were found to be of runs that are in the logbook already; "" for none."""
    if not joined:
        return ""
    are = "1 recording is" if joined == 1 else f"{joined:,} recordings are"
    return f"{are} of a run that another one recorded too: each run counts once, with the better of each channel"


def odd_things(report: ImportReport) -> list[str]:
    """What was noticed, and what changed, by name."""
    changed = [
        f"activity {change.activity_id} changed: {', '.join(change.fields) or 'its samples'}"
        for change in report.changed[:MOST_NAMED]
    ]
    return [*report.notes, *changed]


def unknown_zone_text(report: ImportReport) -> str:
    """How many runs have no known local time, and what to do about it; "" for none."""
    if not report.unknown_zone:
        return ""
    return (
        f"Without a position, so that the local time is not known and shows as UTC: {report.unknown_zone}. "
        'Set timezone = "…" in config.toml, or repeat with --timezone'
    )


def short_names(names: Sequence[str]) -> str:
    """The first names of many."""
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
