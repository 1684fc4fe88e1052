"""What a switch is: one thing that can be set differently in the simulated service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = bool | int | str
Mark = Literal["documented", "recorded", "assumed"]


class InvalidSwitch(Exception):
    """That switch does not exist, or does not take that value; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One thing that can be set. `choices` is empty where any value of the default's type is good.

    `mark` says how the default is known: from the documentation, from recorded traffic, or not at all.
    """

    name: str
    default: Value
    choices: tuple[Value, ...] = ()
    mark: Mark
    doc: str

    def check(self, value: object) -> Value:
        """The value, if this switch takes it. Raises NoSuchSwitch otherwise."""
        if not isinstance(value, bool | int | str) or type(value) is not type(self.default):
            raise InvalidSwitch(f"{self.name} takes a {type(self.default).__name__}, not {value!r}")
        if self.choices and value not in self.choices:
            raise InvalidSwitch(f"{self.name} is one of {', '.join(map(repr, self.choices))}, not {value!r}")
        if isinstance(value, int) and value < 0:
            raise InvalidSwitch(f"{self.name} is not negative")
        return value
