"""When two things are the same: hashes over what a record is drawn from, ids for what has none, names as kept."""

import hashlib
import json

# Raise this when the readers draw more or other things from the same bytes: every activity is then read anew.
READER_VERSION = 6


def digest(*parts: object) -> str:
    """A hash over everything a record is drawn from."""
    return hashlib.sha256(json.dumps([READER_VERSION, *parts], ensure_ascii=False).encode()).hexdigest()[:32]


def local_id(sha256: str, part: int) -> int:
    """The id of a file's activity that has none: below zero, and the same on every machine and in every order."""
    # 50 bits: whole numbers that JavaScript and JSON readers keep.
    return -(int(sha256[:11], 16) * 64 + part % 64 + 1)
