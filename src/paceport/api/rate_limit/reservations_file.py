"""Reservations as the text that rests in a file between processes, and back; msgspec checks every part of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import msgspec

from paceport.api.rate_limit.headers import Usage, possible_usage
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.api.rate_limit.reservations import Permit, Reservations, UncountedRequest, WindowUsage

# Unix seconds that a calendar can hold, with days to spare on both sides.
_Moment = Annotated[float, msgspec.Meta(ge=0, le=32_503_680_000)]
_Skew = Annotated[float, msgspec.Meta(ge=-10_000_000_000, le=10_000_000_000)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class _PermitRow(msgspec.Struct, array_like=True):
    number: _Count
    limit: LimitClass
    at: _Moment
    process: _Count


class _UncountedRow(msgspec.Struct, array_like=True):
    next_permit_number: _Count
    at: _Moment


class _UsageRow(msgspec.Struct, array_like=True):
    quarter_limit: _Count | None
    day_limit: _Count | None
    quarter_used: _Count | None
    day_used: _Count | None


class _Window(msgspec.Struct, rename={"uncounted": "blind"}):
    usage: _UsageRow
    at: _Moment | None
    uncounted: list[_UncountedRow]
    closed_until: _Moment | None


class _File(msgspec.Struct):
    schema: Literal[1]
    next_number: _Count
    skew_s: _Skew
    pending: list[_PermitRow]
    overall: _Window
    read: _Window


def reservations_to_json(reservations: Reservations) -> str:
    """Reservations as the text that rests in the file."""
    file = _File(
        schema=1,
        next_number=reservations.next_number,
        skew_s=reservations.skew.total_seconds(),
        pending=[
            _PermitRow(each.number, each.limit, each.at.timestamp(), each.process) for each in reservations.pending
        ],
        overall=_window_to_file(reservations.overall),
        read=_window_to_file(reservations.read),
    )
    return msgspec.json.encode(file).decode()


def reservations_from_json(text: str) -> Reservations:
    """The reservations in a text. Raises ValueError for anything that is none."""
    file = msgspec.json.decode(text, type=_File)  # its errors are ValueErrors
    return Reservations(
        next_number=file.next_number,
        skew=timedelta(seconds=file.skew_s),
        pending=tuple(
            Permit(number=each.number, limit=each.limit, at=_moment(each.at), process=each.process)
            for each in file.pending
        ),
        overall=_window_from_file(file.overall),
        read=_window_from_file(file.read),
    )


def _window_to_file(window: WindowUsage) -> _Window:
    usage = window.usage
    return _Window(
        usage=_UsageRow(usage.quarter_limit, usage.day_limit, usage.quarter_used, usage.day_used),
        at=window.at.timestamp() if window.at else None,
        uncounted=[_UncountedRow(each.next_permit_number, each.at.timestamp()) for each in window.uncounted],
        closed_until=window.closed_until.timestamp() if window.closed_until else None,
    )


def _window_from_file(window: _Window) -> WindowUsage:
    return WindowUsage(
        usage=possible_usage(
            Usage(
                quarter_limit=window.usage.quarter_limit,
                day_limit=window.usage.day_limit,
                quarter_used=window.usage.quarter_used,
                day_used=window.usage.day_used,
            )
        ),
        at=None if window.at is None else _moment(window.at),
        uncounted=tuple(
            UncountedRequest(next_permit_number=each.next_permit_number, at=_moment(each.at))
            for each in window.uncounted
        ),
        closed_until=None if window.closed_until is None else _moment(window.closed_until),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
