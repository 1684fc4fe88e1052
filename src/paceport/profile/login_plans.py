"""What a login of a profile asks for: the plan that the commands and the pages follow."""

from __future__ import annotations

from dataclasses import replace

from paceport.oauth.login.flow import widened_plan
from paceport.oauth.login.login_plan import LoginPlan
from paceport.oauth.token_store.base import App
from paceport.profile.profile import Profile
from paceport.scopes import Scopes


def plan_login(profile: Profile, app: App, scopes: Scopes) -> LoginPlan:
    """A login of the profile that asks for these scopes.

    The consent page is always shown: without it Strava may send somebody who once agreed to less straight back with
    less.
    """
    return LoginPlan(
        app=app,
        api_url=profile.settings.api_url,
        profile=profile.name,
        requested_scopes=scopes,
        force_consent=True,
    )


def plan_more_scopes(profile: Profile, more: Scopes) -> LoginPlan:
    """A login that asks the profile's athlete, and nobody else, for the scopes that are granted and for `more`.

    Raises LoginNeeded where nobody is logged in, UsageError where no app is known, and what `profile.grant` raises.
    """
    grant = profile.grant()
    plan = replace(plan_login(profile, profile.app(), more), api_url=grant.api_url)
    return widened_plan(grant, more, plan)
