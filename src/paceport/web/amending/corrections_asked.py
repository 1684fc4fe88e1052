"""What a form asks to be corrected, as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from paceport.errors import UsageError
from paceport.logbook.amending.amendment import Change, describe
from paceport.logbook.amending.make_amendments import Corrections, amend, part
from paceport.logbook.database.record_verdicts import decide_records
from paceport.sports import SPORT_TYPES

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

FIELDS = ("kind", "place", "length", "sport", "race", "record", "other")


def action_of(fields: Mapping[str, str], activity_id: int) -> Callable[[Store], list[str]]:
    """What does to a store what the fields of a form ask for, and says it in words. Raises UsageError."""
    if fields.get("kind") == "part":
        return lambda store: part(store, activity_id)
    if fields.get("kind") == "record" and fields.get("record") in ("yes", "no"):
        return lambda store: _decide(store, activity_id, is_confirmed=fields["record"] == "yes")
    changes = _corrections(fields).changes()
    return lambda store: amend(store, activity_id, changes)


def _decide(store: Store, activity_id: int, *, is_confirmed: bool) -> list[str]:
    run_id = decide_records(store, activity_id, is_confirmed=is_confirmed)
    return [f"{run_id}: {describe(Change(kind='record', value={'is_confirmed': is_confirmed}))}"]


def _corrections(fields: Mapping[str, str]) -> Corrections:
    kind, place = fields.get("kind", ""), fields.get("place", "").strip()
    if kind == "crop_start":
        return Corrections(crop_start=place)
    if kind == "crop_end":
        return Corrections(crop_end=place)
    if kind == "split":
        return Corrections(split=place)
    if kind == "distance":
        return Corrections(distance=fields.get("length", "").strip())
    if kind == "sport" and fields.get("sport") in SPORT_TYPES:
        return Corrections(sport=fields["sport"])
    if kind == "race" and fields.get("race") in ("yes", "no"):
        return Corrections(race=fields["race"] == "yes")
    if kind == "merge" and _is_id(fields.get("other", "")):
        return Corrections(merge=int(fields["other"]))
    raise UsageError(
        what="It is not clear what is to be corrected",
        why="the form was not filled in, or is not one of this page",
        fix="choose a correction on the page of the run",
    )


def _is_id(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= 18
