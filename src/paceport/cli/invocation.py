"""One run of the command line: what it may touch, handed in, so that a test can hand in its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import field, replace
from typing import TYPE_CHECKING, TextIO

import click

from paceport.cli.output import Output
from paceport.clock import Clock
from paceport.http_message import Send, origin_of
from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from paceport.oauth.login.environment import LoginEnvironment
    from paceport.profile.profile import Profile
    from paceport.profile.settings import Settings


@dataclass(slots=True, kw_only=True)
class Invocation:
    """The outside world of one command: environment, clock, streams, network, browser.

    `environment` are looked up on this machine unless they are given.
    """

    environ: Mapping[str, str]
    clock: Clock
    output: Output
    stdin: TextIO
    stdin_is_terminal: bool
    open_transport: Callable[[], AbstractContextManager[Send]]
    open_browser: Callable[[str], bool]
    profile_argument: str | None = None
    environment_override: LoginEnvironment | None = None
    resources: ExitStack = field(default_factory=ExitStack)
    _profile: Profile | None = None

    def settings(self) -> Settings:
        """The settings in force; an argument wins over the environment and the file."""
        from paceport.profile.settings import Settings, profile_name

        settings = Settings.from_environment(self.environ)
        chosen = profile_name(self.profile_argument)
        return replace(settings, profile=chosen) if chosen else settings

    def profile(self) -> Profile:
        """The profile in force, opened once."""
        if self._profile is None:
            from paceport.profile.profile import Profile

            opened = Profile(
                settings=self.settings(), clock=self.clock, open_transport=self.open_transport, warn=self.output.warn
            )
            self._profile = self.resources.enter_context(opened)
            self._announce(opened.settings)
        return self._profile

    def login_environment(self) -> LoginEnvironment:
        """What kind of place this is: whether a browser opened from here would be seen."""
        from paceport.oauth.login.environment import detect_environment

        return self.environment_override or detect_environment(self.environ)

    def _announce(self, settings: Settings) -> None:
        from paceport.profile.settings import OAUTH_URL, same_service

        if settings.origin_from_environment:
            # One of the two alone may point elsewhere: the one that does is named.
            servers = (settings.oauth_url, settings.api_url)
            others = [url for url in servers if not same_service(OAUTH_URL, url)]
            where = dict.fromkeys(origin_of(url) for url in others)
            if where:
                self.output.say(f"(talking to {' and '.join(where)} as the environment says, not to Strava)")


pass_invocation = click.make_pass_decorator(Invocation)
