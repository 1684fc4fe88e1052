"""FIT bytes → messages through fitdecode, the reference decoder: slow, and reads what our own leaves alone."""

import struct
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from paceport.formats.tracks.fit_profile import MESSAGES, RECORD, FitFile, Row, developer_channel

# What fitdecode was seen to raise on damaged files besides its own FitError.
DAMAGE = (ValueError, LookupError, TypeError, AssertionError, AttributeError, ArithmeticError, struct.error)


def decode_fit_slowly(content: bytes) -> list[FitFile]:
    """The same as `fit.decode_fit`, read by fitdecode: about a hundred times slower, for odd files only."""
    import fitdecode  # type: ignore[import-untyped]  # it ships no types. Here: it costs 100 ms, and few files need it

    files: list[FitFile] = []
    records: list[list[Row]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with fitdecode.FitReader(content) as reader:
                for frame in reader:
                    if frame.frame_type == fitdecode.FIT_FRAME_HEADER:
                        files.append(FitFile())
                        records.append([])
                    elif frame.frame_type == fitdecode.FIT_FRAME_CRC and not frame.matched:
                        files[-1].notes.append("the file's checksum is wrong: some values may be damaged")
                    elif frame.frame_type == fitdecode.FIT_FRAME_DATA:
                        _add(frame, files[-1], records[-1])
    except (fitdecode.FitError, *DAMAGE) as error:
        if not files:
            files, records = [FitFile()], [[]]
        files[-1].notes.append(
            f"the file is cut short or damaged ({type(error).__name__}); everything before that is used"
        )
    for decoded, rows in zip(files, records, strict=True):
        decoded.records = _columns(rows)
    return files


def _add(frame: Any, decoded: FitFile, records: list[Row]) -> None:  # noqa: ANN401  # fitdecode has no types
    number = frame.global_mesg_num
    if number not in MESSAGES:
        return
    row = dict(_values(frame, number))
    if number == RECORD:
        records.append(row)
    else:
        decoded.rows.setdefault(MESSAGES[number][0], []).append(row)


def _values(frame: Any, number: int) -> Iterator[tuple[str, float | str | list[float]]]:  # noqa: ANN401  # fitdecode has no types
    profiles = MESSAGES[number][1]
    for item in frame.fields:
        if item.field_def is not None and item.field_def.is_dev:
            channel = developer_channel(
                name=item.field.name or "", units=item.field.units or "", native_field=item.field.native_field_num
            )
            value = item.raw_value[0] if isinstance(item.raw_value, tuple) and item.raw_value else item.raw_value
            if number == RECORD and channel and _is_number(value):
                yield channel.name, float(value) / channel.scale
            continue
        profile = profiles.get(item.def_num)
        value = item.raw_value
        if profile is not None and profile.is_list:
            if item.field_def is not None and value is not None:
                parts = value if isinstance(value, tuple | bytes) else (value,)
                yield profile.name, [float("nan") if part is None else float(part) for part in parts]
            continue
        if isinstance(value, tuple):
            value = next((part for part in value if part is not None), None)
        if profile is None or value is None:
            continue
        if profile.is_text:
            if isinstance(value, str):
                yield profile.name, value
        elif item.field_def is None and profile.name != "timestamp":  # unfolded from a packed field: already scaled
            if _is_number(value):
                yield profile.name, float(value)
        elif _is_number(value):
            yield profile.name, float(value) / profile.scale - profile.offset


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and bool(np.isfinite(value))


def _columns(rows: list[Row]) -> dict[str, Any]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: np.array([row.get(name, np.nan) for row in rows], dtype=np.float64) for name in names}
