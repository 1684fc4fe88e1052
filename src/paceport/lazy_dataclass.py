"""`dataclass` as the standard library has it, with the methods written when they are first used.

The library writes and compiles seven methods for every class when its module is imported, which is 0.6 ms for each of
the classes that a command imports, of which it uses few. Type checkers see the library's own decorator.
"""

from __future__ import annotations

import dataclasses
from _thread import RLock
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(**options: bool) -> Callable[[type], type]:
        """The library's decorator, for options given by name; a class with slots has its methods written late."""

        def decorated(cls: type) -> type:
            return _slotted(cls, options) if options.get("slots") else dataclasses.dataclass(**options)(cls)

        return decorated


_WRITING = RLock()  # a class may ask for what its base has
_FIELDS = "__dataclass_fields__"
_ALWAYS = ("__repr__", _FIELDS, "__dataclass_params__", "__match_args__", "__replace__")
_FROZEN = ("__setattr__", "__delattr__", "__getstate__", "__setstate__")


class _Late:
    """Stands in a class for what is written there when somebody first asks for it."""

    def __init__(self, name: str, write: Callable[[], None]) -> None:
        self._name, self._write = name, write

    def __get__(self, instance: object, owner: type) -> Any:  # noqa: ANN401  # whatever the library writes
        with _WRITING:
            # Two threads may ask first; what the first of them wrote stays.
            if any(base.__dict__.get(self._name) is self for base in owner.__mro__):
                self._write()
        return getattr(owner if instance is None else instance, self._name)


def _slotted(cls: type, options: Mapping[str, bool]) -> type:
    """The class with slots for its fields, and stand-ins for all that the library would write."""
    own = dict(cls.__dict__)
    names = tuple(name for name, kind in cls.__annotations__.items() if "ClassVar" not in str(kind))
    taken = {name for base in cls.__mro__[1:] for name in getattr(base, "__slots__", ())}
    kept = {name: value for name, value in own.items() if name not in {*names, "__dict__", "__weakref__"}}
    kept["__slots__"] = tuple(name for name in names if name not in taken)
    made: type = type(cls)(cls.__name__, cls.__bases__, kept)
    made.__qualname__ = cls.__qualname__

    late = [name for name in ("__init__", *_ALWAYS, *(_FROZEN if options.get("frozen") else ())) if name not in own]
    if options.get("eq", True):
        late += [name for name in ("__eq__", "__hash__") if not own.get(name)]

    def write() -> None:
        written = dataclasses.dataclass(**options)(cls).__dict__  # as they were given to us
        for name in late:
            if name in written:
                setattr(made, name, written[name])
            elif isinstance(made.__dict__.get(name), _Late):
                delattr(made, name)

    def write_init() -> None:
        if "__init__" in late and options.get("kw_only") and _is_plain(cls, own):
            made.__init__ = _init(names, own, "__post_init__" in own)  # type: ignore[misc]  # in its stand-in's place
        else:
            write()

    for name in late:
        setattr(made, name, _Late(name, write_init if name == "__init__" else write))
    return made


def _is_plain(cls: type, own: Mapping[str, object]) -> bool:
    """Whether it inherits no fields, and each of its own is an argument."""
    given = [value for value in own.values() if isinstance(value, dataclasses.Field)]
    inherits = any(_FIELDS in base.__dict__ for base in cls.__mro__[1:])
    odd = any("InitVar" in str(kind) or "KW_ONLY" in str(kind) for kind in cls.__annotations__.values())
    return not inherits and not odd and all(value.init for value in given)


def _init(names: tuple[str, ...], own: Mapping[str, object], has_post_init: bool) -> Callable[..., None]:
    """The `__init__` of these fields, all of them by name; by itself it costs a sixth of all methods."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_missing": dataclasses.MISSING}
    arguments, lines = [], []
    for name in names:
        default, factory = _defaults(own.get(name, dataclasses.MISSING))
        if factory is not dataclasses.MISSING:
            known[f"_new_{name}"] = factory
            arguments.append(f"{name}=_missing")
            lines.append(f"_set(self, {name!r}, _new_{name}() if {name} is _missing else {name})")
            continue
        known[f"_default_{name}"] = default
        arguments.append(name if default is dataclasses.MISSING else f"{name}=_default_{name}")
        lines.append(f"_set(self, {name!r}, {name})")
    lines += ["self.__post_init__()"] if has_post_init else []
    body = "\n    ".join(lines) or "pass"
    given = "".join(f", {one}" for one in ("*", *arguments)) if arguments else ""
    exec(f"def __init__(self{given}):\n    {body}", known)  # noqa: S102  # as the library does
    written: Callable[..., None] = known["__init__"]
    return written


def _defaults(value: object) -> tuple[object, object]:
    """The default and the factory of a field, each MISSING where there is none."""
    if isinstance(value, dataclasses.Field):
        return value.default, value.default_factory
    return value, dataclasses.MISSING
