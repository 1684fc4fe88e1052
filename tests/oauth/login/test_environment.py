import pytest

from paceport.oauth.login.environment import EnvironmentKind, LoginEnvironment, detect_environment

URL = "https://www.strava.com/oauth/authorize?client_id=1&state=x"


def look(
    environ: dict[str, str],
    *,
    platform: str = "linux",
    files: dict[str, str] | None = None,
    commands: dict[str, str] | None = None,
) -> LoginEnvironment:
    return detect_environment(environ, platform=platform, read=(files or {}).get, which=(commands or {}).get)


@pytest.mark.parametrize(
    ("kind", "environ"),
    [
        ("desktop", {"DISPLAY": ":0"}),
        ("desktop", {"WAYLAND_DISPLAY": "wayland-0"}),
        ("desktop", {"BROWSER": "firefox"}),
        ("no-display", {}),
        ("no-display", {"DISPLAY": ""}),
        ("ssh", {"SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"}),
        ("ssh", {"SSH_TTY": "/dev/pts/0", "DISPLAY": "localhost:10.0"}),
        ("container", {"container": "podman", "DISPLAY": ":0"}),
        ("container", {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}),
        ("container", {"REMOTE_CONTAINERS": "true"}),
        ("wsl", {"WSL_DISTRO_NAME": "Ubuntu", "DISPLAY": ":0"}),
        ("text-browser", {"BROWSER": "/usr/bin/w3m"}),
        ("text-browser", {"BROWSER": "lynx -nocolor:firefox", "DISPLAY": ":0"}),
    ],
)
def test_the_environment_tells_where_we_are(kind: EnvironmentKind, environ: dict[str, str]) -> None:
    assert look(environ).kind == kind


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("container", {"/.dockerenv": ""}),
        ("container", {"/run/.containerenv": ""}),
        ("wsl", {"/proc/sys/kernel/osrelease": "5.15.90.1-microsoft-standard-WSL2\n"}),
        ("desktop", {"/proc/sys/kernel/osrelease": "6.8.0-45-generic\n"}),
    ],
)
def test_well_known_files_tell_where_we_are(kind: EnvironmentKind, files: dict[str, str]) -> None:
    assert look({"DISPLAY": ":0"}, files=files).kind == kind


@pytest.mark.parametrize(("path", "kind"), [("/usr/bin/lynx", "text-browser"), ("/usr/bin/firefox", "no-display")])
def test_a_text_browser_is_found_behind_the_systems_name(path: str, kind: EnvironmentKind) -> None:
    assert look({}, commands={"www-browser": path}).kind == kind


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_a_desktop_system_needs_no_display_variable(platform: str) -> None:
    assert look({}, platform=platform).opens_browser


@pytest.mark.parametrize(
    "environ",
    [
        {"SSH_CLIENT": "x"},
        {"container": "docker"},
        {"WSL_INTEROP": "x"},
        {},
        {"BROWSER": "elinks", "DISPLAY": ":0"},
    ],
)
def test_no_browser_is_opened_where_it_could_not_answer(environ: dict[str, str]) -> None:
    place = look(environ)

    assert not place.opens_browser
    assert place.advice(port=51234, url=URL)


@pytest.mark.parametrize(
    ("connection", "line"),
    [
        ("10.0.0.2 50000 192.168.1.9 22", "ssh -L 51234:127.0.0.1:51234 runner@192.168.1.9"),
        ("10.0.0.2 50000 192.168.1.9 2222", "ssh -p 2222 -L 51234:127.0.0.1:51234 runner@192.168.1.9"),
        ("fe80::1 50000 fd00::9 22", "ssh -L 51234:127.0.0.1:51234 runner@fd00::9"),
        ("nonsense", "ssh -L 51234:127.0.0.1:51234 HOST"),
    ],
)
def test_over_ssh_the_line_to_copy_forwards_the_port(connection: str, line: str) -> None:
    place = look({"SSH_CONNECTION": connection, "USER": "runner"})

    assert f"    {line}" in place.advice(port=51234, url=URL)


def test_under_wsl_the_line_to_copy_opens_the_browser_of_windows() -> None:
    assert f'    Start-Process "{URL}"' in look({"WSL_DISTRO_NAME": "Debian"}).advice(port=1, url=URL)


def test_a_text_browser_is_named() -> None:
    assert "w3m" in " ".join(look({"BROWSER": "w3m"}).advice(port=1, url=URL))


def test_on_a_desktop_there_is_nothing_to_explain() -> None:
    assert look({"DISPLAY": ":0"}).advice(port=1, url=URL) == ()


def test_this_machine_can_be_asked() -> None:
    assert detect_environment({"SSH_TTY": "x"}).kind == "ssh"
    assert detect_environment({}).kind in {"desktop", "no-display", "container", "wsl", "text-browser"}


@pytest.mark.parametrize(
    "environ",
    [
        {"container": "podman"},
        {"REMOTE_CONTAINERS": "true"},
        {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"},
        {"WSL_DISTRO_NAME": "Ubuntu"},
        {"DISPLAY": ":9"},
        {},
    ],
)
def test_a_browser_that_is_named_is_used_everywhere(environ: dict[str, str]) -> None:
    assert look({**environ, "BROWSER": "/opt/helper.sh"}).opens_browser


@pytest.mark.parametrize(
    ("commands", "opener"),
    [
        ({"wslview": "/usr/bin/wslview"}, ("/usr/bin/wslview",)),
        ({"rundll32.exe": "/mnt/c/rundll32.exe"}, ("/mnt/c/rundll32.exe", "url.dll,FileProtocolHandler")),
        (
            {"/mnt/c/Windows/System32/rundll32.exe": "/mnt/c/Windows/System32/rundll32.exe"},
            ("/mnt/c/Windows/System32/rundll32.exe", "url.dll,FileProtocolHandler"),
        ),
    ],
)
def test_under_wsl_the_browser_of_windows_is_opened(commands: dict[str, str], opener: tuple[str, ...]) -> None:
    place = look({"WSL_DISTRO_NAME": "Ubuntu"}, commands=commands)

    assert place.windows_opener == opener
    assert place.opens_browser


def test_under_wsl_a_browser_that_is_named_goes_before_that_of_windows() -> None:
    place = look({"WSL_DISTRO_NAME": "Ubuntu", "BROWSER": "firefox"}, commands={"wslview": "/usr/bin/wslview"})

    assert place.windows_opener == ()
