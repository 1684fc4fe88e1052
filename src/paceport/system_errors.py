"""What an error of the system about a file means, in words: the file is damaged, or the machine cannot read it now."""

from __future__ import annotations

import errno

_FIXES = {
    errno.EACCES: "make it readable",
    errno.EPERM: "make it readable",
    errno.EMFILE: "let the process open more files (ulimit -n)",
    errno.ENFILE: "close other programs",
    errno.ENOMEM: "close other programs",
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room in your share of the disk",
    errno.EIO: "check the disk",
    errno.ENOENT: "check its name",
}


def is_damage(error: OSError) -> bool:
    """Whether a reader failed because of what the file holds: it leads to a place where no file has anything."""
    return error.errno in (None, errno.EINVAL)


def is_out_of_room(error: OSError) -> bool:
    """Whether the disk, or the user's share of it, is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def reason_of(error: OSError) -> str:
    """Why a file could not be read, as the end of a sentence."""
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]


def fix_of(error: OSError) -> str:
    """What the person can do about it."""
    known = _FIXES.get(error.errno or 0)
    return f"{known}, then try again" if known else "try again"
