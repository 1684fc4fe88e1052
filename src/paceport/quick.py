"""The console script's entry: a living token or a help page without the rest of the program, else all of it.

`paceport token` is what scripts call often, so a token that lives is read and printed here with four modules of the
standard library. This repeats, for the plainest case alone, what `profile` and `keeper` decide: the file store, the
real service, one grant, nothing in doubt. Whatever is not exactly that is handed over, errors included; tests hold the
two ways against each other. Help pages are read from files that `make docs` writes; a test holds them against click's.
"""

import json
import os
import sys
import time

_OAUTH_URL = "https://www.strava.com"
_API_URL = "https://www.strava.com/api/v3"
_LEAST_LEFT_S = 120
_CLOCK_LEEWAY_S = 60
_LARGEST_FILE = 65536
# Absent on Windows, which this way of reading leaves to the rest of the program.
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
# Variables that may be set without changing which token is meant, beyond the two that are looked at.
_HARMLESS = {"PACEPORT_HOME", "PACEPORT_PROFILE", "PACEPORT_TESTS_REQUIRE_ALL"}
_HARMLESS_LINES = {f'units="{word}"' for word in ("auto", "km", "mi")} | {'api_data="on"', 'api_data="off"'}
# Click's own rule for the width of help, in columns: a page of the widest size that fits, none below the least.
_HELP_WIDTHS = (100, 80)
_PROFILE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def main() -> None:
    """Run the command line."""
    try:
        _main()
    finally:
        # Ctrl-C while a text is run as code, as dataclasses do, leaves a mark by which Python ends itself with SIGINT
        # in place of our exit code, though the interrupt was dealt with. Running any text takes it away.
        exec("")  # noqa: S102  # as said


def _main() -> None:
    if sys.argv[1:] in (["token"], ["token", "-q"]):
        token = _live_token()
        if token is not None and _print_token(token):
            return
    words = sys.argv[1:-1]
    if sys.argv[-1] in ("--help", "-h") and words in ([], [sys.argv[1] or "?"]) and _print_help("".join(words)):
        return
    try:
        _collect_seldom()
        from paceport.cli.main import run

        code = run()
    except KeyboardInterrupt:  # while modules are read, or once more while a refresh comes to its end
        code = 130
    sys.exit(code)


def _collect_seldom() -> None:
    """Look for cycles among our values less often, and not at the end, when the system takes all memory back at once.

    Reading a logbook makes many values and hardly a cycle; this was a twentieth of a command's time.
    """
    import atexit
    import gc

    gc.set_threshold(20_000)
    atexit.register(gc.freeze)


def _live_token() -> str | None:
    """The one token that is meant, if it surely lives; None for everything that wants a closer look."""
    if sys.platform in ("win32", "cygwin") or hasattr(sys, "getandroidapilevel") or not _is_plain(os.environ):
        return None
    try:
        state, config = _folders()
        if not _is_harmless(config):
            return None
        profile = os.environ.get("PACEPORT_PROFILE") or _chosen(state)
        if not profile or not set(profile) <= _PROFILE_CHARACTERS:
            return None
        grants = [grant for grant in _records(state) if grant["profile"] == profile]
        return _token_of(grants[0]) if len(grants) == 1 else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _is_plain(environ: "os._Environ[str]") -> bool:
    """Whether no variable points at another server, holds a token, or is one that we do not know."""
    if environ.get("STRAVA_ACCESS_TOKEN") or environ.get("ANDROID_DATA"):
        return False
    return not any(name.startswith("PACEPORT_") and name not in _HARMLESS for name in environ)


def _folders() -> tuple[str, str]:
    """The state and the config folder, as the rest of the program finds them. Raises ValueError where in doubt."""
    home = os.environ.get("PACEPORT_HOME")
    if home:
        return _absolute(home) + "/state", home + "/config"
    if sys.platform == "darwin":
        raise ValueError
    user = os.environ.get("HOME", "")
    state = os.environ.get("XDG_STATE_HOME") or _absolute(user) + "/.local/state"
    config = os.environ.get("XDG_CONFIG_HOME") or _absolute(user) + "/.config"
    return _absolute(state) + "/paceport", _absolute(config) + "/paceport"


def _absolute(path: str) -> str:
    if not path.startswith("/"):
        raise ValueError
    return path


