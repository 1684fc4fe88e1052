"""What a person says about files that do not say everything: checked before anything is read."""

from __future__ import annotations

import pytest

from makers.bad_import_options import BAD_VALUES
from paceport.errors import UsageError
from paceport.profile.reading_options import ReadingOptions, reading_options


@pytest.mark.parametrize(("option", "value", "words"), BAD_VALUES)
def test_a_word_that_means_nothing_is_refused_with_what_to_write(option: str, value: str, words: str) -> None:
    given = {"pairs": [value]} if option == "map" else {option: value}

    with pytest.raises(UsageError) as caught:
        reading_options(**given)

    assert words in f"{caught.value.what} {caught.value.why} {caught.value.fix}"
    assert caught.value.fix


def test_words_are_taken_whatever_their_capitals_and_blanks() -> None:
    found = reading_options(
        timezone=" Europe/Berlin ", sport="trail run", pairs=["Datum = date", "a=b=Walk"], date_order="DMY"
    )

    assert found == ReadingOptions(
        timezone="Europe/Berlin", sport="TrailRun", mapping={"Datum": "date", "a=b": "Walk"}, date_order="dmy"
    )


def test_nothing_said_leaves_everything_open() -> None:
    assert reading_options(timezone="", sport=" ", pairs=[], date_order="") == ReadingOptions(mapping={})
