"""What is known of a login, in words for a person: whose it is, how long its token lives, what may still be sent."""

from __future__ import annotations

from datetime import datetime

from paceport.api.rate_limit.headers import Rates
from paceport.oauth.token_store.base import Grant
from paceport.text import clean

KNOWN_BY = {
    "redirect": "as Strava said at login",
    "declared": "as asked for; Strava did not say",
    "probed": "found out by trying",
    "unknown": "not known",
}


def athlete_text(grant: Grant) -> str:
    """The athlete of a grant, for a person: name and id, on one line."""
    name = clean(grant.athlete_name) or "athlete"
    return f"{name} ({grant.athlete_id})" if grant.athlete_id is not None else name


def token_lifetime_text(grant: Grant, now: datetime) -> str:
    """How long the access token lives, or why it does not. The token itself is not in it."""
    if grant.status == "needs_consent":
        return "the login needs a new consent"
    if grant.status == "revoked":
        return "the login was revoked"
    left_s = grant.left_s(now)
    if left_s <= 0:
        return "the access token has expired; the next command refreshes it"
    hours, minutes = divmod(int(left_s // 60), 60)
    return f"the access token lives {hours} h {minutes:02d} min more and is renewed automatically"


def requests_left_text(rates: Rates) -> str:
    """What the app may still send in this quarter of an hour and today."""
    parts = []
    for name, usage in (("overall", rates.overall), ("read", rates.read)):
        if None not in (usage.quarter_limit, usage.quarter_used, usage.day_limit, usage.day_used):
            quarter = (usage.quarter_limit or 0) - (usage.quarter_used or 0)
            day = (usage.day_limit or 0) - (usage.day_used or 0)
            parts.append(f"{name} {max(0, quarter):,} this quarter hour, {max(0, day):,} today")
    return "left: " + "; ".join(parts) if parts else "not known"
