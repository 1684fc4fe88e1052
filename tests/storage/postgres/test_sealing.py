"""Secrets in rows: only with the right key, only in their own row, and under a new key without a stop."""

from __future__ import annotations

import shlex
import sys

import pytest

from paceport.errors import StoreUnreadable, UsageError
from paceport.secret import Secret
from paceport.storage.postgres.sealing import Key, KeyMissing, Sealer, keys_of_command, parse_keys

OLD, NEW = (Key(id=name, value=Secret(digit * 64)) for name, digit in (("old", "a"), ("new", "b")))


def sealer(*keys: Key) -> Sealer:
    return Sealer(lambda: keys)


def test_what_was_sealed_is_opened_in_its_own_place_alone() -> None:
    sealed = sealer(OLD).seal(b"value", place="table row 1")

    assert sealer(OLD).open(sealed, place="table row 1") == b"value"
    with pytest.raises(StoreUnreadable, match="belongs to another row"):
        sealer(OLD).open(sealed, place="table row 2")


def test_no_two_rows_share_a_key_or_look_alike() -> None:
    first, second = (sealer(OLD).seal(b"value", place="row") for _ in range(2))

    assert first[9:] != second[9:]
    assert b"value" not in first


def test_every_changed_byte_is_noticed() -> None:
    sealed = sealer(OLD).seal(b"value", place="row")

    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(StoreUnreadable):
            sealer(OLD).open(changed, place="row")
    for length in range(len(sealed)):
        with pytest.raises(StoreUnreadable):
            sealer(OLD).open(sealed[:length], place="row")


def test_a_new_key_seals_while_the_old_one_still_opens() -> None:
    old = sealer(OLD).seal(b"value", place="row")
    newer = sealer(NEW, OLD).reseal(old, place="row")

    assert newer is not None
    assert sealer(NEW, OLD).open(old, place="row") == b"value"
    assert sealer(NEW).open(newer, place="row") == b"value"
    assert sealer(NEW).reseal(newer, place="row") is None
    with pytest.raises(KeyMissing, match=r"another key than those given \(old\)"):
        sealer(OLD).open(newer, place="row")


def test_keys_are_named_in_their_order() -> None:
    text = f"new:{'B' * 64},\nold:{'a' * 64}\n"

    assert parse_keys(text, source="PACEPORT_KEYS") == (NEW, OLD)
    assert [key.id for key in parse_keys("c" * 64, source="PACEPORT_KEY")] == ["1"]


@pytest.mark.parametrize(
    "text", ["", " \n", "a" * 63, "g" * 64, "id:" + "a" * 65, "٣" * 64, f"{'a' * 64},short-secret"]
)
def test_what_is_no_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_keys(text, source="PACEPORT_KEYS")

    assert "short-secret" not in str(error.value)
    assert "openssl rand -hex 32" in error.value.fix


def test_a_command_gives_the_keys() -> None:
    command = f"{shlex.quote(sys.executable)} -c \"print('new:' + 'b' * 64)\""

    assert keys_of_command(command) == (NEW,)


@pytest.mark.parametrize("command", ["/no/such/program", "false", "'unclosed", ""])
def test_a_command_that_fails_is_said(command: str) -> None:
    with pytest.raises(UsageError, match="key_command gave no key"):
        keys_of_command(command)
