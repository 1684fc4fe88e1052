import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.error_body import ErrorDetail, read_error_body
from paceport.secret import Secret
from paceport.text import clean

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
faults = st.fixed_dictionaries(
    {"message": json_values, "errors": json_values | st.lists(st.dictionaries(st.text(max_size=9), json_values))}
)


def test_the_documented_shape_is_read() -> None:
    body = {
        "message": "Bad Request",
        "errors": [{"resource": "Application", "field": "client_id", "code": "invalid"}],
    }

    fault = read_error_body(400, json.dumps(body).encode())

    assert fault.details == (ErrorDetail(resource="Application", field="client_id", code="invalid"),)
    assert str(fault) == "400 Bad Request (Application/client_id/invalid)"


def test_a_detail_is_found_whatever_its_case() -> None:
    fault = read_error_body(
        403, '{"message":"Forbidden","errors":[{"resource":"Application","field":"Status","code":"Inactive"}]}'
    )

    assert fault.has_detail("application", "status", "inactive")
    assert fault.has_detail("Application")
    assert not fault.has_detail("Application", "")


def test_a_page_without_a_heading_is_told_by_its_title_alone() -> None:
    page = b"<html><head><title>502 Bad\n Gateway</title></head><body><p>your code was 12345</body></html>"

    fault = read_error_body(502, page)

    assert not fault.is_json
    assert fault.message == "502 Bad Gateway"


def test_a_short_plain_text_is_kept() -> None:
    assert read_error_body(403, "Error 403: Limit of connected athletes exceeded").message.startswith(
        "Error 403: Limit"
    )


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "3", "NaN", '{"errors": {"a": 1}}', '{"message": 7}', "[" * 100_000]
)
def test_what_is_no_fault_has_no_details(body: str) -> None:
    assert read_error_body(500, body).details == ()


@given(st.binary(max_size=300) | faults.map(lambda value: json.dumps(value).encode()))
def test_no_body_raises_or_reaches_a_terminal_raw(body: bytes) -> None:
    shown = str(read_error_body(400, body))

    assert clean(shown) == shown
    assert len(shown) < 10_000


def test_a_long_list_of_details_is_cut() -> None:
    body = {"message": "x" * 5000, "errors": [{"resource": "a" * 5000, "field": "b", "code": "c"}] * 500}

    assert len(str(read_error_body(400, json.dumps(body)))) < 3000


def test_a_server_that_echoes_a_secret_is_not_repeated() -> None:
    secret = Secret("c4na2y" * 6)

    fault = read_error_body(400, json.dumps({"message": f"bad code {secret.reveal()}", "errors": []}))

    assert secret.reveal() not in str(fault)
    assert secret.reveal() not in repr(fault)


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b]52;c;ZXZpbA==\x07name", "]52;c;ZXZpbA==name"),
        ("a\x9b31mb", "a31mb"),
        ("abc\u202edef", "abcdef"),
        ("x\u2066y\u2069", "xy"),
        ("two\r\nlines\tand\u2028more", "two  lines and more"),
        ("\ufeffmark\u200e", "mark"),
        ("\ud800", ""),
        ("Zoë Ångström 走る 🏃🏽\u200d♀️", "Zoë Ångström 走る 🏃🏽\u200d♀️"),
    ],
)
def test_hostile_characters_go_and_every_script_stays(hostile: str, harmless: str) -> None:
    assert clean(hostile) == harmless


@pytest.mark.parametrize(
    "body",
    [
        '{"message":"Authorization Error","errors":[{"resource":"Athlete","field":"access_token","code":"invalid"}]}',
        '{"message":"Authorization Error","errors":[{"resource":"Application","field":"","code":"invalid"}]}',
        '{"message":"Authorization Error","errors":[]}',
    ],
)
def test_a_body_of_the_services_shape_is_the_services(body: str) -> None:
    assert read_error_body(401, body).is_from_strava


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><h1>401 Authorization Required</h1></html>",
        "Unauthorized",
        '{"message":"Unauthorized"}',
        '{"message":"no Route matched with those values"}',
        '{"error":"invalid_token","errors":[]}',
        '{"message":"denied","errors":[{"detail":"by policy"}]}',
        '{"message":"denied","errors":["by policy"]}',
        '{"message":"denied","errors":{"resource":"Athlete"}}',
        "[]",
        "null",
    ],
)
def test_a_body_of_another_shape_is_a_gateways(body: str) -> None:
    assert not read_error_body(401, body).is_from_strava
