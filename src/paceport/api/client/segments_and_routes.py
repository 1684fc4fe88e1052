"""Segments, routes and clubs, and the few lines every typed call is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar, cast

from paceport.api.client.requester import PER_PAGE, Requester
from paceport.api.endpoints import endpoint_named
from paceport.api.models.activity import SegmentEffort, Stream, streams_by_key
from paceport.api.models.athlete import ClubEvent, SummaryClub
from paceport.api.models.decoding import Page, decode
from paceport.api.models.segment import ExploredSegment, ExploredSegments, Route, Segment
from paceport.api.protocol import ParameterValue

T = TypeVar("T")


class SegmentAndRouteCalls(Requester):
    """The calls about places."""

    def athlete_routes(self, athlete_id: int) -> Iterator[Route]:
        """The athlete's routes; private ones need read_all."""
        return self._many(Route, "athlete_routes", athlete_id)

    def route(self, route_id: int) -> Route:
        """One route with its segments."""
        return self._one(Route, "route", route_id)

    def route_file(self, route_id: int, *, kind: str = "gpx") -> bytes:
        """A route as a file, "gpx" or "tcx"."""
        endpoint = endpoint_named(f"route_{kind}")
        return self.request(endpoint.method, endpoint.fill(id=route_id)).body

    def route_streams(self, route_id: int) -> dict[str, Stream]:
        """A route's positions, distances and altitudes."""
        return self._streams("route_streams", route_id, ())

    def segment(self, segment_id: int) -> Segment:
        """One segment in full."""
        return self._one(Segment, "segment", segment_id)

    def starred_segments(self) -> Iterator[Segment]:
        """The segments the athlete starred."""
        return self._many(Segment, "starred_segments")

    def star_segment(self, segment_id: int, *, starred: bool = True) -> Segment:
        """Put or take away a star."""
        return self._one(Segment, "star_segment", segment_id, form={"starred": starred})

    def explore_segments(
        self, bounds: tuple[float, float, float, float], *, activity_type: str = "running"
    ) -> list[ExploredSegment]:
        """The ten best segments between the south-west and north-east corners. Extended access only since 2026-09."""
        query: dict[str, ParameterValue] = {
            "bounds": [str(degree) for degree in bounds],
            "activity_type": activity_type,
        }
        return self._one(ExploredSegments, "explore_segments", query=query).segments

    def segment_streams(self, segment_id: int) -> dict[str, Stream]:
        """A segment's positions, distances and altitudes."""
        return self._streams("segment_streams", segment_id, ("distance", "latlng", "altitude"))

    def segment_efforts(self, segment_id: int) -> list[SegmentEffort]:
        """The athlete's efforts on a segment, 200 at most; needs the athlete's own subscription."""
        query: dict[str, ParameterValue] = {"segment_id": segment_id, "per_page": PER_PAGE}
        return self._one(list[SegmentEffort], "segment_efforts", query=query)

    def segment_effort(self, effort_id: int) -> SegmentEffort:
        """One effort; needs the athlete's own subscription."""
        return self._one(SegmentEffort, "segment_effort", effort_id)

    def segment_effort_streams(
        self, effort_id: int, *, keys: tuple[str, ...] = ("time", "distance")
    ) -> dict[str, Stream]:
        """The channels of one effort; needs the athlete's own subscription."""
        return self._streams("segment_effort_streams", effort_id, keys)

    def club(self, club_id: int) -> SummaryClub:
        """One club."""
        return self._one(SummaryClub, "club", club_id)

    def club_events(self, club_id: int) -> Iterator[ClubEvent]:
        """A club's events (undocumented)."""
        return self._many(ClubEvent, "club_events", club_id)

    def _one(
        self,
        kind: type[T],
        name: str,
        key: int | str = "",
        *,
        query: Mapping[str, ParameterValue] | None = None,
        form: Mapping[str, ParameterValue] | None = None,
        json: object = None,
    ) -> T:
        endpoint = endpoint_named(name)
        answer = self.request(endpoint.method, endpoint.fill(id=key), query=query, form=form, json=json)
        return decode(kind, answer.body)

    def _streams(self, name: str, key: int, keys: tuple[str, ...]) -> dict[str, Stream]:
        endpoint = endpoint_named(name)
        query: dict[str, ParameterValue] = {"keys": keys or None, "key_by_type": True}
        return streams_by_key(self.request("GET", endpoint.fill(id=key), query=query).body)

    def _many(self, kind: type[T], name: str, key: int | str = "") -> Iterator[T]:
        """The rows of a list, page by page to the empty one; rows that cannot be read are left out."""
        number = 1
        while True:
            page = self._read_page(kind, name, key, query={"page": number, "per_page": PER_PAGE})
            if page.count == 0:
                return
            yield from page.items
            number += 1

    def _read_page(self, kind: type[T], name: str, key: int | str, *, query: Mapping[str, ParameterValue]) -> Page[T]:
        endpoint = endpoint_named(name)
        self._check_can_succeed(endpoint, even_if_removed=False)
        return cast("Page[T]", self._page(endpoint, endpoint.fill(id=key), kind, query))
