import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.errors import UsageError
from paceport.scopes import PRESETS, SCOPES, Scopes, meaning, parse_asked, parse_granted, preset

scopes = st.frozensets(st.sampled_from(SCOPES), min_size=1).map(Scopes)


@given(scopes)
def test_scopes_survive_being_shown_and_parsed(wanted: Scopes) -> None:
    assert parse_granted(str(wanted)) == wanted
    assert parse_asked(str(wanted)) == (wanted, ())


@pytest.mark.parametrize(
    "text",
    [
        "read,activity:read_all",
        "activity:read_all,read",
        "read activity:read_all",
        "read+activity:read_all",
        "read%2Cactivity%3Aread_all",
        "read%252Cactivity%253Aread_all",
        "'read', \"activity:read_all\"",
        "READ,,Activity:Read_All,",
        "&scope=read,activity:read_all".partition("=")[2],
    ],
)
def test_every_spelling_in_use_is_read(text: str) -> None:
    assert parse_asked(text)[0] == Scopes(frozenset({"read", "activity:read_all"}))


def test_repeated_options_add_up() -> None:
    asked, notes = parse_asked(["read", "activity:write", "+profile:read_all"])

    assert str(asked) == "read,profile:read_all,activity:write"
    assert notes == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("public", "read,activity:read"),
        ("view_private", "read_all,profile:read_all,activity:read_all"),
        ("write", "read,activity:read,activity:write"),
    ],
)
def test_a_word_of_2017_is_translated_with_a_note(old: str, new: str) -> None:
    asked, notes = parse_asked(old)

    assert asked == parse_granted(new)
    assert len(notes) == 1
    assert old in notes[0]
    assert "2019" in notes[0]


def test_view_private_and_write_together_are_both_translated() -> None:
    asked, notes = parse_asked("view_private,write")

    assert len(notes) == 2
    assert {"activity:read_all", "activity:write", "profile:read_all", "read_all"} <= asked.words


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("activity:readall", "activity:read_all"),
        ("activity.read_all", "activity:read_all"),
        ("activity:wirte", "activity:write"),
        ("profile:read", "profile:read_all"),
        ("all", "read_all"),
    ],
)
def test_an_unknown_word_is_named_with_the_nearest_right_one(wrong: str, right: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean {right}\\?"):
        parse_asked(wrong)


def test_a_word_that_is_like_none_is_likened_to_none() -> None:
    with pytest.raises(UsageError, match="no scope has a similar name"):
        parse_asked("segments")


@pytest.mark.parametrize("nothing", ["", " , ", "+", []])
def test_no_scope_at_all_is_an_error(nothing: str | list[str]) -> None:
    with pytest.raises(UsageError, match="No scope"):
        parse_asked(nothing)


@pytest.mark.parametrize(
    ("granted", "needed", "is_enough"),
    [
        ("activity:read_all", "activity:read", True),
        ("activity:read", "activity:read_all", False),
        ("read_all", "read", True),
        ("read", "read_all", False),
        ("activity:write", "activity:read", False),
        ("profile:write", "profile:read_all", False),
        ("activity:read_all", "read", True),
        ("", "read", False),
    ],
)
def test_a_wider_scope_covers_a_narrower_one(granted: str, needed: str, is_enough: bool) -> None:
    assert parse_granted(granted).covers(needed) is is_enough


def test_missing_names_what_nothing_covers() -> None:
    granted, asked = parse_granted("read,activity:read_all"), parse_granted("read,activity:read,activity:write")

    assert str(granted.missing(asked)) == "activity:write"


@given(scopes, scopes)
def test_what_is_granted_in_addition_is_missing_no_more(first: Scopes, second: Scopes) -> None:
    assert not (first | second).missing(second)


def test_a_granted_word_of_the_future_is_kept() -> None:
    assert list(parse_granted("read,segment:dream")) == ["read", "segment:dream"]


@given(st.text(max_size=300))
def test_whatever_a_server_grants_is_fit_for_a_terminal(text: str) -> None:
    shown = str(parse_granted(text))

    assert shown.isascii()
    assert shown.isprintable()


@given(st.text(max_size=300))
def test_asking_raises_nothing_but_usage_errors(text: str) -> None:
    try:
        asked, _ = parse_asked(text)
    except UsageError:
        return
    assert asked.words <= set(SCOPES)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_made_of_known_words(name: str) -> None:
    assert preset(name).words <= set(SCOPES)
    assert "read" in preset(name)


def test_everything_is_all_seven() -> None:
    assert list(preset("everything")) == list(SCOPES)


def test_an_unknown_purpose_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="runs, activities, upload"):
        preset("racing")


@pytest.mark.parametrize("word", SCOPES)
def test_every_scope_has_a_meaning_of_its_own(word: str) -> None:
    assert meaning(word) != meaning("segment:dream")
