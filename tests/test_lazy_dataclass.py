"""The decorator that writes methods late makes the same classes as the standard library's."""

import copy
import dataclasses
import pickle
import sys
import threading
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from paceport import lazy_dataclass

Decorator = Callable[..., Callable[[type], type]]
LATE: Decorator = lazy_dataclass.dataclass
DECORATORS: list[Decorator] = [dataclasses.dataclass, LATE]


def made(decorator: Decorator, *, frozen: bool = True, kw_only: bool = True, eq: bool = True) -> Any:  # noqa: ANN401
    """A class of every kind of field that we use."""

    @decorator(frozen=frozen, slots=True, kw_only=kw_only, eq=eq)
    class Lap:
        """A lap."""

        limit: ClassVar[int] = 3
        number: int
        name: str = "lap"
        notes: list[str] = dataclasses.field(default_factory=list)
        secret: str = dataclasses.field(default="s", repr=False)

        def double(self) -> int:
            return 2 * self.number

    return Lap


@lazy_dataclass.dataclass(frozen=True, slots=True, kw_only=True)
class Pickled:
    """At the top of a module, where pickle finds it."""

    value: int


def outcome(act: Callable[[], object]) -> object:
    try:
        return act()
    except (TypeError, AttributeError, dataclasses.FrozenInstanceError) as error:
        return type(error)


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("eq", [True, False])
@pytest.mark.parametrize("kw_only", [True, False])
def test_a_late_class_does_what_the_library_makes_of_it(*, frozen: bool, eq: bool, kw_only: bool) -> None:
    def told(decorator: Decorator) -> list[object]:
        def fresh() -> Any:  # noqa: ANN401  # each question is the first one that a class is asked
            return made(decorator, frozen=frozen, kw_only=kw_only, eq=eq)

        asks: list[Callable[[Any], object]] = [
            lambda lap: repr(lap(number=1)),
            lambda lap: lap(number=1) == lap(number=1),
            lambda lap: lap(number=1) == lap(number=2),
            lambda lap: lap(number=1) == 1,
            lambda lap: type(hash(lap(number=1, notes=()))),
            lambda lap: lap(),
            lambda lap: repr(lap(1)),
            lambda lap: lap(number=1, other=2),
            lambda lap: setattr(lap(number=1), "number", 2),
            lambda lap: delattr(lap(number=1), "name"),
            lambda lap: setattr(lap(number=1), "unknown", 2),
            lambda lap: repr(dataclasses.replace(lap(number=1), number=5)),
            lambda lap: dataclasses.asdict(lap(number=1)),
            lambda lap: [(one.name, one.repr) for one in dataclasses.fields(lap)],
            lambda lap: dataclasses.is_dataclass(lap),
            lambda lap: lap.__match_args__,
            lambda lap: lap.__slots__,
            lambda lap: (lap.limit, lap(number=4).double(), lap.__doc__),
            lambda lap: lap(number=1).notes is lap(number=1).notes,
            lambda lap: repr(copy.copy(lap(number=7))),
        ]
        return [outcome(lambda ask=ask: ask(fresh())) for ask in asks]  # type: ignore[misc]  # the loop's own

    late, library = (told(decorator) for decorator in reversed(DECORATORS))

    assert late == library


def test_what_is_made_after_init_and_from_inherited_fields_is_the_same() -> None:
    def told(decorator: Decorator) -> str:
        @decorator(frozen=True, slots=True, kw_only=True)
        class First:
            a: int
            b: int = 2

            def __post_init__(self) -> None:
                if self.a < 0:
                    raise TypeError

        @decorator(frozen=True, slots=True, kw_only=True)
        class Second(First):
            c: int = 3

        first: Any = First
        second: Any = Second
        return f"{outcome(lambda: first(a=-1))} {first(a=1)} {second(a=1)} {outcome(lambda: second(a=-1))}"

    late, library = (told(decorator) for decorator in reversed(DECORATORS))

    assert late == library


def test_a_late_value_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Pickled(value=3))) == Pickled(value=3)  # our own bytes


def test_methods_are_written_on_first_use_only() -> None:
    lap = made(LATE)

    assert type(lap.__dict__["__eq__"]) is lazy_dataclass._Late
    lap(number=1)
    assert type(lap.__dict__["__eq__"]) is lazy_dataclass._Late
    assert lap(number=1) == lap(number=1)
    assert type(lap.__dict__["__eq__"]) is not lazy_dataclass._Late


def test_threads_that_ask_at_the_same_time_get_the_same_methods() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    wrong: list[object] = []
    try:
        for _ in range(60):
            lap, together = made(LATE), threading.Barrier(4)
            threads = [threading.Thread(target=_ask, args=(lap, together, wrong)) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        sys.setswitchinterval(interval)

    assert wrong == []


def _ask(lap: Any, together: threading.Barrier, wrong: list[object]) -> None:  # noqa: ANN401  # a class made for this
    together.wait()
    try:
        first, second = lap(number=1), lap(number=1)
        first.__setstate__(second.__getstate__())
        if first != second or repr(first) != repr(second):
            wrong.append(repr(first))
    except Exception as error:  # noqa: BLE001  # whatever a half-made class raises
        wrong.append(repr(error))
