"""What friends leave at an activity: kudos, comments, photos. Invented from the activity's id, as many as it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.random_streams import random_stream

_FIRST_NAMES = (
    *("Åsa", "Björn", "Chloé", "Dmitri", "Eun-ji", "Fatou", "Grzegorz", "Hana", "Íñigo", "Jules", "Kofi", "Lærke"),
    *("Mehmet", "Nadia", "Oona", "Petra", "Quim", "Rúna", "Søren", "Thandi", "Ulla", "Vikram", "Wen", "Yara", "Zoë"),
)
_WORDS = (
    "Strong!",
    "Snyggt jobbat 👏",
    "Was that you at the bridge?",
    "How are the legs <today>?",
    "Nästa gång tar jag dig 😉",
    'Define "easy" & then run it',
    "💪💪💪",
    "See you Tuesday\nsame place",
)
_CAPTIONS = ("", "", "The view from the top", "Fika ☕️", "Mud > asphalt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Friend:
    """Somebody else, as the service shows them: first name, initial of the last."""

    firstname: str
    initial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment under an activity."""

    id: int
    author: Friend
    text: str
    created_at: datetime
    reaction_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo; `size` is (width, height) of the original in pixels, `place` where the track was then.

    A video has a duration."""

    unique_id: str
    caption: str
    created_at: datetime
    size: tuple[int, int]
    place: tuple[float, float] | None
    duration_s: float | None = None


def kudos(activity: Activity) -> list[Friend]:
    """Who gave kudos, newest first; as many as the activity counts."""
    rng = random_stream(f"kudos/{activity.id}")
    return [_friend(rng.randrange(1 << 30)) for _ in range(activity.kudos_count)]


def comments(activity: Activity) -> list[Comment]:
    """The comments, oldest first; as many as the activity counts."""
    rng = random_stream(f"comments/{activity.id}")
    at = activity.start + timedelta(hours=2)
    found = []
    for number in range(activity.comment_count):
        at += timedelta(minutes=rng.randint(3, 300))
        found.append(
            Comment(
                id=activity.id * 10 + number,
                author=_friend(rng.randrange(1 << 30)),
                text=rng.choice(_WORDS),
                created_at=at,
                reaction_count=rng.randint(0, 3),
            )
        )
    return found


def photos(activity: Activity) -> list[Photo]:
    """The photos, in the order they were taken; as many as the activity counts."""
    rng = random_stream(f"photos/{activity.id}")
    count, recording = activity.photo_count, activity.recording
    found = []
    for number in range(count):
        index = 0 if recording is None else (number + 1) * (len(recording) - 1) // (count + 1)
        after_s = 60 * (number + 1) if recording is None else int(recording.time_s[index])
        track = None if recording is None or activity.map_hidden else recording.latlng
        digits = f"{rng.getrandbits(128):032x}"
        found.append(
            Photo(
                unique_id=f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}",
                caption=rng.choice(_CAPTIONS),
                created_at=activity.start + timedelta(seconds=after_s),
                size=(1536, 2048) if rng.random() < 0.6 else (2048, 1536),
                place=None if track is None else (float(track[index, 0]), float(track[index, 1])),
                # From the digits, so that the photos of a world stay what they were.
                duration_s=float(3 + int(digits[0], 16)) if number > 0 and digits[1] in "0123" else None,
            )
        )
    return found


def _friend(number: int) -> Friend:
    letters = "ABCDEFGHIJKLMNOPRSTVWZÅÖ"
    return Friend(
        firstname=_FIRST_NAMES[number % len(_FIRST_NAMES)], initial=f"{letters[number // 64 % len(letters)]}."
    )
