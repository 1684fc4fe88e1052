import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.errors import UsageError
from paceport.oauth.protocol.app_credentials import check_client_id, check_client_secret

SECRET = "0123456789abcdef" * 2 + "deadbeef"


@pytest.mark.parametrize("text", ["12345", " 12345\n", '"12345"', "'12345' "])
def test_a_client_id_is_a_number(text: str) -> None:
    assert check_client_id(text) == "12345"


@pytest.mark.parametrize("text", [SECRET, f" {SECRET}\n", f'"{SECRET}"'])
def test_a_client_secret_is_forty_hexadecimal_digits(text: str) -> None:
    assert check_client_secret(text).reveal() == SECRET


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "nothing"),
        ("me@example.com", "e-mail"),
        (SECRET, "swapped"),
        ("12 345", "space"),
        ("12345x", "number"),
        ("12345X", "number"),
        ("\uff11\uff12\uff13", "number"),
        ("9" * 40, "swapped"),
        ("9" * 30, "number"),
    ],
)
def test_what_is_no_client_id_gets_a_hint(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint) as refused:
        check_client_id(text)

    assert refused.value.what == "That is not a client id"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "nothing"),
        ("12345", "client id"),
        ("me@example.com", "e-mail"),
        (f"{SECRET[:20]} {SECRET[20:]}", "space"),
        (SECRET[:-1], "39 characters"),
        (SECRET[:-1] + "g", "40 characters"),
    ],
)
def test_what_is_no_client_secret_gets_a_hint(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint) as refused:
        check_client_secret(text)

    assert refused.value.what == "That is not a client secret"


@given(st.text(max_size=60))
def test_a_hint_never_repeats_what_was_typed(text: str) -> None:
    try:
        check_client_secret("canary" + text)
    except UsageError as error:
        assert "canary" not in str(error)  # noqa: PT017  # the rest of the text decides whether it raises
