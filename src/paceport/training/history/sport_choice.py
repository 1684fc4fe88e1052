"""Which sports a person means by a word, in the words of Strava and of the logbook itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from paceport.errors import UsageError
from paceport.sports import RUN_SPORTS, SPORT_GROUPS, sports_of_word
from paceport.training.history.sport_figures import counted_sports


def chosen_sports(word: str | None, held: Callable[[], Mapping[str, int]]) -> tuple[str, ...] | None:
    """The SportTypes that a word names: runs without a word, None (every sport) for "all".

    `held` tells the sports of the logbook: a word of its own counts too. Raises UsageError for any other.
    """
    if word is None:
        return RUN_SPORTS
    if word.strip().casefold() in {"all", "any", "every"}:
        return None
    sports = sports_of_word(word)
    counts = held()
    own = next((sport for sport in counts if sport.casefold() == word.strip().casefold()), None)
    if sports is not None and (own is None or own in sports):
        return sports
    if own is not None:
        return (own,)
    raise UsageError(
        what=f"{word[:40]!r} is not a sport in this logbook",
        why=f"it holds {counted_sports(counts)}" if counts else "it holds no activities yet",
        fix=f"choose one of: all, {', '.join(SPORT_GROUPS)}, or Strava's word, such as GravelRide",
    )
