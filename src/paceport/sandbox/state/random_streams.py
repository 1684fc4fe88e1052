"""Where the sandbox's chance comes from: one seed, so that the same requests get the same answers to the byte."""

import random
import uuid


class RandomStreams:
    """A seeded source of the values a real service would draw by chance. Each purpose has a stream of its own."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[str, random.Random] = {}

    def hex40(self, purpose: str) -> str:
        """Forty hexadecimal digits, as tokens, codes and secrets have."""
        return f"{self._stream(purpose).getrandbits(160):040x}"

    def uuid(self, purpose: str) -> str:
        """A random-looking UUID of version 4."""
        return str(uuid.UUID(int=self._stream(purpose).getrandbits(128), version=4))

    def _stream(self, purpose: str) -> random.Random:
        if purpose not in self._streams:
            # A simulator must repeat itself; nothing here guards anything real.
            self._streams[purpose] = random.Random(f"{self._seed}:{purpose}")  # noqa: S311  # repeatable by design
        return self._streams[purpose]