def _is_harmless(config: str) -> bool:
    """Whether the settings file names nothing that changes which token is meant."""
    try:
        lines = _plain(config + "/config.toml").splitlines()
    except FileNotFoundError:
        return True
    named = [line.strip().replace(" ", "") for line in lines if line.strip() and not line.strip().startswith("#")]
    return _HARMLESS_LINES.issuperset(named)


def _chosen(state: str) -> str | None:
    try:
        choices = json.loads(_plain(state + "/choices.json"))
    except FileNotFoundError:
        return "default"
    if choices["schema"] != 1 or not isinstance(choices["profile"], str | None):
        return None
    return choices["profile"] or "default"


def _plain(path: str) -> str:
    """The text of a small plain file. Raises ValueError for what else may lie there; a FIFO is not waited for."""
    file = os.open(path, os.O_RDONLY | _WITHOUT_WAITING)
    try:
        if os.fstat(file).st_mode & 0o170000 != 0o100000:
            raise ValueError
        content = os.read(file, _LARGEST_FILE + 1)
    finally:
        os.close(file)
    if len(content) > _LARGEST_FILE:
        raise ValueError
    return content.decode()


def _records(state: str) -> "list[dict[str, object]]":
    """Every grant, all of them safe to trust. Raises where one is not."""
    folder = state + "/grants"
    for path in (state, folder):
        _check(os.lstat(path), is_folder=True)
    names = [name for name in os.listdir(folder) if name.endswith(".json")]  # noqa: PTH208  # as above
    return [_read(f"{folder}/{name}") for name in names]


def _read(path: str) -> "dict[str, object]":
    file = os.open(path, os.O_RDONLY | _NOFOLLOW | _WITHOUT_WAITING)
    try:
        _check(os.fstat(file), is_folder=False)
        content = os.read(file, 65536)
    finally:
        os.close(file)
    record: dict[str, object] = json.loads(content)
    if type(record["schema"]) is not int or record["schema"] != 1:  # true equals 1, and is no schema
        raise ValueError
    return record


def _check(found: os.stat_result, *, is_folder: bool) -> None:
    if sys.platform == "win32":
        raise ValueError
    kind = 0o040000 if is_folder else 0o100000
    is_ours = found.st_uid == os.geteuid() and found.st_mode & 0o170077 == kind
    if not is_ours or (not is_folder and found.st_nlink > 1):
        raise ValueError


def _token_of(grant: "dict[str, object]") -> str | None:
    """The access token if nothing is odd about its grant and enough is left of it, by the server's clock."""
    expires_at, expires_in, offset_s = grant["expires_at"], grant["expires_in"], grant["clock_offset_s"]
    if type(expires_at) not in (int, float) or type(expires_in) is not int or type(offset_s) not in (int, float):
        return None
    left_s = expires_at - (time.time() + offset_s)  # type: ignore[operator]  # checked in the line above
    most_s = expires_in + _CLOCK_LEEWAY_S
    if not _LEAST_LEFT_S < left_s <= most_s < 2**63 or grant["status"] != "ok":
        return None
    if (grant["oauth_url"], grant["api_url"]) != (_OAUTH_URL, _API_URL):
        return None
    if (os.environ.get("STRAVA_CLIENT_ID", "").strip() or grant["client_id"]) != grant["client_id"]:
        return None
    token = grant["access_token"]
    generation = grant["generation"]
    if type(generation) is not int or not 0 < generation < 2**63 or "refresh_token" not in grant:
        return None
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        return None
    return token


def _print_help(command: str) -> bool:
    """Print the page of a command, or of all for the empty word; False where click must draw it."""
    if sys.platform == "win32":
        return False  # a console shows bytes in a code page of its own: not each "…" would be one
    try:
        columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(1).columns
    except ValueError:
        return False
    except OSError:
        columns = 80  # no terminal
    width = next((width for width in _HELP_WIDTHS if width <= columns), None)
    if width is None or "_PACEPORT_COMPLETE" in os.environ:
        return False
    try:
        with open(f"{os.path.dirname(__file__)}/cli/help_pages/{width}.json", encoding="utf-8") as file:  # noqa: PTH120, PTH123
            page = json.load(file)[command]
        text = (page + "\n").encode(sys.stdout.encoding, "replace")
        return os.write(1, text) == len(text)
    except (OSError, ValueError, LookupError, AttributeError):
        return False  # no such command, or an odd stream: the rest of the program has the words for it


def _print_token(token: str) -> bool:
    line = token.encode() + b"\n"
    try:
        return os.write(1, line) == len(line)
    except OSError:
        return False  # a closed pipe: the rest of the program knows how to end
