"""The athlete and the list of activities."""

from __future__ import annotations

from werkzeug import Response

from paceport.sandbox import wire
from paceport.sandbox.refusals import bad_request, not_found
from paceport.sandbox.routes import Call, Route, answer

DEFAULT_PAGE = 30
LARGEST_PAGE = 200


def athlete(call: Call) -> Response:
    """The token's own athlete."""
    person = call.world.person(call.grant.athlete_id)
    if person is None:
        raise not_found()
    return answer(wire.summary_athlete(person))


def activities(call: Call) -> Response:
    """One page of the athlete's activities.

    Newest first; oldest first with `after` alone. Rows that this token may not see are taken out after the page is
    cut, so a page may come short, and even empty pages between full ones would be possible: see `read`.
    """
    after_s, before_s = _bound(call, "after"), _bound(call, "before")
    rows = list(call.world.activities(call.grant.athlete_id))
    reach_s = 0 if call.world.switches["bounds_are_strict"] else 1
    if after_s is not None:
        rows = [row for row in rows if row.start.timestamp() > after_s - reach_s]
    if before_s is not None:
        rows = [row for row in rows if row.start.timestamp() < before_s + reach_s]
    if after_s is None or before_s is not None:
        rows.reverse()
    page, per_page = page_of(call)
    rows = rows[(page - 1) * per_page : page * per_page]
    sees_all = call.grant.allows("activity:read_all")
    return answer([wire.summary_activity(row) for row in rows if sees_all or not row.is_only_me])


def page_of(call: Call) -> tuple[int, int]:
    """Page number and page size, held to what the service takes."""
    page, per_page = call.integer("page", 1), call.integer("per_page", DEFAULT_PAGE)
    if page < 1:
        if call.world.switches["page_zero"] == "refuse":
            raise bad_request("Application", "page")
        page = 1
    if per_page > LARGEST_PAGE and call.world.switches["per_page_over_200"] == "refuse":
        raise bad_request("Application", "per_page")
    if per_page < 1:
        raise bad_request("Application", "per_page")
    return page, min(per_page, LARGEST_PAGE)


def _bound(call: Call, name: str) -> int | None:
    value = call.integer(name, -1)
    if value > call.now.timestamp():
        # Milliseconds land here, too: they read as a far future.
        raise bad_request("Application", name, "future")
    return value if value >= 0 else None


ROUTES = (
    Route(method="GET", path="/athlete", handler=athlete, needs="read"),
    Route(method="GET", path="/athlete/activities", handler=activities, needs="activity:read"),
)
