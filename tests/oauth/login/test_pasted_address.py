"""An address that is pasted at the prompt of a login, whole or in pieces."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.errors import LoginDenied, RedirectRefused
from paceport.oauth.login.pasted_address import PastedAddress
from paceport.scopes import parse_granted

STATE = "s" * 43
CODE = "0123456789abcdef" * 2 + "01234567"
ADDRESS = f"http://127.0.0.1:54321/{'p' * 22}?state={STATE}&code={CODE}&scope=read,activity:read_all"


@settings(max_examples=100)
@given(cuts=st.lists(st.integers(1, len(ADDRESS) - 1), max_size=4, unique=True))
def test_an_address_in_one_paste_is_read_wherever_it_is_wrapped(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(ADDRESS)]
    pieces = [ADDRESS[start:end] for start, end in itertools.pairwise(edges)]

    redirect = PastedAddress(STATE).add("\n".join(pieces))

    assert redirect is not None
    assert redirect.code.reveal() == CODE
    assert redirect.scopes == parse_granted("read,activity:read_all")


@settings(max_examples=100)
@given(cut=st.integers(1, len(ADDRESS) - len("read,activity:read_all")))
def test_an_address_whose_end_comes_later_is_waited_for(cut: int) -> None:
    pasted = PastedAddress(STATE)

    try:
        first = pasted.add(ADDRESS[:cut])
    except RedirectRefused:
        first = None
    redirect = pasted.add(ADDRESS[cut:])

    assert first is None
    assert redirect is not None
    assert redirect.code.reveal() == CODE


def test_an_address_that_really_names_no_scopes_is_taken_at_the_next_enter() -> None:
    pasted = PastedAddress(STATE)

    assert pasted.add(ADDRESS.partition("&scope")[0]) is None
    assert pasted.is_doubtful
    redirect = pasted.add("")

    assert redirect is not None
    assert redirect.code.reveal() == CODE


def test_what_was_pasted_wrongly_before_does_not_matter() -> None:
    pasted = PastedAddress(STATE)
    for wrong in ("hello", ADDRESS.replace(STATE, "t" * 43)):
        with pytest.raises(RedirectRefused):
            pasted.add(wrong)

    assert pasted.add(ADDRESS) is not None


def test_a_cancelled_consent_is_heard_in_pieces_too() -> None:
    with pytest.raises(LoginDenied):
        PastedAddress(STATE).add(f"http://127.0.0.1/?state={STATE}&err\nor=access_denied")
