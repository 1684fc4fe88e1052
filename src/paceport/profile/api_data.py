"""Whether data of the API may be kept on this machine: what the settings say, else what a person answered once."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from paceport.lazy_dataclass import dataclass
from paceport.profile.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiDataAnswer:
    """`is_allowed` is None where nobody has said yet; `by` says where the answer stands."""

    is_allowed: bool | None
    by: Literal["settings", "choice"]


def api_data_answer(profile: Profile) -> ApiDataAnswer:
    """The answer in force: the settings file wins over what was answered."""
    if profile.settings.api_data is not None:
        return ApiDataAnswer(is_allowed=profile.settings.api_data, by="settings")
    return ApiDataAnswer(is_allowed=profile.choices().api_data, by="choice")


def remember_api_data(profile: Profile, is_allowed: bool) -> None:
    """Keep a person's answer; where the settings say it, nothing is kept. Raises Busy and StoreErrors."""
    if profile.settings.api_data is None:
        profile.update_choices(lambda choices: replace(choices, api_data=is_allowed))
