"""The kinds of calls that all typed methods use: one value, streams, a list page by page, comments by cursor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar, cast

from paceport.api.client.repeated_pages import SeenRows
from paceport.api.client.requester import PER_PAGE, Requester
from paceport.api.endpoints import endpoint_named
from paceport.api.models.activity import Comment, Stream, streams_by_key
from paceport.api.models.decoding import Page, decode, decode_page
from paceport.api.protocol import ParameterValue, build_request

T = TypeVar("T")


class TypedCalls:
    """Answers of the endpoint table's calls as values; what is left out of them is told to the requester's options."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    def one(
        self,
        kind: type[T],
        name: str,
        key: int | str = "",
        *,
        query: Mapping[str, ParameterValue] | None = None,
        form: Mapping[str, ParameterValue] | None = None,
        json: object = None,
    ) -> T:
        """The answer of one call as a value."""
        endpoint = endpoint_named(name)
        answer = self._requester.request(endpoint.method, endpoint.fill(id=key), query=query, form=form, json=json)
        return decode(kind, answer.body, left_out=self._requester.options.left_out)

    def streams(self, name: str, key: int, keys: tuple[str, ...]) -> dict[str, Stream]:
        """The channels of an answer, by key."""
        query: dict[str, ParameterValue] = {"keys": keys or None, "key_by_type": True}
        body = self._requester.request("GET", endpoint_named(name).fill(id=key), query=query).body
        return streams_by_key(body, left_out=self._requester.options.left_out)

    def many(self, kind: type[T], name: str, key: int | str = "") -> Iterator[T]:
        """The rows of a list, page by page to the empty one, or to one that brings nothing new."""
        seen = SeenRows()
        number = 1
        while True:
            page = self.page(kind, name, key, query={"page": number, "per_page": PER_PAGE})
            if page.count == 0:
                return
            if not seen.add(page.body):
                self._requester.options.warn(seen.ended_text(endpoint_named(name).fill(id=key), number))
                return
            self.tell_left_out(page)
            yield from page.items
            number += 1

    def comments(self, activity_id: int) -> Iterator[Comment]:
        """The comments of an activity, page by page, by cursor."""
        cursor: str | None = None
        seen: set[int] = set()
        rows = SeenRows()
        while True:
            query: dict[str, ParameterValue] = {"page_size": PER_PAGE, "after_cursor": cursor}
            page = self.page(Comment, "activity_comments", activity_id, query=query)
            self.tell_left_out(page)
            fresh = [comment for comment in page.items if comment.id not in seen]
            seen.update(comment.id for comment in fresh)
            yield from fresh
            goes_on = rows.add(page.body) and bool(fresh)
            if page.items and not goes_on:
                path = endpoint_named("activity_comments").fill(id=activity_id)
                self._requester.options.warn(rows.ended_text(path, None))
            cursor = page.items[-1].cursor if page.items else None
            if cursor is None or not goes_on:
                return

    def page(self, kind: type[T], name: str, key: int | str, *, query: Mapping[str, ParameterValue]) -> Page[T]:
        """One page of a list. What could not be read is in it, and told to nobody yet."""
        endpoint = endpoint_named(name)
        self._requester.check_can_call(name)
        request = build_request(self._requester.options.api_url, endpoint.method, endpoint.fill(id=key), query=query)
        return cast("Page[T]", decode_page(kind, self._requester.send(request, endpoint).body))

    def tell_left_out(self, page: Page[T]) -> None:
        """Tell of the rows and parts of a page that could not be read."""
        for part in (*page.bad, *page.odd):
            self._requester.options.left_out(part)
