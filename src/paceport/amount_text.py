"""Durations and sizes as a person says them, for what takes long and for what is large."""

from __future__ import annotations


def rough_duration(seconds: float) -> str:
    """A duration for a person: `40 s`, `12 min`, `3 h 20 min`, `2 days`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 36 * 3600:
        hours, rest = divmod(round(seconds / 60), 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{seconds / 86_400:.0f} days"


def size_text(count: int) -> str:
    """A size for a person: `812 KB`, `1.4 GB`."""
    size = float(count)
    for unit in ("bytes", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit in {"bytes", "KB"} or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
