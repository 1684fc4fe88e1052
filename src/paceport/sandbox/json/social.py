"""Kudos, comments and photos as JSON."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from urllib.parse import quote, unquote

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.social import Comment, Friend, Photo
from paceport.sandbox.json.scalars import Json, local_timestamp, utc_timestamp


def friend(one: Friend) -> Json:
    """Somebody else: no id, the last name cut to its initial (recorded)."""
    return {"resource_state": 2, "firstname": one.firstname, "lastname": one.initial}


def comment(one: Comment, activity: Activity, *, with_cursor: bool) -> Json:
    """One comment; the cursor is null where pages are counted instead (recorded)."""
    return {
        "id": one.id,
        "activity_id": activity.id,
        "post_id": None,
        "resource_state": 2,
        "text": one.text,
        "mentions_metadata": None,
        "created_at": utc_timestamp(one.created_at),
        "athlete": friend(one.author),
        "cursor": cursor(one) if with_cursor else None,
        "reaction_count": one.reaction_count,
        "has_reacted": False,
    }


def cursor(one: Comment) -> str:
    """Where the page after this comment begins: JSON in base64, percent-encoded once (recorded)."""
    place = {"id": one.id, "createdAt": int(one.created_at.timestamp() * 1000)}
    return quote(base64.b64encode(json.dumps(place, separators=(",", ":")).encode()).decode(), safe="")


def read_cursor(text: str) -> int | None:
    """The comment a cursor points at; None for anything that is no cursor. Encoded once more it is good, too."""
    try:
        place = json.loads(base64.b64decode(unquote(unquote(text)), validate=True))
    except (ValueError, RecursionError):
        return None
    found = place.get("id") if isinstance(place, dict) else None
    return found if isinstance(found, int) else None


def photo(one: Photo, activity: Activity, pixels: int, site: str, *, is_default: bool) -> Json:
    """One photo or video with the address of one size (undocumented, recorded)."""
    width, height = _scaled(one.size, pixels)
    value: Json = {
        "unique_id": one.unique_id,
        "athlete_id": activity.athlete_id,
        "activity_id": activity.id,
        "activity_name": activity.name,
        "post_id": None,
        "resource_state": 2,
        "caption": one.caption,
        "type": 1 if one.duration_s is None else 2,
        "source": 1,
        "status": 3,
        "uploaded_at": utc_timestamp(one.created_at + timedelta(hours=1)),
        "created_at": utc_timestamp(one.created_at),
        "created_at_local": local_timestamp(one.created_at, activity.utc_offset_s),
        "urls": {str(pixels): address(one, pixels, site)},
        "placeholder_image": None,
        "sizes": {str(pixels): [width, height]},
        "default_photo": is_default,
        "cursor": None,
    }
    if one.duration_s is not None:
        value["duration"] = one.duration_s
        value["video_url"] = f"{site}/videos/{one.unique_id}.m3u8"
    if one.place is not None:
        value["location"] = list(one.place)
    return value


def photos_summary(shown: list[Photo], site: str) -> Json:
    """What a detail says of the photos; without one it is shorter (recorded)."""
    if not shown:
        return {"primary": None, "count": 0}
    first = shown[0]
    primary = {
        "unique_id": first.unique_id,
        "urls": {str(pixels): address(first, pixels, site) for pixels in (600, 100)},
        "source": 1,
        "media_type": 1 if first.duration_s is None else 2,
    }
    return {"primary": primary, "use_primary_photo": False, "count": len(shown)}


def address(one: Photo, pixels: int, site: str) -> str:
    """Where a size of the photo lies."""
    width, height = _scaled(one.size, pixels)
    return f"{site}/photos/{one.unique_id}-{width}x{height}.jpg"


def _scaled(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    """Width and height with the longer side at most so many pixels."""
    share = min(1.0, pixels / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))
