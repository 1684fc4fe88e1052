"""What a switch is: one thing that can be set differently in the simulated service; and the values in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = bool | int | str
Mark = Literal["documented", "recorded", "seen", "assumed"]


class InvalidSwitch(Exception):
    """That switch does not exist, or does not take that value; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One thing that can be set. `choices` is empty where any value of the default's type is good.

    `mark` says how the default is known: from the documentation, from recorded traffic, from what somebody saw and
    wrote in a public thread, or not at all. `source` is the page, recording or thread.
    """

    name: str
    default: Value
    choices: tuple[Value, ...] = ()
    mark: Mark
    source: str = ""
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


class Switches:
    """The values in force. Reading an unknown name is a mistake of the caller and raises NoSuchSwitch."""

    def __init__(self, switches: tuple[Switch, ...]) -> None:
        self.switches = switches
        self._known = {switch.name: switch for switch in switches}
        self._set: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        return self._set.get(name, self._find(name).default)

    def number(self, name: str) -> int:
        """The value of a switch that counts something."""
        value = self[name]
        if not isinstance(value, int):
            raise InvalidSwitch(f"{name} is no number")
        return value

    def set(self, **values: object) -> None:
        """Set switches by name. All are checked before any is set."""
        checked = {name: self._find(name).check(value) for name, value in values.items()}
        self._set.update(checked)

    def reset(self) -> None:
        """Back to the defaults."""
        self._set.clear()

    def _find(self, name: str) -> Switch:
        if name not in self._known:
            raise InvalidSwitch(f"there is no switch {name!r}")
        return self._known[name]
