"""`paceport.open()`: from the process's own environment to a profile."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from paceport.profile.profile import Profile
from paceport.profile.settings import Settings, profile_name


def open(profile: str | None = None, *, environ: Mapping[str, str] | None = None) -> Profile:  # noqa: A001  # paceport.open()
    """The login to work with: the profile named, else PACEPORT_PROFILE, else the chosen one, else `default`.

    Nothing is read from the network, and no login need be there yet. Use it in a `with` block, or close it, to give
    its connections back. Raises UsageError for a name or a setting that cannot be, StoreUnreadable.
    """
    settings = Settings.from_environment(os.environ if environ is None else environ)
    named = profile_name(profile)
    return Profile(settings=replace(settings, profile=named) if named else settings)
