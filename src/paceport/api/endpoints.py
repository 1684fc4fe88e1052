"""Every endpoint of the API as data: the one table that client, scope check, commands, docs and tests read.

Rows and facts: https://developers.strava.com/docs/reference/ and the public recordings, read 2026-11-22.
"""

import re
from enum import StrEnum

from paceport.api.rate_limit.limit_class import LimitClass
from paceport.lazy_dataclass import dataclass
from paceport.scopes import Scopes


class Paging(StrEnum):
    """How a list goes on: by page number, by cursor, by `per_page` alone, or not at all."""

    PAGE = "page"
    CURSOR = "cursor"
    FIRST = "first"
    NONE = "none"


class EndpointStatus(StrEnum):
    """Whether and for whom an endpoint answers."""

    LIVE = "live"
    SUBSCRIPTION = "subscription needed"
    EXTENDED = "extended access only"
    UNDOCUMENTED = "undocumented"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One row: what it is called, where it is, what it needs and what it gives.

    `scope` is the least a token must have ("" for none); `wider` shows more (Only You, private zones) where it exists.
    `params` are the names it takes; those of `required` must be there. `body` is "", "form", "json" or "multipart".
    `model` names a struct of `paceport.api.models` ("" where the answer is a file or nothing); `is_list` says that the
    answer is an array of it. `removed_on` is a date where `status` is REMOVED.
    """

    name: str
    method: str
    path: str
    scope: str = ""
    wider_scope: str = ""
    limit: LimitClass = LimitClass.READ
    paging: Paging = Paging.NONE
    params: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    body: str = ""
    model: str = ""
    is_list: bool = False
    status: EndpointStatus = EndpointStatus.LIVE
    removed_on: str = ""
    note: str = ""

    def fill(self, **values: object) -> str:
        """The path with its names filled in: `fill(id=7)`."""
        return self.path.format(**values)

    def wider_scope_than(self, needed: str) -> str:
        """`wider` where it holds all that the scope `needed` allows, else "": it may widen another scope's sight."""
        return self.wider_scope if self.wider_scope.startswith(needed) else ""


def find_endpoint(method: str, path: str) -> Endpoint | None:
    """The row for a method and a concrete path ("/activities/7", a leading "/api/v3" is ignored), or None."""
    bare = path.split("?", 1)[0].removeprefix("/api/v3").rstrip("/")
    bare = bare if bare.startswith("/") else f"/{bare}"
    for endpoint in ENDPOINTS:
        if endpoint.method == method.upper() and _pattern(endpoint.path).fullmatch(bare):
            return endpoint
    return None


def endpoint_named(name: str) -> Endpoint:
    """The row of that name. Raises KeyError for a name that is none: that is a mistake in the program."""
    for endpoint in ENDPOINTS:
        if endpoint.name == name:
            return endpoint
    raise KeyError(name)


def missing_scope(endpoint: Endpoint, granted: Scopes | None) -> str | None:
    """The scope a call surely lacks, or None where it may pass. Unknown grants (None) lack nothing.

    `read` counts as always granted: the service grants it with any other and does not always list it.
    """
    if granted is None or endpoint.scope in {"", "read"} or granted.covers(endpoint.scope):
        return None
    return endpoint.scope


def _pattern(path: str) -> re.Pattern[str]:
    # Fixed words win over names because rows with fixed words come first in the table.
    return re.compile("/".join(r"[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/")))


def _row(  # One argument per column: a table is read across.
    name: str,
    where: str,
    *,
    model: str = "",
    scope: str = "",
    limit: LimitClass = LimitClass.READ,
    paging: Paging = Paging.NONE,
    params: str = "",
    body: str = "",
    status: EndpointStatus = EndpointStatus.LIVE,
    removed_on: str = "",
    note: str = "",
) -> Endpoint:
    """`where` is "METHOD /path", `model` "[Name]" for a list, `scope` "least | wider"; "!" marks what is required."""
    method, path = where.split(" ", 1)
    least, _, wider = scope.partition(" | ")
    words = params.split()
    return Endpoint(
        name=name,
        method=method,
        path=path,
        scope=least,
        wider_scope=wider,
        limit=limit,
        paging=paging,
        params=tuple(word.rstrip("!") for word in words),
        required=tuple(word.rstrip("!") for word in words if word.endswith("!")),
        body=body,
        model=model.strip("[]"),
        is_list=model.startswith("["),
        status=status,
        removed_on=removed_on,
        note=note,
    )


