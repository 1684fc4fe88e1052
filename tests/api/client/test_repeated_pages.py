"""Lists that never end: the same rows for ever, also where a figure in them changes each time."""

from __future__ import annotations

import itertools
import json

import pytest

from paceport.api.client.listing import ListQuery, list_newest_first
from paceport.api.client.repeated_pages import SeenRows
from paceport.api.models.activity import SummaryActivity
from paceport.api.models.decoding import Page, decode_page


def test_a_row_is_no_news_because_a_figure_in_it_has_changed() -> None:
    seen = SeenRows()

    news = [seen.add(json.dumps([{"id": 1, "kudos_count": count}, {"id": "b7"}]).encode()) for count in range(3)]

    assert news == [True, False, False]


def test_rows_without_ids_are_told_apart_by_what_they_say() -> None:
    seen = SeenRows()

    assert [seen.add(b'[{"name": "%d"}]' % number) for number in (1, 2, 1)] == [True, True, False]


def test_a_list_whose_rows_are_new_each_time_is_given_up() -> None:
    rows, pages = SeenRows(), SeenRows()

    without_ids = sum(
        rows.add(b"[%s]" % b",".join(b'{"at": %d.%d}' % (at, row) for row in range(200))) for at in range(200)
    )
    with_ids = sum(pages.add(b'[{"id": %d}]' % at) for at in range(1, 1_200))

    assert (without_ids, with_ids) == (100, 1_000)
    assert "/clubs/1/members: reading ended before page 101" in rows.ended_text("/clubs/1/members", 101)


@pytest.mark.parametrize("row", [{"id": 5}, {}, {"id": None}, {"id": 5, "start_date": "never"}])
def test_a_list_of_rows_that_cannot_be_read_ends_though_they_change(row: dict[str, object]) -> None:
    asked = itertools.count(1)

    def read(number: int, after: int | None, before: int | None) -> Page[SummaryActivity]:
        assert number < 20
        return decode_page(SummaryActivity, json.dumps([{**row, "at": next(asked)}]).encode())

    assert list(list_newest_first(read, ListQuery(), threads=1)) == []
