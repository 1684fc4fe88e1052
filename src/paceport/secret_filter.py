"""Keeps secrets out of every log line. Apart from `secret`, because most commands log nothing."""

import logging
from typing import Any

from paceport.secret import mask_secrets


class SecretFilter(logging.Filter):
    """A logging filter that masks known secret values in the finished line, its arguments and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = mask_secrets(_message_of(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask_secrets(record.exc_text)
        return True


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        parts: list[Any] = [record.msg, record.args]
        return " ".join(str(part) for part in parts)
