"""Real FIT runs as streams, read by a public decoder: these tests hold the analysis to account, not our reader."""

import gzip
import io
from pathlib import Path

import fitdecode  # type: ignore[import-untyped]  # it ships no types
import numpy as np

from paceport.streams import Streams

CHANNELS = {
    "distance_m": ("distance",),
    "altitude_m": ("enhanced_altitude", "altitude"),
    "heartrate_bpm": ("heart_rate",),
    "cadence_spm": ("cadence",),
    "latitude_deg": ("position_lat",),
    "longitude_deg": ("position_long",),
}
SCALES = {"cadence_spm": 2.0, "latitude_deg": 180 / 2**31, "longitude_deg": 180 / 2**31}


def read_run(path: Path) -> Streams:
    """The records of a FIT file, gzipped or not, as they stand."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    with fitdecode.FitReader(io.BytesIO(content)) as reader:
        records = [
            {field.name: field.value for field in message.fields}
            for message in reader
            if isinstance(message, fitdecode.FitDataMessage) and message.name == "record"
        ]
    time_s = np.array([record["timestamp"].timestamp() for record in records])
    channels = {}
    for name, fields in CHANNELS.items():
        values = [
            next((record[field] for field in fields if record.get(field) is not None), None) for record in records
        ]
        channel = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        channels[name] = channel * SCALES.get(name, 1.0) if np.isfinite(channel).any() else None
    return Streams(time_s=time_s - time_s[0], **channels)
