"""The messages of one FIT definition: what they hold and where they lie."""

from array import array
from dataclasses import field
from typing import TYPE_CHECKING, Literal

import numpy as np

from paceport.formats.tracks.fit_profile import BASE_TYPES, TIMESTAMP
from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]


COMPRESSED = 0x80  # in a header byte: the message has a compressed timestamp


@dataclass(slots=True, kw_only=True)
class MessageGroup:
    """All messages of one definition. `fields` are (number, offset in the message, size, base type).

    `developer_fields` are (developer index, number, offset in the message, size). `places` are the bytes of the file at
    which the messages begin, in order.
    """

    message: int
    order: str
    size: int
    fields: list[tuple[int, int, int, int]]
    developer_fields: list[tuple[int, int, int, int]]
    places: "array[int]" = field(default_factory=lambda: array("q"))
    has_compressed_time: bool = False

    def take_compressed(self, place: int) -> None:
        """Note a message whose header holds its time."""
        self.has_compressed_time = True
        self.places.append(place)

    def step(self) -> int | None:
        """How far apart they lie, where all are equally far apart."""
        first, last, count = self.places[0], self.places[-1], len(self.places)
        step = self.places[1] - first if count > 1 else self.size
        if last - first != step * (count - 1):
            return None
        # None lies nearer to the next than its own size, so that nothing can be uneven where the sum says that size.
        places = self.places_array()
        return step if step == self.size or bool((places[1:] - places[:-1] == step).all()) else None

    def places_array(self) -> "Places":
        """The places for numpy, without a copy: `places` must not grow any more."""
        return np.frombuffer(self.places, dtype=np.int64)

    def timestamps(self, content: bytes) -> list[float]:
        """The plain timestamp of each message of any kind, NaN where it has none."""
        for number, offset, size, base in self.fields:
            if number == TIMESTAMP and base in BASE_TYPES and size == 4:
                order: Literal["big", "little"] = "big" if self.order == ">" else "little"
                stamps = [int.from_bytes(content[place + offset : place + offset + 4], order) for place in self.places]
                return [float("nan") if stamp == 0xFFFFFFFF else float(stamp) for stamp in stamps]
        return [float("nan")] * len(self.places)


def data_headers(local: int) -> list[int]:
    """The header bytes of data messages of local type `local`: one plain, and 32 with a compressed timestamp."""
    return [local] if local > 3 else [local, *range(COMPRESSED | local << 5, (COMPRESSED | local << 5) + 32)]
