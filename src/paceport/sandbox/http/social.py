"""What others left at an activity: kudos, comments, photos."""

from __future__ import annotations

from werkzeug import Response

from paceport.sandbox.athletes import social
from paceport.sandbox.http.answers import json_answer
from paceport.sandbox.http.routing import LARGEST_PAGE, Call, HttpRoute
from paceport.sandbox.json import social as social_json
from paceport.sandbox.state.refusals import bad_request

_SMALLEST_PHOTO, _LARGEST_PHOTO = 1, 5000
_USUAL_PHOTO = 100


def kudos(call: Call) -> Response:
    """One page of those who gave kudos."""
    activity = call.world.visibility.visible_activity(call.args["activity_id"], call.grant)
    page = call.page_slice()
    friends = social.kudos(activity)[page]
    return json_answer([social_json.friend(one) for one in friends])


def comments(call: Call) -> Response:
    """Comments behind a cursor; with the deprecated `page` or `per_page` by pages, and then without cursors."""
    activity = call.world.visibility.visible_activity(call.args["activity_id"], call.grant)
    found = social.comments(activity)
    if "page" in call.request.args or "per_page" in call.request.args:
        page = call.page_slice()
        shown = found[page]
        return json_answer([social_json.comment(one, activity, with_cursor=False) for one in shown])
    first = 0
    after = call.request.args.get("after_cursor", "")
    if after:
        ids = [one.id for one in found]
        reached = social_json.read_cursor(after)
        if reached not in ids:
            raise bad_request("Comment", "after_cursor")
        first = ids.index(reached) + 1
    shown = found[first : first + _page_size(call)]
    return json_answer([social_json.comment(one, activity, with_cursor=True) for one in shown])


def photos(call: Call) -> Response:
    """The photos of an activity, each with the address of the size asked for."""
    activity = call.world.visibility.visible_activity(call.args["activity_id"], call.grant)
    pixels = call.integer("size", _USUAL_PHOTO)
    if not _SMALLEST_PHOTO <= pixels <= _LARGEST_PHOTO:
        raise bad_request("Photo", "size")
    found = social.photos(activity)
    return json_answer(
        [social_json.photo(one, activity, pixels, call.site, is_default=one is found[0]) for one in found],
    )


def _page_size(call: Call) -> int:
    size = call.integer("page_size", 30)
    if size < 1 or (size > LARGEST_PAGE and call.world.switches["per_page_over_200"] == "refuse"):
        raise bad_request("Application", "page_size")
    return min(size, LARGEST_PAGE)


_ONE = "/activities/<int:activity_id>"
ROUTES = (
    HttpRoute(method="GET", path=f"{_ONE}/kudos", handler=kudos, needs="activity:read"),
    HttpRoute(method="GET", path=f"{_ONE}/comments", handler=comments, needs="activity:read"),
    HttpRoute(method="GET", path=f"{_ONE}/photos", handler=photos, needs="activity:read"),
)