# Rows with fixed words come before those with names: "/segments/starred" is no segment's id.
ENDPOINTS: tuple[Endpoint, ...] = (
    _row(
        "athlete",
        "GET /athlete",
        model="Athlete",
        scope="read | profile:read_all",
        note="a summary without profile:read_all",
    ),
    _row("update_athlete", "PUT /athlete", model="Athlete", scope="profile:write", params="weight!", body="form"),
    _row("athlete_zones", "GET /athlete/zones", model="Zones", scope="profile:read_all"),
    _row(
        "athlete_stats",
        "GET /athletes/{id}/stats",
        model="ActivityStats",
        scope="read",
        note="the token's own athlete only; counts only activities visible to everyone",
    ),
    _row(
        "activities",
        "GET /athlete/activities",
        model="[SummaryActivity]",
        scope="activity:read | activity:read_all",
        paging=Paging.PAGE,
        params="before after page per_page",
    ),
    _row(
        "athlete_clubs",
        "GET /athlete/clubs",
        model="[SummaryClub]",
        scope="read",
        paging=Paging.PAGE,
        params="page per_page",
    ),
    _row(
        "athlete_routes",
        "GET /athletes/{id}/routes",
        model="[Route]",
        scope="read | read_all",
        paging=Paging.PAGE,
        params="page per_page",
    ),
    _row(
        "create_activity",
        "POST /activities",
        model="DetailedActivity",
        scope="activity:write",
        limit=LimitClass.UPLOAD,
        params="name! sport_type! start_date_local! elapsed_time! type description distance trainer commute",
        body="form",
        note="no idempotency key: a repeated call makes a second activity",
    ),
    _row(
        "activity",
        "GET /activities/{id}",
        model="DetailedActivity",
        scope="activity:read | activity:read_all",
        params="include_all_efforts",
    ),
    _row(
        "update_activity",
        "PUT /activities/{id}",
        model="DetailedActivity",
        scope="activity:write | activity:read_all",
        params="name description sport_type type gear_id commute trainer hide_from_home private_note",
        body="json",
        note="a form body turns every boolean on; gear_id 'none' clears the gear",
    ),
    _row(
        "delete_activity",
        "DELETE /activities/{id}",
        limit=LimitClass.NONE,
        status=EndpointStatus.REMOVED,
        removed_on="2017-01-17",
        note="only the web site and the mobile app delete activities",
    ),
    _row("activity_laps", "GET /activities/{id}/laps", model="[Lap]", scope="activity:read | activity:read_all"),
    _row(
        "activity_zones",
        "GET /activities/{id}/zones",
        model="[ActivityZone]",
        scope="activity:read | activity:read_all",
        status=EndpointStatus.SUBSCRIPTION,
    ),
    _row(
        "activity_comments",
        "GET /activities/{id}/comments",
        model="[Comment]",
        scope="activity:read | activity:read_all",
        paging=Paging.CURSOR,
        params="page_size after_cursor",
    ),
    _row(
        "activity_kudos",
        "GET /activities/{id}/kudos",
        model="[OtherAthlete]",
        scope="activity:read | activity:read_all",
        paging=Paging.PAGE,
        params="page per_page",
    ),
    _row(
        "activity_photos",
        "GET /activities/{id}/photos",
        model="[Photo]",
        scope="activity:read | activity:read_all",
        params="size photo_sources",
        status=EndpointStatus.UNDOCUMENTED,
    ),
    _row(
        "activity_streams",
        "GET /activities/{id}/streams",
        model="StreamSet",
        scope="activity:read | activity:read_all",
        params="keys! key_by_type!",
        note="404 where nothing was recorded",
    ),
    _row("gear", "GET /gear/{id}", model="Gear", scope="read | profile:read_all"),
    _row("route", "GET /routes/{id}", model="Route", scope="read | read_all"),
    _row("route_gpx", "GET /routes/{id}/export_gpx", scope="read | read_all", note="answers a GPX file"),
    _row("route_tcx", "GET /routes/{id}/export_tcx", scope="read | read_all", note="answers a TCX file"),
    _row("route_streams", "GET /routes/{id}/streams", model="StreamSet", scope="read | read_all"),
    _row(
        "starred_segments",
        "GET /segments/starred",
        model="[Segment]",
        scope="read | read_all",
        paging=Paging.PAGE,
        params="page per_page",
    ),
    _row(
        "explore_segments",
        "GET /segments/explore",
        model="ExploredSegments",
        scope="read",
        params="bounds! activity_type min_cat max_cat",
        status=EndpointStatus.EXTENDED,
        note="extended access only since 2026-09-01",
    ),
    _row("segment", "GET /segments/{id}", model="Segment", scope="read | read_all"),
    _row(
        "star_segment",
        "PUT /segments/{id}/starred",
        model="Segment",
        scope="profile:write",
        params="starred!",
        body="form",
    ),
    _row(
        "segment_streams",
        "GET /segments/{id}/streams",
        model="StreamSet",
        scope="read | read_all",
        params="keys key_by_type",
        note="knows distance, latlng and altitude",
    ),
    _row(
        "segment_all_efforts",
        "GET /segments/{id}/all_efforts",
        model="[SegmentEffort]",
        scope="read",
        paging=Paging.PAGE,
        params="page per_page",
        status=EndpointStatus.UNDOCUMENTED,
        note="the former path of segment_efforts; seen alive in October 2025",
    ),
    _row(
        "segment_efforts",
        "GET /segment_efforts",
        model="[SegmentEffort]",
        scope="read",
        paging=Paging.FIRST,
        params="segment_id! start_date_local end_date_local per_page",
        status=EndpointStatus.SUBSCRIPTION,
    ),
    _row(
        "segment_effort",
        "GET /segment_efforts/{id}",
        model="SegmentEffort",
        scope="read",
        status=EndpointStatus.SUBSCRIPTION,
    ),
    _row(
        "segment_effort_streams",
        "GET /segment_efforts/{id}/streams",
        model="StreamSet",
        scope="read_all",
        params="keys key_by_type",
        status=EndpointStatus.SUBSCRIPTION,
    ),
    _row("club", "GET /clubs/{id}", model="SummaryClub", scope="read"),
    _row(
        "club_events",
        "GET /clubs/{id}/group_events",
        model="[ClubEvent]",
        scope="read",
        paging=Paging.PAGE,
        params="page per_page",
        status=EndpointStatus.UNDOCUMENTED,
    ),
    _row(
        "club_members",
        "GET /clubs/{id}/members",
        scope="read",
        limit=LimitClass.NONE,
        paging=Paging.PAGE,
        params="page per_page",
        status=EndpointStatus.REMOVED,
        removed_on="2026-09-01",
    ),
    _row(
        "club_admins",
        "GET /clubs/{id}/admins",
        scope="read",
        limit=LimitClass.NONE,
        paging=Paging.PAGE,
        params="page per_page",
        status=EndpointStatus.REMOVED,
        removed_on="2026-09-01",
    ),
    _row(
        "club_activities",
        "GET /clubs/{id}/activities",
        scope="read",
        limit=LimitClass.NONE,
        paging=Paging.PAGE,
        params="page per_page",
        status=EndpointStatus.REMOVED,
        removed_on="2026-09-01",
    ),
    _row(
        "upload",
        "POST /uploads",
        model="Upload",
        scope="activity:write",
        limit=LimitClass.UPLOAD,
        params="file! data_type! sport_type activity_type name description trainer commute external_id",
        body="multipart",
        note="201 means received; ask upload_status until it is ready",
    ),
    _row("upload_status", "GET /uploads/{id}", model="Upload", scope="activity:write", note="at most once a second"),
    _row(
        "push_subscriptions",
        "GET /push_subscriptions",
        model="[PushSubscription]",
        limit=LimitClass.NONE,
        params="client_id! client_secret!",
        note="the app's own call: client id and secret instead of a token",
    ),
    _row(
        "create_push_subscription",
        "POST /push_subscriptions",
        model="PushSubscription",
        limit=LimitClass.NONE,
        params="client_id! client_secret! callback_url! verify_token!",
        body="form",
    ),
    _row(
        "delete_push_subscription",
        "DELETE /push_subscriptions/{id}",
        limit=LimitClass.NONE,
        params="client_id! client_secret!",
    ),
)
