"""What GPX and TCX share: points gathered value by value, times and numbers in words."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from paceport.errors import FileError
from paceport.formats.tracks.read_streams import MOST_SAMPLES
from paceport.formats.tracks.sample_table import Samples
from paceport.plausible_time import EARLIEST_EPOCH_S

if TYPE_CHECKING:
    from paceport.streams import Channel

NAN = float("nan")
_MOST_SHOWN = 40  # letters of what could not be read
_SAY_NOTHING = frozenset({"", "nan", "null", "none", "nil", "n/a", "-", "--", "undefined", "unknown"})


class Points:
    """Points of a track, appended one by one, given back as Samples; and where pieces of it begin."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._epoch_s = array("d")
        self._channels: dict[str, array[float]] = {}
        self.borders: list[int] = []
        self.undated = 0
        self.unread_time = ""  # the first that could not be read, as it stands there
        self._unread: dict[str, tuple[int, str]] = {}  # how many, and the first

    def __len__(self) -> int:
        return len(self._epoch_s)

    def append(self, epoch_s: float, values: dict[str, float]) -> None:
        """Add a point: Unix seconds (NaN if it has none) and what was recorded there, by Streams name."""
        times = self._epoch_s
        count = len(times)
        if count >= MOST_SAMPLES:
            raise too_many_samples_error(self._name)
        if epoch_s < EARLIEST_EPOCH_S:
            self.undated += 1
            epoch_s = NAN
        channels = self._channels
        for channel, value in values.items():
            try:
                column = channels[channel]
            except KeyError:
                column = channels[channel] = array("d")
            if len(column) < count:
                column.extend([NAN] * (count - len(column)))
            column.append(value)
        times.append(epoch_s)

    def begin_piece(self) -> None:
        """The next point begins a piece of its own: the device was stopped before it."""
        if len(self._epoch_s) and (not self.borders or self.borders[-1] < len(self._epoch_s)):
            self.borders.append(len(self._epoch_s))

    def miss_time(self, text: str) -> None:
        """Note a time that could not be read."""
        self.unread_time = self.unread_time or text.strip()[:_MOST_SHOWN]

    def miss(self, what: Literal["positions", "values"], text: str) -> bool:
        """Note what should be a number. Whether it is anything to speak of: what stands for nothing is not."""
        shown = text.strip()
        if shown.casefold() in _SAY_NOTHING:
            return False
        count, first = self._unread.get(what, (0, shown[:_MOST_SHOWN]))
        self._unread[what] = (count + 1, first)
        return True

    def unread_notes(self) -> list[str]:
        """What is to be said of what could not be read."""
        return [
            f"{count} {what} without a number, such as “{first}”, were left out"
            for what, (count, first) in self._unread.items()
        ]

    def samples(self) -> Samples:
        """All points; what a point did not have is NaN."""
        count = len(self._epoch_s)
        channels = {}
        for name, column in self._channels.items():
            channels[name] = np.concatenate([np.array(column), np.full(count - len(column), np.nan)])
        return Samples(epoch_s=np.array(self._epoch_s), channels=channels)


def unread_times_error(name: str, text: str) -> FileError:
    """The refusal of a file whose times are in a form that nobody can tell."""
    return FileError(
        path=name,
        why=f"its times cannot be read, such as “{text}”",
        fix="write them as 2024-05-04T08:00:00Z, or export the activity again",
    )


def breaks_between(pieces: list[Channel]) -> tuple[tuple[float, float], ...]:
    """(last time of a piece, first time of the next) in Unix seconds, where time goes on from one to the other."""
    known = [times[np.isfinite(times)] for times in pieces]
    known = [times for times in known if len(times)]
    ends = [(float(before.max()), float(after.min())) for before, after in pairwise(known)]
    return tuple((left, entered) for left, entered in ends if entered > left)


class NoSamples(FileError):
    """A file that is whole and holds no point: sites write one for indoor and manual activities."""

    def __init__(self, name: str) -> None:
        super().__init__(
            path=name,
            why="it is whole and holds no point, as files of indoor activities do",
            fix="import the account's export, which has the totals, or the activity's FIT file",
        )


def too_many_samples_error(name: str) -> FileError:
    """The refusal of a file with more samples than any recorded activity."""
    return FileError(
        path=name, why=f"it holds more than {MOST_SAMPLES:,} samples", fix="leave it out, or split it into activities"
    )


def refuse_one_moment(samples: Samples, name: str) -> None:
    """Raise FileError where many points at different places all bear one time: nothing can be known of their speed."""
    times = samples.epoch_s[np.isfinite(samples.epoch_s)]
    latitude = samples.channels.get("latitude_deg")
    if len(times) > 2 and times.min() == times.max() and latitude is not None and len(np.unique(latitude)) > 2:
        raise FileError(
            path=name,
            why="all its points have the same time, so its duration and speed are unknown",
            fix="export the activity again with the time of each point, or leave it out",
        )


def parse_number(text: str | None) -> float:
    """The number written there, perhaps with a decimal comma; NaN if none is."""
    try:
        return float(text) if text else NAN
    except ValueError:
        pass
    try:
        return float(text.replace(",", ".")) if text and text.count(",") == 1 else NAN
    except ValueError:
        return NAN


def parse_epoch_s(text: str | None) -> tuple[float, bool]:
    """Unix seconds of an ISO 8601 time, NaN if it is none; and whether it names its zone (else UTC is assumed).

    Some writers end it with "z", "ZZ", "UTC" or "GMT"; all mean UTC. Some write 2024/05/04, the form of mail headers,
    or the seconds themselves.
    """
    if not text:
        return NAN, True
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment_or_none = _odd_time(text)
        if moment_or_none is None:
            return NAN, True
        moment = moment_or_none
    try:
        has_zone = moment.tzinfo is not None
        return (moment if has_zone else moment.replace(tzinfo=UTC)).timestamp(), has_zone
    except (ValueError, OverflowError):
        return NAN, True


def _odd_time(text: str) -> datetime | None:
    plain = text.strip().upper().replace(",", ".")
    if plain.isascii() and plain.isdigit() and len(plain) in (10, 13):  # seconds or milliseconds since 1970
        return datetime.fromtimestamp(int(plain[:10]) + int(plain[10:] or 0) / 1000, UTC)
    for ending in ("GMT", "UTC", "ZZ", " Z"):
        if plain.endswith(ending):
            plain = plain.removesuffix(ending).strip() + "Z"
    if " +" in plain or " -" in plain:
        plain = plain.replace(" +", "+").replace(" -", "-")
    if plain[4:5] == "/":
        plain = plain.replace("/", "-")
    try:
        return datetime.fromisoformat(plain)
    except ValueError:
        pass
    from email.utils import parsedate_to_datetime  # takes long to import, and few files write such times

    try:
        return parsedate_to_datetime(text)  # Sat, 04 May 2024 08:00:00 GMT
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
