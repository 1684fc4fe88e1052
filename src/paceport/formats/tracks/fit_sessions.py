"""FIT messages → tracks: which samples belong to which session, what the device was, when it paused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from paceport.formats.tracks.clock_correction import with_clock_set_back, with_clock_set_once
from paceport.formats.tracks.finish_track import finish_samples
from paceport.formats.tracks.fit_profile import (
    DEGREES_PER_SEMICIRCLE,
    FIT_EPOCH_S,
    GARMIN_PRODUCTS,
    MANUFACTURERS,
    OLDEST_DATE,
    FitFile,
    Row,
)
from paceport.formats.tracks.points_after_end import without_points_after_end
from paceport.formats.tracks.sample_table import Samples
from paceport.formats.tracks.track import Lap, Pause, Track
from paceport.sports import FIT_INDOOR, FIT_SPORTS, FIT_SUB_SPORTS

if TYPE_CHECKING:
    from paceport.streams import Channel

GARMIN = 1
CREATOR, LOCAL_SOURCE, BAROMETER = 0, 5, 4
ROUNDING_S = 2.0  # devices cut off the starts and ends of sessions
SWAPPED_WITHIN_S = 450.0  # half of the smallest step between zones
TIMER, START, STOPS = 0, 0, frozenset({1, 4, 8, 9})
NO_TRACK_TYPES = {5: "a workout plan", 6: "a course", 34: "a segment"}


def fit_tracks(decoded: FitFile) -> list[Track]:
    """One track for each session of the file; one for all samples where it states none; none where there is nothing."""
    sessions, left_out = _one_for_each_start(decoded.rows.get("session", []))
    if left_out:
        note = f"{left_out} sessions that start when another does were left out"
        decoded = replace(decoded, notes=[*decoded.notes, note])
    count = max((len(column) for column in decoded.records.values()), default=0)
    epoch_s = decoded.records.get("timestamp", np.full(count, np.nan)) + FIT_EPOCH_S
    starts = [_number(row, "start_time") for row in sessions]
    if not np.isfinite(epoch_s).any() and starts.count(None) == len(starts):
        return []
    if len(sessions) < 2 or None in starts:
        return [_track(decoded, sessions[0] if sessions else {}, epoch_s, -np.inf, np.inf)]
    bounds = [-np.inf, *(start + FIT_EPOCH_S for start in starts[1:] if start is not None), np.inf]
    return [
        _track(decoded, row, epoch_s, first, before)
        for row, first, before in zip(sessions, bounds, bounds[1:], strict=False)
    ]


def _one_for_each_start(rows: list[Row]) -> tuple[list[Row], int]:
    """The sessions in order of time, and how many were left out because another starts at the same moment.

    Of those that start together, the one that fills the time until the next session is meant: devices write one
    twice, or one for the whole beside its parts.
    """
    ordered = sorted(rows, key=lambda row: (_number(row, "start_time") or 0.0, -_length_s(row)))
    chosen: list[Row] = []
    for start_s, group in groupby(ordered, key=lambda row: _number(row, "start_time")):
        together = list(group)
        if start_s is None:
            chosen += together
            continue
        later = [_number(row, "start_time") or 0.0 for row in ordered]
        until_s = min((each for each in later if each > start_s), default=np.inf) - start_s
        fitting = [row for row in together if _length_s(row) <= until_s + ROUNDING_S]
        chosen.append(fitting[0] if fitting else together[-1])
    return chosen, len(rows) - len(chosen)


def _length_s(row: Row) -> float:
    return _number(row, "total_elapsed_time") or 0.0


def describe_non_track(files: list[FitFile]) -> str:
    """What a file without a track is, in words; empty if it may hold one."""
    for decoded in files:
        for row in decoded.rows.get("file_id", []):
            kind = NO_TRACK_TYPES.get(int(_number(row, "type") or 0))
            if kind:
                return f"it is {kind}, not a recorded activity"
    return ""


def _track(decoded: FitFile, session: Row, epoch_s: Channel, first_s: float, before_s: float) -> Track:
    sport, is_indoor, can_guess, notes = _sport(decoded, session, first_s, before_s)
    samples = Samples(epoch_s=epoch_s, channels=_channels(decoded.records))
    if first_s > -np.inf or before_s < np.inf:
        samples = samples.between(first_s, before_s)
    events = decoded.rows.get("event", [])
    samples = with_clock_set_once(_without_empty_end(samples), _pauses(events, 0.0, first_s, before_s), notes)
    samples = with_clock_set_back(samples, notes)
    kept = without_points_after_end(samples, notes)
    is_cut, samples = len(kept.epoch_s) < len(samples.epoch_s), kept
    stated = _number(session, "start_time")
    start_s = None if stated is None else stated + FIT_EPOCH_S
    finished = finish_samples(samples, sport=sport, said="", notes=notes, start_s=start_s, can_guess=can_guess)
    start_s, streams = finished.start_s, finished.streams
    ended_s = float(streams.time_s[-1]) if is_cut else np.inf
    has_date = start_s >= FIT_EPOCH_S + OLDEST_DATE
    if not has_date:
        notes.append("the device did not know the date")
    if not len(streams):
        notes.append("it contains no samples, only totals")
    return Track(
        streams=streams,
        start=datetime.fromtimestamp(start_s, UTC) if has_date else None,
        sport=finished.sport,
        is_sport_guessed=finished.is_sport_guessed,
        is_indoor=is_indoor,
        laps=_laps(decoded.rows.get("lap", []), start_s, first_s, before_s),
        pauses=tuple(pause for pause in _pauses(events, start_s, first_s, before_s) if pause.end_s <= ended_s),
        device_name=_device_name(decoded),
        has_barometer=_has_barometer(decoded),
        # It ended with the last point, which was left out.
        elapsed_s=None if is_cut else _number(session, "total_elapsed_time"),
        timer_s=_number(session, "total_timer_time"),
        distance_m=_number(session, "total_distance"),
        ascent_m=_number(session, "total_ascent"),
        utc_offset_s=_utc_offset_s(decoded),
        notes=(*decoded.notes, *notes),
    )


def _without_empty_end(samples: Samples) -> Samples:
    """Without samples at the end that hold nothing but a time: TomTom closes its files with one."""
    if not samples.channels or not len(samples.epoch_s):
        return samples
    empty_last = all(np.isnan(channel[-1]) for channel in samples.channels.values())
    if not empty_last:
        return samples
    known = np.flatnonzero(~np.all([np.isnan(channel) for channel in samples.channels.values()], axis=0))
    return samples.select(np.arange(known[-1] + 1)) if len(known) else samples


def _number(row: Row, name: str) -> float | None:
    value = row.get(name)
    return value if isinstance(value, float) else None


def _sport(decoded: FitFile, session: Row, first_s: float, before_s: float) -> tuple[str | None, bool, bool, list[str]]:
    """The sport, whether it is done indoors, whether it may be guessed, and notes.

    The session says it, else the sport message, else a lap: some devices write nothing but laps.
    """
    laps = [row for row in decoded.rows.get("lap", []) if _lies_within(row, first_s, before_s)]
    rows = [row for row in (session, *decoded.rows.get("sport", []), *laps) if _number(row, "sport")]
    if not rows:
        sub_sport = int(_number(session, "sub_sport") or 0)
        return None, sub_sport in FIT_INDOOR, True, []
    sport, sub_sport = int(_number(rows[0], "sport") or 0), int(_number(rows[0], "sub_sport") or 0)
    word = FIT_SUB_SPORTS.get((sport, sub_sport), FIT_SPORTS.get(sport))
    notes = [] if word else [f"its sport (FIT number {sport}) does not exist at Strava"]
    return word, sub_sport in FIT_INDOOR, False, notes


def _lies_within(row: Row, first_s: float, before_s: float) -> bool:
    start = _number(row, "start_time")
    moment = _number(row, "timestamp") if start is None else start
    return moment is not None and first_s <= moment + FIT_EPOCH_S < before_s


def _channels(records: dict[str, Channel]) -> dict[str, Channel]:
    """The channels by their Streams names; enhanced fields win, the device's own win over developer fields."""
    chosen = {
        "distance_m": _first_known(records, "distance"),
        "latitude_deg": _first_known(records, "position_lat"),
        "longitude_deg": _first_known(records, "position_long"),
        "altitude_m": _first_known(records, "enhanced_altitude", "altitude"),
        "speed_mps": _first_known(records, "enhanced_speed", "speed", "developer_speed"),
        "heartrate_bpm": _first_known(records, "heart_rate", "developer_heart_rate"),
        "cadence_spm": _cadence(records),
        "power_w": _first_known(records, "power", "developer_power"),
        "temperature_c": _first_known(records, "temperature"),
    }
    channels = {name: channel for name, channel in chosen.items() if channel is not None}
    for name in ("latitude_deg", "longitude_deg"):
        if name in channels:
            channels[name] = channels[name] * DEGREES_PER_SEMICIRCLE
    return channels


