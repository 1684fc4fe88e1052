"""How far the server's clock is from this machine's."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from paceport.http_message import Response


def clock_offset_s(response: Response, *, sent_at: datetime, received_at: datetime) -> float:
    """What has to be added to this machine's clock to get the server's, in seconds; 0 where the answer has no date.

    The `Date` header, which is cut to whole seconds, is taken to be of the middle of the request.
    """
    try:
        date = parsedate_to_datetime(response.headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    date = date.replace(tzinfo=UTC) if date.tzinfo is None else date
    middle = sent_at + (received_at - sent_at) / 2
    offset_s = (date - middle).total_seconds()
    # Up to a second is what the header's rounding alone makes.
    return offset_s if abs(offset_s) > 1.0 else 0.0
