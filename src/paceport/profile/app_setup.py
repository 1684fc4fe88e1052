"""Which app a profile uses: checked, tried at the service, and stored."""

from __future__ import annotations

from paceport.errors import AppCredentialsWrong, AppMismatch, PaceportError
from paceport.http_message import origin_of
from paceport.oauth.login.try_app_credentials import try_app_credentials
from paceport.oauth.protocol.app_credentials import check_client_id, check_client_secret
from paceport.oauth.token_store.base import App
from paceport.profile.profile import Profile
from paceport.profile.settings_template import write_settings_template


def stored_app(profile: Profile) -> App | None:
    """The app whose secret is stored for the profile; None where there is none."""
    client_id = profile.settings.client_id or profile.choices().client_id(profile.name, profile.origin)
    return profile.token_store.app(profile.settings.oauth_url, client_id) if client_id else None


def store_app(profile: Profile, app: App) -> App:
    """Keep an app and tie it to the profile."""
    profile.token_store.save_app(app)
    origin = origin_of(app.oauth_url)
    name = profile.name
    profile.update_choices(lambda choices: choices.with_app(name, origin, app.client_id))
    return app


def try_app(profile: Profile, app: App) -> None:
    """Ask the service whether it knows the app. Raises AppCredentialsWrong where it says no, and nothing else."""
    try:
        try_app_credentials(app, send=profile.send, clock=profile.clock)
    except AppCredentialsWrong:
        raise
    except PaceportError:
        return  # nobody could be asked; the login itself will tell


def set_up_app(profile: Profile, *, client_id: str, client_secret: str) -> App:
    """The app that a person typed, checked, tried and stored, with the settings file written where there is none.

    Raises UsageError for what cannot be an id or a secret, AppMismatch where the environment names another app,
    AppCredentialsWrong, and StoreErrors; nothing is stored then.
    """
    given = check_client_id(client_id)
    if profile.settings.client_id and profile.settings.client_id != given:
        # The environment would go on naming the other one at every command.
        raise AppMismatch(stored=given, wanted=profile.settings.client_id)
    secret = check_client_secret(client_secret)
    app = App(oauth_url=profile.settings.oauth_url, client_id=given, client_secret=secret)
    try_app(profile, app)
    write_settings_template(profile.settings.directories.config / "config.toml")
    return store_app(profile, app)


def has_login_of_other_app(profile: Profile, app: App) -> bool:
    """Whether the profile's login was made with another app: it is used with that one until it is ended."""
    return any(grant.client_id != app.client_id for grant in profile.grants_here())
