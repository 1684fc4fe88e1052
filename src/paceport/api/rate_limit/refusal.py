"""A refusal because the app's requests are used up: which limit it is, and when its window opens again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from paceport.api.rate_limit.headers import Rates, day_end, quarter_end
from paceport.error_body import ErrorBody
from paceport.errors import RateLimited

# A header has whole seconds, and an answer is on its way for some: less than this is no difference of two clocks.
_CLOCK_SLACK = timedelta(seconds=5)


def rate_limited(fault: ErrorBody, rates: Rates | None, *, now: datetime, server_now: datetime) -> RateLimited:
    """The error. Windows end by the server's clock; `until` is that moment by this machine's, which a person reads."""
    ahead = now - server_now
    ahead = ahead if abs(ahead) > _CLOCK_SLACK else timedelta(0)
    quarter, day = (end(now - ahead) + ahead for end in (quarter_end, day_end))
    named = " ".join(detail.field for detail in fault.details).lower()
    kind = "read" if "read" in named else "overall" if "overall" in named else ""
    if rates is not None:
        for name, usage in (("overall", rates.overall), ("read", rates.read)):
            if usage.day_limit is not None and usage.day_used is not None and usage.day_used >= usage.day_limit:
                seen = f"{usage.day_used} of {usage.day_limit}"
                return RateLimited(limit=f"daily {name}", until=day, usage=seen)
        for name, usage in (("read", rates.read), ("overall", rates.overall)):
            limit, used = usage.quarter_limit, usage.quarter_used
            if limit is not None and used is not None and used >= limit:
                return RateLimited(limit=f"15-minute {name}", until=quarter, usage=f"{used} of {limit}")
    return RateLimited(limit=f"15-minute {kind}".strip(), until=quarter)
