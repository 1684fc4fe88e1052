"""The headers that tell a client its rate limits and how much of them is used."""

from __future__ import annotations

from paceport.sandbox.state.rate_limits import RequestCounts


def rate_limit_headers(counts: RequestCounts) -> dict[str, str]:
    """The four headers, as they stand after the last counted request."""
    limits = counts.limits
    return {
        "X-RateLimit-Limit": f"{limits.overall_quarter},{limits.overall_day}",
        "X-RateLimit-Usage": ",".join(map(str, counts.overall)),
        "X-ReadRateLimit-Limit": f"{limits.read_quarter},{limits.read_day}",
        "X-ReadRateLimit-Usage": ",".join(map(str, counts.read)),
    }
