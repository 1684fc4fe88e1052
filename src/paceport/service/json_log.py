"""The log: one JSON object a line, without secrets, addresses' queries or anything of a request's body."""

from __future__ import annotations

import json
import logging
import threading
from typing import TextIO

from paceport.clock import Clock
from paceport.errors import PaceportError
from paceport.secret import mask_secrets
from paceport.text import clean

_LONGEST = 500
_AGAIN_S, _MOST_TEXTS = 60.0, 1000


class JsonLog:
    """Writes lines to a stream, from several threads."""

    def __init__(self, stream: TextIO, clock: Clock) -> None:
        self._stream, self._clock = stream, clock
        self._lock = threading.Lock()

    def write(self, event: str, *, level: str = "info", **facts: str | float | int | None) -> None:
        """Write a line. Texts are cut, and are of our own choice: masking each would cost more than the answer."""
        line = {"at": self._clock.now().isoformat(timespec="milliseconds"), "level": level, "event": event}
        shown = {name: _shown(value) for name, value in facts.items() if value is not None}
        with self._lock:
            self._stream.write(json.dumps({**line, **shown}, ensure_ascii=False) + "\n")
            self._stream.flush()

    def failure(self, event: str, error: BaseException, **facts: str | float | int | None) -> None:
        """Write what went wrong: our own errors in words, any other by its class alone."""
        if isinstance(error, PaceportError):
            words = {"what": error.what, "why": error.why, "fix": error.fix}
            facts |= {name: mask_secrets(text) for name, text in words.items()}
        self.write(event, level="error", error=type(error).__name__, **facts)


class JsonLogHandler(logging.Handler):
    """Writes what libraries log as lines of the same log: their text masked, an error by its class, no traceback.

    While a database is away its library says so many times a second: the same text is written once a minute.
    """

    def __init__(self, log: JsonLog, clock: Clock) -> None:
        super().__init__()
        self._log, self._clock = log, clock
        self._said_at_s: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            # A text that spans lines is one sentence here.
            text, now_s = " ".join(record.getMessage().split()), self._clock.monotonic_s()
            if now_s - self._said_at_s.get(text, -_AGAIN_S) < _AGAIN_S:
                return
            if len(self._said_at_s) >= _MOST_TEXTS:
                self._said_at_s.clear()
            self._said_at_s[text] = now_s
            error = record.exc_info[1] if record.exc_info else None
            name = None if error is None else type(error).__name__
            self._log.write(record.name, level=record.levelname.lower(), text=mask_secrets(text), error=name)
        except Exception:  # noqa: BLE001  # a log that cannot be written must not end what is logged
            self.handleError(record)


def log_as_json(log: JsonLog, clock: Clock) -> None:
    """Let everything that this process logs be lines of that log, and of no other."""
    logging.getLogger().handlers[:] = [JsonLogHandler(log, clock)]


def _shown(value: str | float) -> str | float:
    return clean(value)[:_LONGEST] if isinstance(value, str) else value
