"""What the environment and the user's settings file say, read once and passed down as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from paceport.errors import UsageError
from paceport.http_message import is_loopback, origin_of
from paceport.lazy_dataclass import dataclass
from paceport.maps.place import RADIUS_M, Place
from paceport.profile.athlete_settings import AthleteSettings
from paceport.profile.config_file import read_config
from paceport.profile.service_settings import ServiceSettings
from paceport.secret import Secret
from paceport.storage.access import absolute
from paceport.time_zones import find_zone, nearest_zone

if TYPE_CHECKING:
    from platformdirs.api import PlatformDirsABC

OAUTH_URL = "https://www.strava.com"
API_URL = "https://www.strava.com/api/v3"
# The changelog's spelling of the host that opens on 2027-01-04; see docs/decisions.md for the other one.
API_URL_2027 = "https://api-v3.strava.com"

# Hosts that one grant of the real service may be used with: today's and next year's, in both announced spellings.
_SERVICE_ORIGINS = frozenset({"https://www.strava.com", "https://api-v3.strava.com", "https://www.api-v3.strava.com"})
_OF_0_1_0 = ("grants", "choices.json", "own.db")  # what lies in its folders of state and data
_TOKEN = re.compile(r"[!-~]+")
_VAULT = re.compile(r"(file|keyring|postgres):?")
_PROFILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directories:
    """Where things rest; each may not exist yet."""

    config: Path
    state: Path
    data: Path
    cache: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Directories:
        """The platform's directories, or those below PACEPORT_HOME. Raises UsageError for a relative home."""
        home = environ.get("PACEPORT_HOME")
        if home:
            base = _expanded(home)
            if not base.is_absolute():
                raise UsageError(
                    what=f"PACEPORT_HOME={home} is not an absolute path",
                    why="a login must not depend on the current folder",
                    fix=f"export PACEPORT_HOME={absolute(base)}",
                )
            return cls(config=base / "config", state=base / "state", data=base / "data", cache=base / "cache")
        import platformdirs

        try:
            return cls.of_platform(platformdirs.PlatformDirs("paceport", appauthor=False))
        except RuntimeError as error:
            raise UsageError(
                what="It is not known where this user's files are stored",
                why="HOME is not set, and the system has no home folder for this user",
                fix="export PACEPORT_HOME=/a/folder/of/yours",
            ) from error

    @classmethod
    def of_platform(cls, found: PlatformDirsABC) -> Directories:
        """The directories that a platform names, logins and own data apart. Raises RuntimeError where no home is known.

        macOS and Windows name one for both: whoever deletes the data there means the runs, not the login. Where release
        0.1.0 has put both into that one, they stay.
        """
        state, data = found.user_state_path, found.user_data_path
        if state == data and not any((state / name).exists() for name in _OF_0_1_0):
            state, data = state / "state", data / "data"
        return cls(config=found.user_config_path, state=state, data=data, cache=found.user_cache_path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set from outside.

    `profile` is None where neither argument nor environment nor file names one: the choice stored by `use` decides
    then. `access_token` is STRAVA_ACCESS_TOKEN, never refreshed and never stored. `units` is auto, km or mi;
    `api_data` is True, False, or None where it was never answered; `timezone` is an IANA name or None.
    `generation` is 2026 or 2027: the newer one sends tokens in the header alone and revokes by `revoke` alone.
    `map_tiles` is the address of a street map for the map page, "" for none. `private_radius_m` is how far round a
    place where many runs begin or end nothing is shown to others, 0 for all of it; `private_places` are more such
    places, by name. `shoe_limit_km` is how far a pair of shoes may run, None where not set; `shoe_limits_km` says it of
    single pairs, by name.
    `service` is for `paceport service`; `database_url`, `keys` and `key_command` are for logins in PostgreSQL.
    """

    directories: Directories
    oauth_url: str = OAUTH_URL
    api_url: str = API_URL
    profile: str | None = None
    client_id: str | None = None
    client_secret: Secret | None = None
    access_token: Secret | None = None
    units: str = "auto"
    api_data: bool | None = None
    timezone: str | None = None
    vault: str = "file"
    database_url: Secret | None = None
    keys: Secret | None = None
    key_command: str | None = None
    api_generation: int = 2026
    map_tiles: str = ""
    private_radius_m: float = RADIUS_M
    private_places: Mapping[str, Place] = field(default_factory=dict)
    shoe_limit_km: float | None = None
    shoe_limits_km: Mapping[str, float] = field(default_factory=dict)
    service: ServiceSettings = field(default_factory=ServiceSettings)
    athlete: AthleteSettings = field(default_factory=AthleteSettings)
    origin_from_environment: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the environment and `config.toml`; the environment wins.

        Raises UsageError for a value or a name that cannot be, StoreUnreadable for a settings file that is no TOML.
        """
        directories = Directories.from_environment(environ)
        file = read_config(directories.config / "config.toml")
        generation = _generation(environ.get("PACEPORT_API_GENERATION") or file.api_generation)
        api_default = API_URL_2027 if generation == 2027 else API_URL
        return cls(
            directories=directories,
            oauth_url=_url("PACEPORT_OAUTH_URL", environ, file.oauth_url, "oauth_url", OAUTH_URL),
            api_url=_url("PACEPORT_API_URL", environ, file.api_url, "api_url", api_default),
            profile=profile_name(environ.get("PACEPORT_PROFILE") or file.profile),
            client_id=environ.get("STRAVA_CLIENT_ID", "").strip() or str(file.client_id or "").strip() or None,
            client_secret=_secret(environ.get("STRAVA_CLIENT_SECRET")),
            access_token=_access_token(environ.get("STRAVA_ACCESS_TOKEN")),
            units=file.units,
            api_data=_switch(file.api_data),
            timezone=_time_zone(file.timezone),
            vault=_vault(environ.get("PACEPORT_VAULT", "").strip(), file.vault),
            database_url=_secret(environ.get("DATABASE_URL")),
            keys=_secret(environ.get("PACEPORT_KEYS") or environ.get("PACEPORT_KEY")),
            key_command=file.key_command,
            api_generation=generation,
            map_tiles=file.map_tiles,
            private_radius_m=file.private_radius_m,
            private_places=file.private_places,
            shoe_limit_km=file.shoe_limit_km,
            shoe_limits_km=file.shoe_limits_km,
            service=_service(environ, file.service),
            athlete=file.athlete,
            origin_from_environment=bool(environ.get("PACEPORT_OAUTH_URL") or environ.get("PACEPORT_API_URL")),
        )


def _vault(in_environment: str, in_file: str) -> str:
    if in_environment and not _VAULT.fullmatch(in_environment):
        raise UsageError(
            what=f"PACEPORT_VAULT={in_environment[:60]!r} is not known",
            why="the choices are file, keyring: and postgres:",
            fix="export PACEPORT_VAULT=postgres:",
        )
    return in_environment or in_file


def _service(environ: Mapping[str, str], file: ServiceSettings) -> ServiceSettings:
    """Where a service runs is known to the machine that runs it, so the environment may say it, too."""
    base_url = environ.get("PACEPORT_BASE_URL", "").strip()
    return replace(file, base_url=base_url) if base_url else file


def _expanded(home: str) -> Path:
    try:
        return Path(home).expanduser()
    except RuntimeError as error:
        raise UsageError(
            what=f"PACEPORT_HOME={home} cannot be found", why="there is no such user", fix="give the full path"
        ) from error


def same_service(stored_api_url: str, api_url: str) -> bool:
    """Whether a grant made for one API address may be sent to the other: same origin, or both the real service."""
    stored, wanted = origin_of(stored_api_url), origin_of(api_url)
    return stored == wanted or {stored, wanted} <= _SERVICE_ORIGINS


def profile_name(name: object) -> str | None:
    """A profile's name, checked; None stays None. Raises UsageError."""
    if name is None or name == "":
        return None
    if not isinstance(name, str) or not _PROFILE_NAME.fullmatch(name):
        raise UsageError(
            what=f"{name!r} cannot be a profile's name",
            why="a name has letters, digits, dots, dashes and underscores, at most 64",
            fix="choose another, such as: --profile work",
        )
    return name


def _url(variable: str, environ: Mapping[str, str], in_file: str | None, key: str, default: str) -> str:
    given = environ.get(variable) or in_file or default
    source = variable if environ.get(variable) else f"{key} in config.toml"
    url = str(given).strip().rstrip("/")
    try:
        origin_of(url)
    except ValueError as error:
        raise UsageError(
            what=f"{source} is not a web address", why=str(error), fix=f"write it like {default}"
        ) from error
    # A line break would make another host of it for one reader than for the next, and paths are added behind it.
    if not re.fullmatch(r"[!-~]+", url) or any(char in url for char in "?#\\"):
        raise UsageError(
            what=f"{source} is not a web address",
            why="it may hold no blanks, no letters beyond a to z, and none of ? # and the backslash",
            fix=f"write it like {default}",
        )
    if "@" in url.split("//", 1)[1].split("/", 1)[0]:
        raise UsageError(
            what=f"{source} contains a user name", why="it may contain only an address", fix=f"write it like {default}"
        )
    if not url.lower().startswith("https://") and not is_loopback(url):
        raise UsageError(
            what=f"{source} is not https",
            why=f"a token would be sent unencrypted to {origin_of(url)}",
            fix="use an https address; plain http is only for 127.0.0.1 and localhost",
        )
    return url


def _secret(value: str | None) -> Secret | None:
    return Secret(value.strip()) if value and value.strip() else None


def _access_token(value: str | None) -> Secret | None:
    token = _secret(value)
    if token is not None and not _TOKEN.fullmatch(token.reveal()):
        raise UsageError(
            what="STRAVA_ACCESS_TOKEN is not a token",
            why="it contains spaces, line ends or letters that an HTTP header cannot contain",
            fix="unset it, or set it to just the token",
        )
    return token


def _switch(value: bool | Literal["on", "off"] | None) -> bool | None:
    return value == "on" if isinstance(value, str) else value


def _time_zone(name: str | None) -> str | None:
    stripped = (name or "").strip()
    # Without the logbook extra a slim machine has no tables to look into, and no use for them either.
    if stripped and find_zone(stripped) is None and find_zone("Europe/Berlin") is not None:
        raise UsageError(
            what=f"timezone = {str(name)[:60]!r} in config.toml is not a time zone",
            why="zones have names such as Europe/Berlin",
            fix=f'timezone = "{nearest_zone(stripped)}"',
        )
    return stripped or None


def _generation(value: object) -> Literal[2026, 2027]:
    if value in (None, "", 2026, "2026"):
        return 2026
    if value in (2027, "2027"):
        return 2027
    raise UsageError(
        what=f"The API generation {value!r} is not known",
        why="the choices are 2026 (today's host) and 2027 (the new host)",
        fix="api_generation = 2026",
    )
