"""Which sport the pages tell of: runs, or what the logbook holds instead, or what the address asks for."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from paceport.lazy_dataclass import dataclass
from paceport.report.pages.snapshot import Snapshot
from paceport.sports import RUN_SPORTS, SPORT_GROUPS, sport_group, sports_of_word
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.history.sport_figures import group_noun, speed_kind
from paceport.units import Units

ALL = "all"
_RUN_ID = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SportChoice:
    """A kind of sport that the logbook holds: its word in an address ("" for the usual one), and its name."""

    word: str
    name: str
    count: int
    is_shown: bool


def usual_history(history: History) -> History:
    """The history of the runs; without a run, that of the sport that the logbook holds most of."""
    if history.runs or not history.activities:
        return history
    return _only(history, _groups(history)[0][0])


def choose_sport(snapshot: Snapshot, word: str) -> Snapshot:
    """The snapshot with the activities of one kind of sport, or of all, as its runs.

    It is the same where the word says what is shown anyway, or names nothing that the logbook holds.
    """
    group = _group_of(snapshot.history, word)
    if group is None or group == _shown(snapshot.history):
        return snapshot
    return snapshot.once(
        ("sport", group),
        lambda: _shown_as(_only(snapshot.history, group), snapshot, group.lower()),
    )


def _shown_as(history: History, snapshot: Snapshot, word: str) -> Snapshot:
    return Snapshot(history=history, units=units_of(history, snapshot.units), later=snapshot.later, sport=word)


def units_of(history: History, units: Units) -> Units:
    """The units that tell speeds as the sports of the history do."""
    return replace(units, told=speed_kind(history.sports))


def sport_of_run(snapshot: Snapshot, text: str) -> Snapshot:
    """The snapshot whose runs are of the sport of the activity of that id; the same for what is no id."""
    run = find_activity(snapshot, text)
    return snapshot if run is None else choose_sport(snapshot, sport_group(run.sport).lower())


def find_activity(snapshot: Snapshot, text: str) -> Run | None:
    """The activity of that id, or of that id at Strava; None where there is none."""
    if not _RUN_ID.fullmatch(text):
        return None
    everything = snapshot.history.activities or snapshot.history.runs
    found = snapshot.once("activities by id", lambda: {run.id: run for run in everything}).get(int(text))
    return found or next((run for run in everything if run.strava_id == int(text)), None)


def sport_choices(snapshot: Snapshot, shown: Snapshot) -> tuple[SportChoice, ...]:
    """The sports that the logbook holds, the usual one first, and all of them; empty where it holds one alone."""
    groups = snapshot.once("sports", lambda: _groups(snapshot.history))
    if len(groups) < 2:
        return ()
    usual, now = _shown(snapshot.history), _shown(shown.history)
    ordered = sorted(groups, key=lambda one: one[0] != usual)
    named = [(group, group_noun(group, 2).capitalize(), count) for group, count in ordered]
    named.append((ALL, "All", sum(count for _, count in groups)))
    return tuple(
        SportChoice(word="" if group == usual else group.lower(), name=name, count=count, is_shown=group == now)
        for group, name, count in named
    )


def _groups(history: History) -> list[tuple[str, int]]:
    """Each kind of sport with its count, the most frequent first."""
    return Counter(sport_group(run.sport) for run in history.activities or history.runs).most_common()


def _group_of(history: History, word: str) -> str | None:
    """The kind of sport that a word names, if the logbook holds it."""
    if not word or word.casefold() == ALL:
        return word.casefold() or None
    held = {group.casefold(): group for group, _ in _groups(history)}
    named = sports_of_word(word) or ()
    return held.get(word.casefold()) or next(
        (sport_group(sport) for sport in named if sport_group(sport) in held), None
    )


def _shown(history: History) -> str:
    """The kind of sport that the history calls its runs."""
    if history.sports == RUN_SPORTS:
        return "run"
    return ALL if history.sports is None else sport_group(history.sports[0])


def _only(history: History, group: str) -> History:
    """The history with the activities of one kind of sport as its runs."""
    sports = None if group == ALL else SPORT_GROUPS.get(group, (group,))
    everything = history.activities or history.runs
    runs = everything if sports is None else tuple(run for run in everything if run.sport in sports)
    ids = {run.id for run in runs}
    attempts = tuple(one for one in history.attempts if one.run_id in ids)
    return replace(history, sports=sports, runs=runs, attempts=attempts, activities=everything)
