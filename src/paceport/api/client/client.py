"""The endpoints as typed methods: what a caller holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TypeVar, cast

from paceport.api.client.listing import ListedActivity, ListQuery, list_newest_first
from paceport.api.client.requester import PER_PAGE
from paceport.api.client.segments_and_routes import SegmentAndRouteCalls
from paceport.api.endpoints import endpoint_named
from paceport.api.models.activity import (
    ActivityZone,
    Comment,
    DetailedActivity,
    Lap,
    OtherAthlete,
    Photo,
    Stream,
    SummaryActivity,
    Upload,
)
from paceport.api.models.athlete import ActivityStats, Athlete, Gear, SummaryClub, Zones
from paceport.api.models.decoding import BadRow, Page, decode
from paceport.api.protocol import FilePart, ParameterValue
from paceport.errors import UsageError

T = TypeVar("T")

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

# A day begins between 14 hours before and 12 hours after it does in UTC, depending on where one is.
_EARLIEST_DAY, _LATEST_DAY = timedelta(hours=-14), timedelta(hours=12)

TimeBound = date | datetime | None


class Client(SegmentAndRouteCalls):
    """All of the API as typed calls. Ids are 64-bit integers, gear ids are text; units are in the names.

    Every method raises our errors alone: ScopeMissing, NotFound, RateLimited, AppInactive, LoginNeeded, NetworkError …
    """

    def athlete(self) -> Athlete:
        """The athlete of this login; gear, clubs, units and weight only with profile:read_all."""
        return self._one(Athlete, "athlete")

    def update_athlete(self, *, weight_kg: float) -> Athlete:
        """Set the athlete's weight."""
        return self._one(Athlete, "update_athlete", form={"weight": weight_kg})

    def athlete_zones(self) -> Zones:
        """Heart rate and power zones."""
        return self._one(Zones, "athlete_zones")

    def athlete_stats(self, athlete_id: int) -> ActivityStats:
        """Totals of four weeks, the year and ever: activities visible to everyone alone."""
        return self._one(ActivityStats, "athlete_stats", athlete_id)

    def athlete_clubs(self) -> Iterator[SummaryClub]:
        """The athlete's clubs."""
        return self._many(SummaryClub, "athlete_clubs")

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
        """Activities from `after` on and before `before`, newest first, each once; unreadable rows are left out.

        A `datetime` is a moment and must be aware; a `date` is that day where the activity was. What is promised while
        others upload and delete, and what `is_certain` adds: `paceport.api.client.listing`. Requests: with
        `known_total` (how many there were last time) or without `read_ahead` exactly ceil(N/200) + 1, else up to
        seven more.
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
        bad: Callable[[BadRow], None] | None = None,
    ) -> Iterator[ListedActivity]:
        """As `activities`, each with its JSON as it came; rows that cannot be read are given to `bad`."""
        endpoint = endpoint_named("activities")
        self._check_can_succeed(endpoint, even_if_removed=False)
        now = self._clock.now()
        earliest, latest = _moment(after, _EARLIEST_DAY), _moment(before, _LATEST_DAY)
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

        def read(number: int, from_s: int | None, until_s: int | None) -> Page[SummaryActivity]:
            query: dict[str, ParameterValue] = {
                "after": from_s,
                "before": until_s,
                "page": number,
                "per_page": PER_PAGE,
            }
            return cast("Page[SummaryActivity]", self._page(endpoint, endpoint.path, SummaryActivity, query))

        threads = self._threads if read_ahead and not is_certain else 1
        rows = list_newest_first(read, window, threads=threads, is_certain=is_certain, bad=bad)
        return islice((row for row in rows if _is_within(row.activity, after, before)), limit)

    def activity(self, activity_id: int, *, include_all_efforts: bool = False) -> DetailedActivity:
        """One activity with all its parts."""
        query: dict[str, ParameterValue] = {"include_all_efforts": include_all_efforts or None}
        return self._one(DetailedActivity, "activity", activity_id, query=query)

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
        """Make a manual activity. `start_local` is the wall clock there. Never sent twice: no key guards doubles."""
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
        return self._one(DetailedActivity, "create_activity", form=form)

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
        return self._one(DetailedActivity, "update_activity", activity_id, json=changes)

    def activity_laps(self, activity_id: int) -> list[Lap]:
        """The laps, in order; none for a manual activity."""
        return self._one(list[Lap], "activity_laps", activity_id)

    def activity_zones(self, activity_id: int) -> list[ActivityZone]:
        """Time in zones; needs the athlete's own subscription."""
        return self._one(list[ActivityZone], "activity_zones", activity_id)

    def activity_comments(self, activity_id: int) -> Iterator[Comment]:
        """The comments, page by page, by cursor."""
        return self._by_cursor(activity_id)

    def activity_kudos(self, activity_id: int) -> Iterator[OtherAthlete]:
        """Who gave kudos: first name and initial."""
        return self._many(OtherAthlete, "activity_kudos", activity_id)

    def activity_photos(self, activity_id: int, *, size_px: int = 2048) -> list[Photo]:
        """The photos (undocumented)."""
        query: dict[str, ParameterValue] = {"size": size_px, "photo_sources": True}
        return self._one(list[Photo], "activity_photos", activity_id, query=query)

    def activity_streams(self, activity_id: int, *, keys: tuple[str, ...] = STREAM_KEYS) -> dict[str, Stream]:
        """The recorded channels by key; one that was not recorded is not there. NotFound for a manual activity."""
        return self._streams("activity_streams", activity_id, keys)

    def gear(self, gear_id: str) -> Gear:
        """Shoes or a bike in full."""
        return self._one(Gear, "gear", gear_id)

    def upload(self, file: FilePart, *, data_type: str, **fields: str | bool | None) -> Upload:
        """Hand in one file; the answer says only that it was received. `api.upload.uploader` sees it through."""
        texts: dict[str, ParameterValue] = {"data_type": data_type}
        # Flags are given as 1 or not at all: what a form does with "0" is not known.
        texts |= {name: 1 if value is True else value or None for name, value in fields.items()}
        path = endpoint_named("upload").path
        return decode(Upload, self.request("POST", path, form=texts, files={"file": file}).body)

    def upload_status(self, upload_id: int) -> Upload:
        """Where an upload stands. Ask at most once a second."""
        return self._one(Upload, "upload_status", upload_id)

    def _by_cursor(self, activity_id: int) -> Iterator[Comment]:
        cursor: str | None = None
        seen: set[int] = set()
        while True:
            query: dict[str, ParameterValue] = {"page_size": PER_PAGE, "after_cursor": cursor}
            page = cast("Page[Comment]", self._read_page(Comment, "activity_comments", activity_id, query=query))
            fresh = [comment for comment in page.items if comment.id not in seen]
            seen.update(comment.id for comment in fresh)
            yield from fresh
            cursor = page.items[-1].cursor if page.items else None
            if cursor is None or not fresh:
                return


def _moment(bound: TimeBound, slack: timedelta) -> datetime | None:
    if bound is None:
        return None
    if not isinstance(bound, datetime):
        return datetime(bound.year, bound.month, bound.day, tzinfo=UTC) + slack
    if bound.tzinfo is None:
        raise UsageError(
            what="A moment without a time zone was given",
            why="it could mean any of 26 hours",
            fix="give an aware datetime, or a date for a day where the activity was",
        )
    return bound.astimezone(UTC)


def _is_within(activity: SummaryActivity, after: TimeBound, before: TimeBound) -> bool:
    # What the bounds of the wire mean to a second is not documented, so a row is looked at again here.
    return _is_from(activity, after) and (before is None or not _is_from(activity, before))


def _is_from(activity: SummaryActivity, bound: TimeBound) -> bool:
    if bound is None:
        return True
    if isinstance(bound, datetime):
        return activity.start >= bound or activity.is_start_hidden
    return (activity.start_local or activity.start).date() >= bound
