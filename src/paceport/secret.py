"""Values that must not be seen, masked wherever they are shown. `secret_filter` keeps them out of log lines."""

import threading
from typing import NoReturn
from urllib.parse import quote, quote_plus

MASK = "••••••"


class Secret:
    """A string that shows itself only to a caller who says `reveal()`.

    `str`, `repr` and format give a mask; `json` and `pickle` refuse it. Two secrets compare by value.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        _KNOWN_SECRETS.add(value)

    def reveal(self) -> str:
        """The value itself. Give it to the wire or to a store, never to a message."""
        return self._value

    def digest(self) -> str:
        """A name for the value that does not give it away: SHA-256, hexadecimal. For values too long to be guessed."""
        import hashlib  # what reads the logbook needs no digest

        return hashlib.sha256(self._value.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


class AccessToken(str):
    """A live access token: a plain string for any HTTP library, whose `repr` is masked."""

    __slots__ = ()

    def __new__(cls, value: str) -> "AccessToken":
        _KNOWN_SECRETS.add(value)
        return super().__new__(cls, value)

    def __repr__(self) -> str:
        return f"AccessToken({MASK})"


class _KnownSecrets:
    """Every secret value this process has held; what the filter replaces.

    This is the one piece of process-wide state: a log line may hold a secret that its writer never knew to be one.
    """

    # Shorter values would turn ordinary words of a log line into masks.
    _SHORTEST = 8
    # A service gets new tokens for years; of each length so many are known, the oldest of which died long ago.
    _MOST = 50_000

    def __init__(self) -> None:
        self._by_length: dict[int, dict[str, None]] = {}
        self._lock = threading.Lock()

    def add(self, value: str) -> None:
        if len(value) < self._SHORTEST:
            return
        shapes = {value}
        if not (value.isascii() and value.isalnum()):
            # In a form or an address it stands percent-encoded.
            shapes |= {quote(value, safe="", errors="replace"), quote_plus(value, errors="replace")}
        with self._lock:
            for shape in shapes:
                known = self._by_length.setdefault(len(shape), {})
                known[shape] = None
                if len(known) > self._MOST:
                    del known[next(iter(known))]

    def mask(self, text: str) -> str:
        with self._lock:
            for length in sorted(self._by_length, reverse=True):
                if length <= len(text):
                    for shape in self._by_length[length]:
                        if shape in text:
                            text = text.replace(shape, MASK)
        return text


_KNOWN_SECRETS = _KnownSecrets()


def mask_secrets(text: str) -> str:
    """The text with every secret value this process knows replaced by a mask."""
    return _KNOWN_SECRETS.mask(text)
