"""The four headers of the rate limits."""

from datetime import UTC, datetime, timedelta

from paceport.sandbox.http.rate_limit_headers import rate_limit_headers
from paceport.sandbox.state.rate_limits import Limits, RequestCounts

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_headers_carry_quarter_then_day() -> None:
    counts = RequestCounts(Limits(overall_quarter=4, overall_day=40, read_quarter=2, read_day=20))
    counts.count(NOON, is_read=True)
    counts.count(NOON + timedelta(minutes=15), is_read=False)

    assert rate_limit_headers(counts) == {
        "X-RateLimit-Limit": "4,40",
        "X-RateLimit-Usage": "1,2",
        "X-ReadRateLimit-Limit": "2,20",
        "X-ReadRateLimit-Usage": "0,1",
    }