def _first_known(records: dict[str, Channel], *names: str) -> Channel | None:
    """Sample by sample the first of the named fields that is set."""
    found = [records[name] for name in names if name in records]
    if not found:
        return None
    known = found[0]
    for other in found[1:]:
        known = np.where(np.isnan(known), other, known)
    return known


def _cadence(records: dict[str, Channel]) -> Channel | None:
    """Cadence as it was recorded, with its fraction: strides of one foot, or revolutions."""
    whole = _first_known(records, "cadence")
    if whole is not None and "fractional_cadence" in records:
        fraction = records["fractional_cadence"]
        whole = whole + np.where(np.isnan(fraction), 0.0, fraction)
    fine = records.get("cadence256")
    if fine is not None:
        whole = fine if whole is None else np.where(np.isnan(fine), whole, fine)
    other = records.get("developer_cadence")
    if other is not None:
        whole = other if whole is None else np.where(np.isnan(whole), other, whole)
    return whole


def _laps(rows: list[Row], start_s: float, first_s: float, before_s: float) -> tuple[Lap, ...]:
    """The laps of a session. One that states no start begins where the one before ends, else its own length back."""
    laps = []
    reached: float | None = None
    for row in sorted(rows, key=lambda row: _number(row, "timestamp") or _number(row, "start_time") or 0.0):
        if not _lies_within(row, first_s, before_s):
            continue
        begin, end = _number(row, "start_time"), _number(row, "timestamp")
        elapsed_s = _number(row, "total_elapsed_time")
        if begin is None and end is not None:
            begin = reached if reached is not None else max(end - (elapsed_s or 0.0), start_s - FIT_EPOCH_S)
        reached = end if end is not None and (begin is None or end > begin) else reached
        if begin is None:
            continue
        laps.append(
            Lap(
                start_s=begin + FIT_EPOCH_S - start_s,
                elapsed_s=elapsed_s,
                timer_s=_number(row, "total_timer_time"),
                distance_m=_number(row, "total_distance"),
            )
        )
    return tuple(sorted(laps, key=lambda lap: lap.start_s))


