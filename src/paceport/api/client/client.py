"""The API client: the endpoints as typed methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from paceport.api.client.listing import ListedActivity, ListQuery, list_newest_first
from paceport.api.client.repeated_pages import repeats_text
from paceport.api.client.requester import PER_PAGE, Requester
from paceport.api.client.time_bounds import TimeBound, earliest_moment, is_within, latest_moment, read_bound
from paceport.api.client.typed_calls import TypedCalls
from paceport.api.endpoints import endpoint_named
from paceport.api.models.activity import (
    ActivityZone,
    Comment,
    DetailedActivity,
    Lap,
    OtherAthlete,
    Photo,
    SegmentEffort,
    Stream,
    SummaryActivity,
    Upload,
)
from paceport.api.models.athlete import ActivityStats, Athlete, ClubEvent, Gear, SummaryClub, Zones
from paceport.api.models.decoding import LeftOut, Page, decode
from paceport.api.models.segment import ExploredSegment, ExploredSegments, Route, Segment
from paceport.api.protocol import FilePart, ParameterValue
from paceport.errors import UsageError

STREAM_KEYS = (
    "time",
    "distance",
    "latlng",
    "altitude",
    "velocity_smooth",
    "heartrate",
    "cadence",
    "watts",
    "temp",
    "moving",
    "grade_smooth",
)


class Client:
    """All of the API as typed calls. Ids are 64-bit integers, gear ids are text; units are in the names.

    Raises only Paceport's errors: ScopeMissing, NotFound, RateLimited, AppInactive, LoginNeeded, NetworkError …
    """

    def __init__(self, requester: Requester) -> None:
        self._requester = requester
        self._calls = TypedCalls(requester)
        # Any endpoint, and what is known before it is asked: the requester's own.
        self.request = requester.request
        self.rates = requester.rates
        self.check_can_call = requester.check_can_call
        self.accepts = requester.accepts

    def left_out(self, part: LeftOut) -> None:
        """Tell of a part of an answer that could not be read, where a caller decodes answers of `request` itself."""
        self._requester.options.left_out(part)

    def athlete(self) -> Athlete:
        """The athlete of this login; gear, clubs, units and weight only with profile:read_all."""
        return self._calls.one(Athlete, "athlete")

    def update_athlete(self, *, weight_kg: float) -> Athlete:
        """Set the athlete's weight."""
        return self._calls.one(Athlete, "update_athlete", form={"weight": weight_kg})

    def athlete_zones(self) -> Zones:
        """Heart rate and power zones."""
        return self._calls.one(Zones, "athlete_zones")

    def athlete_stats(self, athlete_id: int) -> ActivityStats:
        """Totals of four weeks, the year and all time; only activities visible to everyone count."""
        return self._calls.one(ActivityStats, "athlete_stats", athlete_id)

    def athlete_clubs(self) -> Iterator[SummaryClub]:
        """The athlete's clubs."""
        return self._calls.many(SummaryClub, "athlete_clubs")

    def activities(
        self,
        *,
        after: TimeBound = None,
        before: TimeBound = None,
        limit: int | None = None,
        known_total: int | None = None,
        read_ahead: bool = True,
        is_certain: bool = False,
    ) -> Iterator[SummaryActivity]:
        """Activities from `after` on and before `before`, newest first, each once; unreadable rows are reported.

        A `datetime` is a moment and must be aware; a `date`, or "2026-01-31", is that day where the activity was. What
        is promised while others upload and delete, and what `is_certain` adds: `paceport.api.client.listing`. Requests:
        with `known_total` (how many there were last time) or without `read_ahead` exactly ceil(N/200) + 1, else up to
        seven more, and never more than a tenth of what the limits have left.
        """
        listed = self.listed_activities(
            after=after,
            before=before,
            limit=limit,
            known_total=known_total,
            read_ahead=read_ahead,
            is_certain=is_certain,
        )
        return (row.activity for row in listed)

    def listed_activities(
        self,
        *,
        after: TimeBound = None,
        before: TimeBound = None,
        limit: int | None = None,
        known_total: int | None = None,
        read_ahead: bool = True,
        is_certain: bool = False,
        bad: Callable[[LeftOut], None] | None = None,
    ) -> Iterator[ListedActivity]:
        """As `activities`, each with its JSON as it came. `bad` hears of rows that cannot be read, if it is given."""
        self.check_can_call("activities")
        first, last = read_bound(after), read_bound(before)
        now = self._requester.clock.now()
        earliest, latest = earliest_moment(first), latest_moment(last)
        if limit == 0 or (earliest is not None and earliest > now):
            return iter(())
        # A bound in the future is refused with 400; nothing lies there anyway.
        latest = None if latest is not None and latest >= now else latest
        window = ListQuery(
            after=None if earliest is None else int(earliest.timestamp()) - 1,
            before=None if latest is None else int(-(-latest.timestamp() // 1)),
            limit=limit,
            known_total=known_total,
            per_page=PER_PAGE,
        )
        threads = self._requester.options.threads if read_ahead and not is_certain else 1
        rows = list_newest_first(
            self._read_list,
            window,
            threads=threads,
            is_certain=is_certain,
            left_out=lambda part: (bad if bad is not None and part.is_row else self.left_out)(part),
            ahead=self._pages_ahead,
            repeats=lambda page: self._requester.options.warn(repeats_text("/athlete/activities", page)),
        )
        return islice((row for row in rows if is_within(row.activity, first, last)), limit)

    def _pages_ahead(self) -> int:
        """How many pages may be read without knowing that they are there: a tenth of what the windows have left."""
        rates = self.rates()
        left = [
            limit - used
            for usage in ((rates.overall, rates.read) if rates is not None else ())
            for limit, used in ((usage.quarter_limit, usage.quarter_used), (usage.day_limit, usage.day_used))
            if limit is not None and used is not None
        ]
        return min(left, default=0) // 10

    def _read_list(self, number: int, after_s: int | None, before_s: int | None) -> Page[SummaryActivity]:
        query = {"after": after_s, "before": before_s, "page": number, "per_page": PER_PAGE}
        return self._calls.page(SummaryActivity, "activities", "", query=query)

    def activity(self, activity_id: int, *, include_all_efforts: bool = False) -> DetailedActivity:
        """One activity with all its parts."""
        query: dict[str, ParameterValue] = {"include_all_efforts": include_all_efforts or None}
        return self._calls.one(DetailedActivity, "activity", activity_id, query=query)

    def create_activity(
        self,
        *,
        name: str,
        sport_type: str,
        start_local: datetime,
        elapsed_time_s: int,
        distance_m: float | None = None,
        description: str | None = None,
        trainer: bool | None = None,
        commute: bool | None = None,
    ) -> DetailedActivity:
        """Make a manual activity. `start_local` is local time. It is sent once: Strava cannot detect duplicates."""
        form: dict[str, ParameterValue] = {
            "name": name,
            "sport_type": sport_type,
            "start_date_local": start_local.replace(tzinfo=None).isoformat(timespec="seconds"),
            "elapsed_time": elapsed_time_s,
            "distance": distance_m,
            "description": description,
            # Only the presence of these two counts in a form, as far as is known: false is not sent.
            "trainer": 1 if trainer else None,
            "commute": 1 if commute else None,
        }
        return self._calls.one(DetailedActivity, "create_activity", form=form)

    def update_activity(self, activity_id: int, **changes: str | bool | None) -> DetailedActivity:
        """Change some of an activity: what `endpoints.named("update_activity").params` lists.

        `gear_id="none"` clears. Goes as JSON: in a form every boolean would turn on. Raises UsageError for a field that
        cannot be changed.
        """
        allowed = endpoint_named("update_activity").params
        wrong = sorted(set(changes) - set(allowed))
        if wrong or not changes:
            raise UsageError(
                what=f"{', '.join(wrong) or 'nothing'} cannot be changed through the API",
                why=f"what can be changed: {', '.join(allowed)}",
                fix="change the rest on the activity's web page",
            )
        return self._calls.one(DetailedActivity, "update_activity", activity_id, json=changes)

    def activity_laps(self, activity_id: int) -> list[Lap]:
        """The laps, in order; none for a manual activity."""
        return self._calls.one(list[Lap], "activity_laps", activity_id)

    def activity_zones(self, activity_id: int) -> list[ActivityZone]:
        """Time in zones; needs the athlete's own subscription."""
        return self._calls.one(list[ActivityZone], "activity_zones", activity_id)

    def activity_comments(self, activity_id: int) -> Iterator[Comment]:
        """The comments, page by page, by cursor."""
        return self._calls.comments(activity_id)

    def activity_kudos(self, activity_id: int) -> Iterator[OtherAthlete]:
        """Who gave kudos: first name and initial."""
        return self._calls.many(OtherAthlete, "activity_kudos", activity_id)

    def activity_photos(self, activity_id: int, *, size_px: int = 2048) -> list[Photo]:
        """The photos (undocumented)."""
        query: dict[str, ParameterValue] = {"size": size_px, "photo_sources": True}
        return self._calls.one(list[Photo], "activity_photos", activity_id, query=query)

    def activity_streams(self, activity_id: int, *, keys: tuple[str, ...] = STREAM_KEYS) -> dict[str, Stream]:
        """The recorded channels by key; channels that were not recorded are missing. NotFound for a manual activity."""
        return self._calls.streams("activity_streams", activity_id, keys)

    def gear(self, gear_id: str) -> Gear:
        """Shoes or a bike in full."""
        return self._calls.one(Gear, "gear", gear_id)

    def upload(self, file: FilePart, *, data_type: str, **fields: str | bool | None) -> Upload:
        """Upload one file; the answer says only that it was received. `api.upload.uploader` sees it through."""
        texts: dict[str, ParameterValue] = {"data_type": data_type}
        # Flags are given as 1 or not at all: what a form does with "0" is not known.
        texts |= {name: 1 if value is True else value or None for name, value in fields.items()}
        path = endpoint_named("upload").path
        return decode(Upload, self.request("POST", path, form=texts, files={"file": file}).body, left_out=self.left_out)

    def upload_status(self, upload_id: int) -> Upload:
        """Where an upload stands. Ask at most once a second."""
        return self._calls.one(Upload, "upload_status", upload_id)

    def athlete_routes(self, athlete_id: int) -> Iterator[Route]:
        """The athlete's routes; private ones need read_all."""
        return self._calls.many(Route, "athlete_routes", athlete_id)

    def route(self, route_id: int) -> Route:
        """One route with its segments."""
        return self._calls.one(Route, "route", route_id)

    def route_file(self, route_id: int, *, kind: str = "gpx") -> bytes:
        """A route as a file, "gpx" or "tcx"."""
        endpoint = endpoint_named(f"route_{kind}")
        return self.request(endpoint.method, endpoint.fill(id=route_id)).body

    def route_streams(self, route_id: int) -> dict[str, Stream]:
        """A route's positions, distances and altitudes."""
        return self._calls.streams("route_streams", route_id, ())

    def segment(self, segment_id: int) -> Segment:
        """One segment in full."""
        return self._calls.one(Segment, "segment", segment_id)

    def starred_segments(self) -> Iterator[Segment]:
        """The segments the athlete starred."""
        return self._calls.many(Segment, "starred_segments")

    def star_segment(self, segment_id: int, *, starred: bool = True) -> Segment:
        """Add or remove a star."""
        return self._calls.one(Segment, "star_segment", segment_id, form={"starred": starred})

    def explore_segments(
        self, bounds: tuple[float, float, float, float], *, activity_type: str = "running"
    ) -> list[ExploredSegment]:
        """The ten best segments between the south-west and north-east corners. Extended access only since 2026-09."""
        query: dict[str, ParameterValue] = {
            "bounds": [str(degree) for degree in bounds],
            "activity_type": activity_type,
        }
        return self._calls.one(ExploredSegments, "explore_segments", query=query).segments

    def segment_streams(self, segment_id: int) -> dict[str, Stream]:
        """A segment's positions, distances and altitudes."""
        return self._calls.streams("segment_streams", segment_id, ("distance", "latlng", "altitude"))

    def segment_efforts(self, segment_id: int) -> list[SegmentEffort]:
        """The athlete's efforts on a segment, 200 at most; needs the athlete's own subscription."""
        query: dict[str, ParameterValue] = {"segment_id": segment_id, "per_page": PER_PAGE}
        return self._calls.one(list[SegmentEffort], "segment_efforts", query=query)

    def segment_effort(self, effort_id: int) -> SegmentEffort:
        """One effort; needs the athlete's own subscription."""
        return self._calls.one(SegmentEffort, "segment_effort", effort_id)

    def segment_effort_streams(
        self, effort_id: int, *, keys: tuple[str, ...] = ("time", "distance")
    ) -> dict[str, Stream]:
        """The channels of one effort; needs the athlete's own subscription."""
        return self._calls.streams("segment_effort_streams", effort_id, keys)

    def club(self, club_id: int) -> SummaryClub:
        """One club."""
        return self._calls.one(SummaryClub, "club", club_id)

    def club_events(self, club_id: int) -> Iterator[ClubEvent]:
        """A club's events (undocumented)."""
        return self._calls.many(ClubEvent, "club_events", club_id)
