import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.http_message import Request, Response, is_loopback, origin_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://www.strava.com", "https://www.strava.com"),
        ("HTTPS://WWW.Strava.com:443/oauth/?a=b#c", "https://www.strava.com"),
        ("http://127.0.0.1:8765/api/v3", "http://127.0.0.1:8765"),
        ("http://localhost:80", "http://localhost"),
        ("https://localhost:80", "https://localhost:80"),
        ("http://[::1]:8765/", "http://[::1]:8765"),
        ("https://user:password@www.strava.com/", "https://www.strava.com"),
        ("https://www.strava.com./", "https://www.strava.com"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("url", ["", "www.strava.com", "/oauth", "http://", "https://host:port/", "http://[::1"])
def test_what_is_no_absolute_url_has_no_origin(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        origin_of(url)


@given(st.text(max_size=60))
def test_an_origin_of_anything_is_an_origin_or_a_value_error(text: str) -> None:
    try:
        origin = origin_of(text)
    except ValueError:
        return
    assert origin_of(origin) == origin


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://127.8.9.10/", True),
        ("http://localhost:5000", True),
        ("http://LOCALHOST", True),
        ("http://[::1]:3", True),
        ("http://127.0.0.1.example.com", False),
        ("http://127.0.0.256", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1@example.com", False),
        ("http://0.0.0.0", False),
        ("http://128.0.0.1", False),
        ("http://127.0.0.²", False),
        ("", False),
        ("http://[::1", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_added_headers_are_lower_case_and_replace() -> None:
    request = Request(method="GET", url="http://x/", headers={"accept": "a"})

    changed = request.with_headers(Accept="b", Content_Type="c")

    assert changed.headers == {"accept": "b", "content-type": "c"}
    assert request.headers == {"accept": "a"}


def test_neither_headers_nor_body_are_in_the_text_of_a_request() -> None:
    request = Request(method="POST", url="http://x/", headers={"authorization": "Bearer canary"}, body=b"code=canary")

    assert "canary" not in repr(request)


def test_a_body_that_is_not_utf8_is_still_text() -> None:
    assert Response(status=200, body=b"a\xffb").text() == "a\ufffdb"
