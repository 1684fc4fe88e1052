"""Streams on disk: blocks beside the JSON text of the same channels, and other encodings beside both."""

import json
import sys
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import zstandard

from paceport.formats.stream_codec import decode_streams, encode_streams
from paceport.formats.tracks.read_file import read_tracks
from paceport.streams import Streams

if TYPE_CHECKING:
    from paceport.streams import Channel

ROOT = Path(__file__).parent.parent
REAL = ROOT.parent / "shared" / "data"
BAR = 12.0
# What a channel really holds; more digits would flatter us. Positions as the semicircles of a FIT device need them.
DIGITS = {"distance_m": 2, "latitude_deg": 7, "longitude_deg": 7, "altitude_m": 1, "speed_mps": 3}
Encoding = Callable[[str, "Channel"], bytes]


def text(channels: "Mapping[str, Channel]") -> bytes:
    """JSON as short as it gets: rounded, no blanks, null for gaps."""
    rounded = {}
    for name, channel in channels.items():
        digits = DIGITS.get(name)
        rounded[name] = [
            None if value != value else round(value, digits) if digits else int(value) for value in channel.tolist()
        ]
    return json.dumps(rounded, separators=(",", ":")).encode()


def each_channel(encode: Encoding) -> Callable[[Streams], int]:
    """The bytes that an encoding of single channels needs for streams."""
    return lambda streams: sum(len(encode(name, channel)) for name, channel in streams.channels().items())


def float_zstd(_: str, channel: "Channel") -> bytes:
    """float64 as it is."""
    return zstandard.ZstdCompressor(level=12).compress(channel.tobytes())


def float_planes_zstd(_: str, channel: "Channel") -> bytes:
    """float64 in byte planes."""
    planes = np.ascontiguousarray(channel.view(np.uint8).reshape(-1, 8).T)
    return zstandard.ZstdCompressor(level=12).compress(planes.tobytes())


def integer_delta_zstd(name: str, channel: "Channel") -> bytes:
    """int32 at the channel's resolution, differenced once, signed, in byte planes."""
    numbers = np.nan_to_num(np.rint(channel * 10 ** DIGITS.get(name, 0))).astype(np.int32)
    planes = np.ascontiguousarray(np.diff(numbers, prepend=0).astype(np.int32).view(np.uint8).reshape(-1, 4).T)
    return zstandard.ZstdCompressor(level=12).compress(planes.tobytes())


def blocks(streams: Streams) -> int:
    """Ours."""
    return sum(map(len, encode_streams(streams).values()))


ENCODINGS: dict[str, Callable[[Streams], int]] = {
    "JSON text": lambda streams: len(text(streams.channels())),
    "JSON text, deflated": lambda streams: len(zlib.compress(text(streams.channels()), 9)),
    "float64, zstd": each_channel(float_zstd),
    "float64 planes, zstd": each_channel(float_planes_zstd),
    "int32 delta planes, zstd": each_channel(integer_delta_zstd),
    "blocks": blocks,
}


def noisy_hour(seed: int) -> Streams:
    """An hour whose channels wander and tremble as much as a watch's do, rounded as a FIT file rounds."""
    chance = np.random.default_rng(seed)
    count = 3600

    def wander(level: float, drift: float, tremble: float, step: float) -> "Channel":
        values = level + np.cumsum(chance.normal(0, drift, count)) + chance.normal(0, tremble, count)
        return np.rint(values / step) * np.float64(step)

    speed = np.maximum(wander(3.0, 0.02, 0.03, 0.001), 0.5)
    heading = np.cumsum(chance.normal(0, 0.05, count))
    semicircle = 180 / 2**31
    return Streams(
        time_s=np.arange(count, dtype=np.float64),
        distance_m=np.rint(np.cumsum(speed) * 100) / 100,
        latitude_deg=np.rint((50 + np.cumsum(speed * np.cos(heading)) / 111_195) / semicircle) * semicircle,
        longitude_deg=np.rint((14 + np.cumsum(speed * np.sin(heading)) / 71_500) / semicircle) * semicircle,
        altitude_m=wander(300, 0.15, 0.05, 0.2),
        speed_mps=speed,
        heartrate_bpm=wander(150, 0.4, 0.3, 1),
        cadence_spm=wander(172, 0.2, 0.8, 2),
        power_w=wander(250, 0.5, 6, 1),
        temperature_c=wander(20, 0.01, 0, 1),
    )


def show(title: str, runs: list[Streams]) -> float:
    """Print a row for each encoding; returns how many times smaller than text ours is."""
    hours = sum(map(len, runs)) / 3600
    plain = sum(len(text(run.channels())) for run in runs)
    print(f"{title}: {len(runs)} runs, {sum(map(len, runs))} samples")
    print(f"  {'encoding':26}{'bytes':>10}{'1 / ratio':>11}{'encode ms an hour':>19}")
    size = plain
    for name, encoding in ENCODINGS.items():
        start = time.perf_counter()
        size = sum(encoding(run) for run in runs)
        spent = time.perf_counter() - start
        print(f"  {name:26}{size:10}{plain / size:11.2f}{spent * 1e3 / hours:19.2f}")
    stored = [encode_streams(run) for run in runs]
    start = time.perf_counter()
    for each in stored:
        decode_streams(each)
    decoding = time.perf_counter() - start
    start = time.perf_counter()
    for each in stored:
        decode_streams({name: each[name] for name in ("time_s", "distance_m") if name in each})
    two = time.perf_counter() - start
    print(f"  decoding blocks: {decoding * 1e3 / hours:.2f} ms an hour, time and distance {two * 1e3 / hours:.2f} ms")
    return plain / size


def main() -> int:
    """Print both tables; 1 if the real files (generated ones where there are none) miss the bar."""
    paths = sorted([*REAL.glob("runs/*"), *REAL.glob("export/activities/*")])
    ratio = show("generated", [noisy_hour(seed) for seed in range(3)])
    if paths:
        real = [track.streams for path in paths for track in read_tracks(path.read_bytes(), path.name)]
        ratio = show("real files", real)
    else:
        print("the folder with real files is absent: the bar is held against generated ones")
    print(f"blocks take 1/{ratio:.2f} of the text (bar 1/{BAR:.0f})")
    return int(ratio < BAR)


if __name__ == "__main__":
    sys.exit(main())