def _pauses(rows: list[Row], start_s: float, first_s: float, before_s: float) -> tuple[Pause, ...]:
    pauses = []
    stopped: float | None = None
    for row in rows:
        time, kind = _number(row, "timestamp"), _number(row, "event_type")
        if _number(row, "event") != TIMER or time is None or not first_s <= time + FIT_EPOCH_S < before_s:
            continue
        if kind in STOPS and stopped is None:
            stopped = time
        elif kind == START and stopped is not None:
            if time > stopped:
                pauses.append(Pause(start_s=stopped + FIT_EPOCH_S - start_s, end_s=time + FIT_EPOCH_S - start_s))
            stopped = None
    return tuple(pauses)


def _device_name(decoded: FitFile) -> str:
    rows = decoded.rows.get("file_id", []) + [
        row for row in decoded.rows.get("device_info", []) if row.get("device_index", CREATOR) == CREATOR
    ]
    for row in rows:
        if row.get("product_name"):
            return str(row["product_name"])
    for row in rows:
        maker, product = int(_number(row, "manufacturer") or 0), int(_number(row, "product") or 0)
        if maker in MANUFACTURERS:
            model = GARMIN_PRODUCTS.get(product, "") if maker == GARMIN else ""
            return f"{MANUFACTURERS[maker]} {model}".strip()
    return ""


def _has_barometer(decoded: FitFile) -> bool | None:
    """True where the device lists one of its own or bears it in its name; else nothing is known."""
    listed = any(
        row.get("source_type") == LOCAL_SOURCE and row.get("device_type") == BAROMETER
        for row in decoded.rows.get("device_info", [])
    )
    return True if listed or "baro" in _device_name(decoded).casefold() else None


def _utc_offset_s(decoded: FitFile) -> float | None:
    """What the device's clock showed against UTC. None for 0 too: many devices write UTC twice.

    Some apps swap the two times (cagnulein/qdomyos-zwift#4843): the one near the last record is UTC.
    """
    for row in decoded.rows.get("activity", []):
        local, utc = _number(row, "local_timestamp"), _number(row, "timestamp")
        if local is not None and utc is not None:
            times = decoded.records.get("timestamp", np.zeros(0))
            end = float(np.nanmax(times)) if np.isfinite(times).any() else None
            if end is not None and abs(local - end) < SWAPPED_WITHIN_S < abs(utc - end):
                local, utc = utc, local
            offset = round((local - utc) / 900) * 900.0
            is_zone = abs(offset) <= 14 * 3600 and abs(local - utc - offset) <= 60
            return offset if offset and is_zone else None
    return None
