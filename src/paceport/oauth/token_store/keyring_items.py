"""Values of any length as items of the system's keyring, replaced so that a reader finds the old or the new one whole.

Keyrings keep short texts (Windows: 1280 characters) and know no replacing in one step. So a value is cut into parts
under names of one of two sides, a and b; the head, written last, says which side counts, how many parts, and their
checksum.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from paceport.errors import MissingExtra, PaceportError, StoreUnreadable, StoreUnsafe, StoreUnwritable
from paceport.secret import mask_secrets
from paceport.text import clean

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "paceport"
_PART = 1000
_TRIES = 5
# Below 1 a backend calls itself unfit: it keeps nothing, or keeps it in plain text.
_LEAST_PRIORITY = 1.0
# How long one item may take: a local service answers in milliseconds.
_TIMEOUT_S = 4.0
_LONGEST_REASON = 200
_THREAD_NAME = "paceport-keyring"
Result = TypeVar("Result")


class KeyringUnavailable(StoreUnreadable):
    """The keyring as a whole does not answer: locked, broken, or not there."""


def read_item(name: str) -> bytes | None:
    """The value under a name, or None. Raises StoreUnreadable where it is not whole, or the keyring does not answer."""
    return _ask(lambda: _read_item(name), _unreadable)


def _read_item(name: str) -> bytes | None:
    backend = _backend()
    for _ in range(_TRIES):
        head = _read_or_raise(lambda: backend.get_password(SERVICE, name))
        if head is None:
            return None
        value = _join(backend, name, head)
        if value is not None:
            return value
    raise StoreUnreadable(path=f"keyring item {SERVICE}/{name}", why="it is not whole")


def replace_item(name: str, value: bytes) -> None:
    """Put a value under a name. One writer at a time. Raises StoreUnwritable; then the old value stands."""
    _ask(lambda: _replace_item(name, value), _unusable)


def _replace_item(name: str, value: bytes) -> None:
    backend = _backend()
    old = _side(_read_or_raise(lambda: backend.get_password(SERVICE, name)))
    new = "b" if old == "a" else "a"
    text = base64.b64encode(value).decode()
    parts = [text[start : start + _PART] for start in range(0, len(text), _PART)]
    head = json.dumps({"side": new, "parts": len(parts), "sha256": hashlib.sha256(value).hexdigest()})
    for number, part in enumerate(parts):
        _write_or_raise(lambda number=number, part=part: backend.set_password(SERVICE, f"{name}#{new}{number}", part))  # type: ignore[misc]  # defaults bind the loop's values
    _write_or_raise(lambda: backend.set_password(SERVICE, name, head))
    _clear_side(backend, name, old)


def remove_item(name: str) -> None:
    """Remove a value. Nothing happens where there is none. Raises StoreUnwritable."""
    _ask(lambda: _remove_item(name), _unusable)


def _remove_item(name: str) -> None:
    backend = _backend()
    _delete(backend, name)
    for side in ("a", "b"):
        _clear_side(backend, name, side)


def probe_keyring(*, timeout_s: float = 3.0) -> str:
    """The keyring's name, after a value has made the round trip in time.

    Raises MissingExtra, StoreUnsafe for a backend that calls itself unfit, StoreUnwritable for one that keeps nothing
    or does not answer in `timeout_s` (it may be waiting for a person to unlock it).
    """
    backend = _backend()
    value = b"x" * 3 * _PART

    def round_trip() -> bytes | None:
        replace_item("probe", value)
        found = read_item("probe")
        remove_item("probe")
        return found

    found = _ask(round_trip, _unusable, timeout_s=timeout_s)
    if found != value:
        raise _unusable("it returned something other than what was stored")
    return str(backend.name)


def _backend() -> KeyringBackend:
    try:
        import keyring
    except ImportError as error:
        raise MissingExtra(extra="keyring", needed_for="The keyring token store") from error
    backend, priority = _ask(lambda: _with_priority(keyring.get_keyring()), _unreadable)
    if priority < _LEAST_PRIORITY:
        raise StoreUnsafe(
            path="the keyring",
            why=f"the one that is configured, {type(backend).__module__}, keeps nothing or keeps it unprotected",
            fix="start the desktop's keyring service, or store logins in private files: vault = 'file' in config.toml",
        )
    return backend


def _with_priority(backend: KeyringBackend) -> tuple[KeyringBackend, float]:
    return backend, float(backend.priority)


def _join(backend: KeyringBackend, name: str, head: str) -> bytes | None:
    try:
        fields = json.loads(head)
        side, count, checksum = str(fields["side"]), int(fields["parts"]), str(fields["sha256"])
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise StoreUnreadable(path=f"keyring item {SERVICE}/{name}", why="it is not ours") from error
    parts = [_read_or_raise(lambda n=n: backend.get_password(SERVICE, f"{name}#{side}{n}")) for n in range(count)]  # type: ignore[misc]  # as above
    try:
        value = base64.b64decode("".join(part or "" for part in parts), validate=True)
    except ValueError:
        return None
    return value if hashlib.sha256(value).hexdigest() == checksum else None


def _side(head: str | None) -> str:
    try:
        return str(json.loads(head or "null")["side"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return "b"


def _clear_side(backend: KeyringBackend, name: str, side: str) -> None:
    number = 0
    while _delete(backend, f"{name}#{side}{number}"):
        number += 1


def _delete(backend: KeyringBackend, name: str) -> bool:
    if _read_or_raise(lambda: backend.get_password(SERVICE, name)) is None:
        return False
    _write_or_raise(lambda: backend.delete_password(SERVICE, name))
    return True


def _read_or_raise(ask: Callable[[], object]) -> str | None:
    found = _ask(ask, _unreadable)
    if found is None or isinstance(found, str):
        return found
    raise _unreadable("it gave something that is no text")


def _write_or_raise(tell: Callable[[], object]) -> None:
    _ask(tell, _unusable)


def _ask(
    ask: Callable[[], Result], error_for: Callable[[str], PaceportError], *, timeout_s: float | None = None
) -> Result:
    """What the back end answers. Whatever it raises is one of our errors; it is waited for `timeout_s` (4 s) at most.

    Back ends are foreign code: they let through errors of Windows and of D-Bus, and wait for a prompt that nobody sees.
    A whole item is read or written in one thread: a question inside another asks in the thread of the outer one.
    """
    if threading.current_thread().name == _THREAD_NAME:
        return _answered(ask, error_for)
    timeout_s = _TIMEOUT_S if timeout_s is None else timeout_s
    given: list[Result] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            given.append(ask())
        except BaseException as error:  # noqa: BLE001  # foreign code, whose errors need not even be Exceptions
            raised.append(error)

    # A daemon: a keyring that never answers must not keep the program from ending.
    thread = threading.Thread(target=run, name=_THREAD_NAME, daemon=True)
    thread.start()
    thread.join(timeout_s)
    if given:
        return given[0]
    if not raised:
        why = f"the system's keyring did not answer within {timeout_s:g} s; it may be waiting for somebody to unlock it"
        raise error_for(why)
    if isinstance(raised[0], PaceportError):
        raise raised[0]
    raise error_for(_error_text(raised[0])) from raised[0]


def _answered(ask: Callable[[], Result], error_for: Callable[[str], PaceportError]) -> Result:
    try:
        return ask()
    except PaceportError:
        raise
    except BaseException as error:  # foreign code, as above
        raise error_for(_error_text(error)) from error


def _unreadable(why: str) -> KeyringUnavailable:
    fix = "unlock it, then try again; or: vault = 'file' in config.toml"
    return KeyringUnavailable(path="the keyring", why=why, fix=fix)


def _unusable(why: str) -> StoreUnwritable:
    return StoreUnwritable(
        path="the keyring", why=why, fix="unlock it, then try again; or: vault = 'file' in config.toml"
    )


def _error_text(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001  # foreign code: the text of an error is made by it, too
        text = ""
    return mask_secrets(clean(text))[:_LONGEST_REASON] or type(error).__name__
