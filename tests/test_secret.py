import copy
import io
import json
import logging
import pickle

import pytest

from paceport.secret import MASK, AccessToken, Secret, _KnownSecrets, mask_secrets
from paceport.secret_filter import SecretFilter

CANARY = "canary-5ab1e77e-value-nobody-may-see"


@pytest.mark.parametrize(
    "shown",
    [
        str(Secret(CANARY)),
        repr(Secret(CANARY)),
        f"{Secret(CANARY)}",
        f"{Secret(CANARY)!r:>50}",
        "%s %r" % (Secret(CANARY), Secret(CANARY)),  # noqa: UP031  # as old log calls do
        repr([Secret(CANARY)]),
        repr(AccessToken(CANARY)),
        repr({"token": AccessToken(CANARY)}),
    ],
)
def test_a_secret_is_never_shown(shown: str) -> None:
    assert CANARY not in shown
    assert MASK in shown


@pytest.mark.parametrize("carry", [json.dumps, pickle.dumps, copy.deepcopy])
def test_a_secret_is_not_serialised(carry: object) -> None:
    with pytest.raises(TypeError):
        carry(Secret(CANARY))  # type: ignore[operator]  # any function that would carry it off


def test_a_secret_is_revealed_on_request() -> None:
    assert Secret(CANARY).reveal() == CANARY


def test_secrets_compare_by_value_and_not_with_text() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")


def test_an_access_token_is_a_plain_string() -> None:
    token = AccessToken(CANARY)

    assert f"Bearer {token}" == f"Bearer {CANARY}"
    assert isinstance(token, str)


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    logger = logging.Logger("test")  # noqa: LOG001  # one of its own, not a name shared by all tests
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(SecretFilter())
    logger.addHandler(handler)
    return logger, out


def test_a_log_line_masks_a_secret_its_writer_did_not_know(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    Secret(CANARY)

    logger.debug("POST token=%s in %s", CANARY, {"body": CANARY})

    assert CANARY not in out.getvalue()
    assert out.getvalue().count(MASK) == 2


def test_a_traceback_in_a_log_is_masked(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    Secret(CANARY)

    try:
        raise ValueError(CANARY)
    except ValueError:
        logger.exception("it broke")

    assert "ValueError" in out.getvalue()
    assert CANARY not in out.getvalue()


def test_a_log_line_whose_arguments_do_not_fit_is_still_masked(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    Secret(CANARY)

    logger.warning("%d %d", CANARY)  # noqa: PLE1206  # the mistake under test

    assert CANARY not in out.getvalue()


def test_a_short_value_does_not_eat_ordinary_words() -> None:
    Secret("run")

    assert mask_secrets("a run in the park") == "a run in the park"


def test_a_secret_inside_a_longer_one_leaves_no_rest() -> None:
    Secret("abcdefgh")
    Secret("abcdefghijkl-longer")

    assert mask_secrets("<abcdefghijkl-longer>") == f"<{MASK}>"


@pytest.mark.parametrize("encoded", ["canary%2Fwith%2Bsigns%3D%3D", "canary/with+signs=="])
def test_a_secret_is_masked_in_its_percent_encoded_form_too(encoded: str) -> None:
    Secret("canary/with+signs==")

    assert "signs" not in mask_secrets(f"code={encoded}&scope=read")


def test_of_very_many_secrets_the_newest_are_masked_and_the_rest_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    known = _KnownSecrets()
    monkeypatch.setattr(_KnownSecrets, "_MOST", 100)
    tokens = [f"{number:040x}" for number in range(1, 300)]
    known.add("client secret/of another length")
    for token in tokens:
        known.add(token)

    assert known.mask(f"a {tokens[-1]} b") == f"a {MASK} b"
    assert known.mask(tokens[0]) == tokens[0]
    assert known.mask("client+secret%2Fof+another+length") == MASK
