"""The words a grant is made of: read them in any spelling, say which covers which, translate the old ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass

# https://developers.strava.com/docs/authentication/, read 2026-11-22. The order is the one we show them in.
SCOPES = (
    "read",
    "read_all",
    "profile:read_all",
    "profile:write",
    "activity:read",
    "activity:read_all",
    "activity:write",
)

# What a scope can look like; whatever else a server names is not repeated on a terminal.
_A_WORD = re.compile(r"[a-z0-9][a-z0-9_:./-]{0,63}")

# In our words, for a person who looks for the box that was unticked.
_MEANINGS = {
    "read": "public profile, segments and routes",
    "read_all": "private routes, segments and events",
    "profile:read_all": "the full profile and the heart rate zones",
    "profile:write": "changing weight and threshold power, starring segments",
    "activity:read": "activities that everyone or followers may see",
    "activity:read_all": "all activities, private ones and privacy zones included",
    "activity:write": "uploading, creating and editing activities",
}

# What does not work where a scope is not granted.
_LACKS = {
    "read": "nothing of the public profile can be read",
    "read_all": "private routes, segments and events cannot be read",
    "profile:read_all": "heart rate zones come from your runs and not from Strava, and your full profile is not read",
    "profile:write": "weight and threshold power cannot be changed, and no segment starred",
    "activity:read": "no activity can be read, so a sync finds nothing",
    "activity:read_all": "activities that only you may see are left out, tracks end at your privacy zones, and a sync "
    "cannot tell what you hid from what you deleted",
    "activity:write": "nothing can be uploaded, created or edited",
}

_COVERS = {"read_all": {"read"}, "activity:read_all": {"activity:read"}}

# The words of 2017 were refused from 2019-10-15 on; each became one or more of the scopes of today.
_OLD_WORDS = {
    "public": ("read", "activity:read"),
    "view_private": ("read_all", "profile:read_all", "activity:read_all"),
    "write": ("read", "activity:read", "activity:write"),
}

PRESETS = {
    "runs": "read,activity:read_all,profile:read_all",
    "activities": "read,activity:read_all",
    "upload": "read,activity:read_all,activity:write",
    "edit": "read,activity:read_all,activity:write",
    "profile": "read,profile:read_all",
    "everything": ",".join(SCOPES),
}


@dataclass(frozen=True, slots=True)
class Scopes:
    """A set of scope words, as granted or as asked for. Words we do not know are kept: the service may add some."""

    words: frozenset[str] = frozenset()

    def covers(self, needed: str) -> bool:
        """Whether these scopes allow what `needed` allows: by the word itself or by a wider one.

        `read` comes with every grant, whether or not the redirect lists it, as far as redirects were seen.
        """
        if needed == "read" and self.words:
            return True
        return needed in self.words or any(needed in _COVERS.get(word, ()) for word in self.words)

    def missing(self, asked: Scopes) -> Scopes:
        """The words of `asked` that nothing here covers."""
        return Scopes(frozenset(word for word in asked.words if not self.covers(word)))

    def __or__(self, other: Scopes) -> Scopes:
        return Scopes(self.words | other.words)

    def __iter__(self) -> Iterator[str]:
        known = [word for word in SCOPES if word in self.words]
        return iter(known + sorted(self.words.difference(SCOPES)))

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.words

    def __str__(self) -> str:
        """The words with commas, in the order of the documentation: the form the authorize page wants."""
        return ",".join(self)


def parse_granted(text: str) -> Scopes:
    """The scopes a server or a stored file names, in any of the spellings in use. Unknown words are kept."""
    return Scopes(frozenset(word for word in _words(text) if _A_WORD.fullmatch(word)))


def parse_asked(texts: str | Iterable[str]) -> tuple[Scopes, tuple[str, ...]]:
    """The scopes a person asks for, and a note for each old word that was translated.

    Commas, spaces, `+`, `%2C` and repetition all separate. Raises UsageError for a word nobody knows, naming the
    nearest right one.
    """
    words: list[str] = []
    notes: list[str] = []
    for word in _words(texts if isinstance(texts, str) else ",".join(texts)):
        if word in _OLD_WORDS:
            now = _OLD_WORDS[word]
            notes.append(f"{word!r} was retired in 2019; asking for {','.join(now)} instead")
            words.extend(now)
        elif word in SCOPES:
            words.append(word)
        else:
            raise _unknown(word)
    if not words:
        raise UsageError(
            what="No scope was named", why="the list of scopes is empty", fix=f"name some of: {', '.join(SCOPES)}"
        )
    return Scopes(frozenset(words)), tuple(notes)


def preset(name: str) -> Scopes:
    """The scopes of a `--for` word. Raises UsageError for a word that is none."""
    if name not in PRESETS:
        raise UsageError(
            what=f"--for {name} is not known", why="it says what the login is for", fix=f"one of: {', '.join(PRESETS)}"
        )
    return parse_granted(PRESETS[name])


def meaning(word: str) -> str:
    """What a scope allows, in words for a person; for a word we do not know, that it is unknown."""
    return _MEANINGS.get(word, "a scope that this version does not know")


def lack(word: str) -> str:
    """What does not work without a scope, in words for a person; for a word we do not know, that it is unknown."""
    return _LACKS.get(word, "it is not known what does not work without it")


def _words(text: str) -> list[str]:
    # A scope may have been copied out of an address bar, once or twice encoded.
    words = re.split(r"[\s,+;&]+", unquote(unquote(text)))
    return [word.strip("\"'").lower() for word in words if word.strip("\"'")]


def _unknown(word: str) -> UsageError:
    import difflib

    near = difflib.get_close_matches(word, SCOPES, cutoff=0.5)
    why = f"did you mean {near[0]}?" if near else "no scope has a similar name"
    return UsageError(
        what=f"The scope {word[:60]!r} does not exist", why=why, fix=f"the scopes are: {', '.join(SCOPES)}"
    )
