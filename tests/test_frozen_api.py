"""What a program may rely on: no public name may go or change how it is called without this file saying so."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import paceport
from paceport.api.client.client import Client
from paceport.cli.commands import COMMANDS

FROZEN = Path(__file__).parent / "frozen_api.txt"
# Of a profile, only what docs/reference/python.md describes is public; the rest is for commands and pages.
PROFILE = ("runs", "activities", "token", "token_async", "client", "granted", "grant", "close")
ADAPTERS = {"httpx": ("Auth",), "requests": ("Auth",), "stravalib": ("client",)}


def call(value: object) -> str:
    """How something is called: names, kinds and defaults. What the types are, tests/typing/api.py checks."""
    found = inspect.signature(value)  # type: ignore[arg-type]  # everything here can be called
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in found.parameters.values()]
    return str(found.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def methods(owner: type, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield f"{owner.__name__}.{name}{call(getattr(owner, name))}"


def public_names() -> Iterator[str]:
    """One line for each public name, as it is today."""
    for name in paceport.__all__:
        value = getattr(paceport, name)
        if inspect.isclass(value) and issubclass(value, paceport.PaceportError):
            bases = ", ".join(base.__name__ for base in value.__bases__)
            yield f"paceport.{name}({bases}) exit code {value.exit_code}"
        elif name in ("open", "refuse_left_out"):
            yield f"paceport.{name}{call(value)}"
        else:
            yield f"paceport.{name}"
    yield from methods(paceport.Profile, PROFILE)
    yield from methods(Client, tuple(name for name in sorted(dir(Client)) if not name.startswith("_")))
    yield from methods(paceport.Scopes, ("covers", "missing"))
    yield from methods(paceport.Listing, ("to_dicts",))
    yield from (f"Run.{name}" for name in sorted(dir(paceport.Run)) if not name.startswith("_"))
    yield from (f"LeftOut.{name}" for name in sorted(dir(paceport.LeftOut)) if not name.startswith("_"))
    for module, names in ADAPTERS.items():
        found = import_module(f"paceport.adapters.{module}")
        yield from (f"paceport.adapters.{module}.{name}{call(getattr(found, name))}" for name in names)
    yield from (f"command {word}" for word in COMMANDS)


def test_no_public_name_has_gone_or_is_called_otherwise() -> None:
    today = set(public_names())

    gone = [line for line in FROZEN.read_text(encoding="utf-8").splitlines() if line not in today]

    assert gone == [], "programs rely on these: only a new major version may take them away"


if __name__ == "__main__":  # for a release: from then on programs may rely on the names that have come since
    FROZEN.write_text("\n".join(public_names()) + "\n", encoding="utf-8")
