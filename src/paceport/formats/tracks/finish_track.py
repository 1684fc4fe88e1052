"""The last step of every reader: raw samples → streams, the sport said or guessed, cadence in steps of both feet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.formats.tracks.cadence import steps_per_minute
from paceport.formats.tracks.guess_sport import guess_sport
from paceport.formats.tracks.read_streams import read_streams
from paceport.formats.tracks.sample_table import Samples
from paceport.lazy_dataclass import dataclass
from paceport.sports import is_on_foot

if TYPE_CHECKING:
    from paceport.streams import Streams


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FinishedSamples:
    """What became of samples: when they begin, the streams, and the sport."""

    start_s: float
    streams: Streams
    sport: str | None
    is_sport_guessed: bool


# How the notes on a sport begin that the file does not tell.
SPORT_NOTES = ("its sport ", "it does not say which sport it is")


def finish_samples(
    samples: Samples,
    *,
    sport: str | None,
    said: str,
    notes: list[str],
    start_s: float | None = None,
    can_guess: bool = True,
) -> FinishedSamples:
    """The streams of `samples`, as `read_streams` makes them, and their sport, guessed where the file did not say.

    `said` is the file's own word for the sport, empty where it has none. `notes` takes what was repaired or guessed.
    """
    is_guessed = False
    if sport is None and can_guess:
        sport = guess_sport(samples)
        is_guessed = sport is not None
        unknown, unsaid = SPORT_NOTES
        why = f"{unknown}'{said.strip()[:40]}' is not known" if said.strip() else unsaid
        notes.append(f"{why}; {sport} was guessed from its speeds" if is_guessed else why)
    cadence = samples.channels.get("cadence_spm")
    if cadence is not None and is_on_foot(sport):
        channels = samples.channels | {"cadence_spm": steps_per_minute(cadence, notes)}
        samples = Samples(epoch_s=samples.epoch_s, channels=channels)
    begin_s, streams, repairs = read_streams(samples, start_s=start_s)
    notes.extend(repairs)
    return FinishedSamples(start_s=begin_s, streams=streams, sport=sport, is_sport_guessed=is_guessed)
