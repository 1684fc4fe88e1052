"""The body of each form of refusal."""

from paceport.sandbox.json.refusals import refusal_json
from paceport.sandbox.state.refusals import Refusal, bad_request, capacity_reached


def test_a_refusal_names_resource_field_and_code() -> None:
    assert refusal_json(bad_request("Activity", "name", "missing")) == {
        "message": "Bad Request",
        "errors": [{"resource": "Activity", "field": "name", "code": "missing"}],
    }


def test_a_refusal_without_details_still_has_a_list_of_errors() -> None:
    assert refusal_json(Refusal(403, "Forbidden")) == {"message": "Forbidden", "errors": []}


def test_a_full_app_is_refused_with_the_message_alone() -> None:
    assert refusal_json(capacity_reached()) == {"message": "Limit of connected athletes exceeded"}


def test_an_empty_refusal_has_no_body() -> None:
    assert refusal_json(Refusal(401, "Authorization Error", is_empty=True)) is None
