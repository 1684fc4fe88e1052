"""The whole way once, without a socket: consent, tokens, the list."""

from sandbox.visitor import Visitor, read


def test_a_visitor_gets_from_consent_to_the_list(visitor: Visitor) -> None:
    token = visitor.login()

    page = read(visitor.api("/athlete/activities?per_page=5", token["access_token"]))

    assert len(page) == 5
    assert page == sorted(page, key=lambda row: str(row["start_date"]), reverse=True)


def test_a_token_with_read_alone_may_not_list(visitor: Visitor) -> None:
    token = visitor.login(scope="read")

    answer = visitor.api("/athlete/activities", token["access_token"])

    assert answer.status == 401
    assert answer.body == (
        b'{"message":"Authorization Error","errors":[{"resource":"AccessToken",'
        b'"field":"activity:read_permission","code":"missing"}]}'
    )
