"""The run list's query: read from an address, written into one, and applied."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.training.history.history import History
from paceport.units import Units
from paceport.web.run_query import KINDS, SORTS, RunQuery, choose_runs, read_query
from report.conftest import forty, forty_history  # noqa: F401  # the fixtures

KM = Units("km")
_WORDS = st.text(max_size=30)
_QUERIES = st.builds(
    RunQuery,
    search=_WORDS.map(lambda text: " ".join(text.split())),
    year=st.none() | st.integers(1, 9999),
    kind=st.sampled_from(["", *KINDS]),
    gear=_WORDS,
    first=st.none() | st.dates(),
    last=st.none() | st.dates(),
    least=st.none() | st.integers(0, 500).map(float),
    most=st.none() | st.integers(0, 500).map(float),
    sort=st.sampled_from(list(SORTS)),
    is_reversed=st.booleans(),
    page=st.integers(1, 10**6),
    sport=st.sampled_from(["", "ride", "all", "yoga"]),
)


@given(_QUERIES)
@settings(max_examples=60)
def test_an_address_says_the_whole_query(query: RunQuery) -> None:
    address = query.address(page=query.page)

    assert read_query(dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))) == query


@given(
    st.dictionaries(st.sampled_from(["q", "year", "kind", "gear", "from", "to", "min", "max", "sort", "page"]), _WORDS)
)
@settings(max_examples=60)
def test_any_address_is_some_query(parameters: dict[str, str]) -> None:
    query = read_query(parameters)

    assert query.page >= 1
    assert query.sort in SORTS


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_sorting_keeps_every_run_and_puts_the_unknown_last(
    forty_history: History,  # noqa: F811  # the fixture
    sort: str,
    is_reversed: bool,
) -> None:
    value_of = SORTS[sort][0]

    chosen = choose_runs(forty_history.runs, RunQuery(sort=sort, is_reversed=is_reversed), KM)

    values = [value_of(run) for run in chosen]
    known = [value for value in values if value is not None]
    assert sorted(run.id for run in chosen) == sorted(run.id for run in forty_history.runs)
    assert known == sorted(known, reverse=SORTS[sort][1] != is_reversed)
    assert values == known + [None] * (len(values) - len(known))


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        ({}, 40),
        ({"search": "LOOP 39"}, 1),
        ({"search": "1039"}, 1),
        ({"search": "loop 2025-03-03"}, 1),
        ({"search": "no such word"}, 0),
        ({"year": 2024}, 0),
        ({"gear": "Red pair"}, 14),
        ({"first": date(2025, 3, 3), "last": date(2025, 3, 5)}, 2),
        ({"least": 6.0}, 17),
        ({"most": 0.0}, 0),
        ({"kind": "race"}, 0),
    ],
)
def test_filters_leave_the_others_out(
    forty_history: History,  # noqa: F811  # the fixture
    changed: dict[str, object],
    count: int,
) -> None:
    query = replace(RunQuery(), **changed)  # type: ignore[arg-type]  # fields by name

    chosen = choose_runs(forty_history.runs, query, KM)

    assert len(chosen) == count
    assert query.is_filtered == bool(changed)
