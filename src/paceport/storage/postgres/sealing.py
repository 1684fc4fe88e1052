"""Secrets encrypted before they are stored: a data key for each row, itself encrypted with a key that the row names.

    sealed = 1 | fingerprint of the key (8) | nonce (12) | data key, encrypted (48) | nonce (12) | value, encrypted

Both are AES-256-GCM. The place of a row (its table and key) is additional data of both: a sealed value that was copied
to another row cannot be opened there. Keys change without a stop: the newest seals, all open, `reseal` moves a row on.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
from collections.abc import Callable, Sequence

from paceport.errors import MissingExtra, StoreUnreadable, UsageError
from paceport.lazy_dataclass import dataclass
from paceport.secret import Secret

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError as error:
    raise MissingExtra(extra="service", needed_for="Encryption in PostgreSQL") from error

_VERSION = b"\x01"
_NAME, _NONCE, _WRAPPED = 8, 12, 48
_HEAD = 1 + _NAME + _NONCE + _WRAPPED
_COMMAND_S = 20


class KeyMissing(StoreUnreadable):
    """A value was encrypted with a key that was not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key that encrypts the keys of rows. `id` is its name for a person; `value` is 64 hexadecimal digits."""

    id: str
    value: Secret

    @property
    def fingerprint(self) -> bytes:
        """What a row names the key by, whatever its id is called later."""
        return hashlib.sha256(b"paceport key " + bytes.fromhex(self.value.reveal())).digest()[:_NAME]


class Sealer:
    """Seals values with the first of some keys, and opens what any of them has sealed.

    The keys are asked for when the first is needed.
    """

    def __init__(self, keys: Callable[[], Sequence[Key]]) -> None:
        self._ask = keys
        self._keys: tuple[Key, ...] = ()

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys, newest first. Raises UsageError where there is none."""
        if not self._keys:
            self._keys = tuple(self._ask())
        return self._keys

    def seal(self, value: bytes, *, place: str) -> bytes:
        """The value, encrypted for a row at that place."""
        data_key, nonce = AESGCM.generate_key(256), os.urandom(_NONCE)
        return self._wrap(data_key, place) + nonce + AESGCM(data_key).encrypt(nonce, value, place.encode())

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """The value that was sealed for that place. Raises KeyMissing, and StoreUnreadable for anything else."""
        data_key = self._unwrap(sealed, place)
        nonce, rest = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
        try:
            return AESGCM(data_key).decrypt(nonce, rest, place.encode())
        except (InvalidTag, ValueError) as error:
            raise _altered(place) from error

    def reseal(self, sealed: bytes, *, place: str) -> bytes | None:
        """The same value under the newest key; None where it is already. Raises as `open` does."""
        if sealed[1 : 1 + _NAME] == self.keys[0].fingerprint:
            return None
        return self._wrap(self._unwrap(sealed, place), place) + sealed[_HEAD:]

    def _wrap(self, data_key: bytes, place: str) -> bytes:
        key, nonce = self.keys[0], os.urandom(_NONCE)
        wrapped = _cipher(key).encrypt(nonce, data_key, place.encode())
        return _VERSION + key.fingerprint + nonce + wrapped

    def _unwrap(self, sealed: bytes, place: str) -> bytes:
        if sealed[:1] != _VERSION or len(sealed) < _HEAD + _NONCE:
            raise StoreUnreadable(path=place, why="it was not encrypted by this version", fix="update Paceport")
        key = next((each for each in self.keys if each.fingerprint == sealed[1 : 1 + _NAME]), None)
        if key is None:
            given = ", ".join(each.id for each in self.keys)
            raise KeyMissing(
                path=place,
                why=f"it was encrypted with another key than those given ({given})",
                fix="add the key that was used before behind the new one: PACEPORT_KEYS=new:…,old:…",
            )
        start = 1 + _NAME
        nonce, wrapped = sealed[start : start + _NONCE], sealed[start + _NONCE : _HEAD]
        try:
            return _cipher(key).decrypt(nonce, wrapped, place.encode())
        except InvalidTag as error:
            raise _altered(place) from error


def parse_keys(text: str, *, source: str) -> tuple[Key, ...]:
    """The keys in a text: one of 64 hexadecimal digits, or `id:digits` with commas or line ends between, newest first.

    `source` says where it stood. Raises UsageError.
    """
    found: list[Key] = []
    for part in text.replace("\n", ",").split(","):
        if not part.strip():
            continue
        name, _, digits = part.strip().rpartition(":")
        if len(digits) != 64 or not digits.isascii() or not digits.isalnum() or set(digits.lower()) - _DIGITS:
            raise UsageError(
                what=f"{source} does not hold a key",
                why=f"key {len(found) + 1} is not 64 hexadecimal digits, or id:digits",
                fix="make one with: openssl rand -hex 32",
            )
        found.append(Key(id=name or f"{len(found) + 1}", value=Secret(digits.lower())))
    if not found:
        raise no_key()
    return tuple(found)


def no_key() -> UsageError:
    """Nothing was given to encrypt with."""
    return UsageError(
        what="There is no key to encrypt logins with",
        why="neither PACEPORT_KEY nor PACEPORT_KEYS is set, and config.toml has no key_command",
        fix="export PACEPORT_KEY=$(openssl rand -hex 32), and keep that key: without it no login can be read",
    )


def keys_of_command(command: str) -> tuple[Key, ...]:
    """The keys that a command prints. It runs without a shell. Raises UsageError, which shows nothing it printed."""
    try:
        ended = subprocess.run(  # noqa: S603  # the user's own command, from the user's own settings
            shlex.split(command), capture_output=True, timeout=_COMMAND_S, check=False, text=True
        )
        why = f"it ended with code {ended.returncode}" if ended.returncode else ""
    except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
        why = f"it could not be run ({type(error).__name__})"
    if why:
        raise UsageError(what="key_command gave no key", why=why, fix="run it by hand; it must print the key")
    return parse_keys(ended.stdout, source="what key_command printed")


def _altered(place: str) -> StoreUnreadable:
    return StoreUnreadable(
        path=place, why="it was changed, or belongs to another row", fix="restore it from a backup, or log in again"
    )


def _cipher(key: Key) -> AESGCM:
    return AESGCM(bytes.fromhex(key.value.reveal()))


_DIGITS = set("0123456789abcdef")
