"""Settings from environment and file: every wrong value and every unknown name is an error that names it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from paceport.errors import PaceportError, StoreUnreadable, UsageError
from paceport.maps.place import Place
from paceport.profile.athlete_facts import facts_from_settings
from paceport.profile.config_file import read_config
from paceport.profile.config_table import AthleteTable, ConfigTable
from paceport.profile.settings import Directories, Settings
from paceport.profile.settings_template import SETTINGS_TEMPLATE, write_settings_template
from paceport.training.metrics.heart_rate_zones import default_zones_bpm

NAMES = ConfigTable.__struct_fields__
ATHLETE_NAMES = AthleteTable.__struct_fields__


def read(tmp_path: Path, content: str | bytes) -> Settings:
    """The settings that a file of this content gives."""
    folder = tmp_path / "home" / "config"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_bytes(content.encode() if isinstance(content, str) else content)
    return Settings.from_environment({"PACEPORT_HOME": str(tmp_path / "home")})


def test_all_that_the_template_shows_can_be_set(tmp_path: Path) -> None:
    write_settings_template(tmp_path / "new" / "config.toml")
    lines = [line.removeprefix("# ") for line in SETTINGS_TEMPLATE.splitlines()[3:]]

    found = read(tmp_path, "\n".join(lines))

    assert (found.units, found.timezone, found.api_data, found.profile) == ("auto", "Europe/Berlin", False, "default")
    assert found.athlete.zones_bpm == (120.0, 140.0, 160.0, 175.0)
    assert (found.athlete.threshold_mps, found.athlete.threshold_w) == (4.0, 250.0)
    assert found.athlete.form_sports[:4] == ("Run", "TrailRun", "VirtualRun", "Ride")
    assert (tmp_path / "new" / "config.toml").read_text() == SETTINGS_TEMPLATE


@pytest.mark.parametrize(
    ("text", "speed_mps"),
    [
        ("4:10 /km", 4.0),
        ("4:10", 4.0),
        (" 4:10 min/km", 4.0),
        ("8:00 /mi", 1609.344 / 480),
        ("8:00/mile", 1609.344 / 480),
    ],
)
def test_a_threshold_pace_is_for_a_kilometre_or_a_mile(tmp_path: Path, text: str, speed_mps: float) -> None:
    assert read(tmp_path, f'[athlete]\nthreshold_pace = "{text}"').athlete.threshold_mps == pytest.approx(speed_mps)


@pytest.mark.parametrize(
    ("word", "load"), [("hrtss", "heart-rate-stress"), ("rpe", "session-rpe"), ("auto", "auto"), ("work", "work")]
)
def test_the_scale_of_loads_is_named_by_a_short_word(tmp_path: Path, word: str, load: str) -> None:
    assert read(tmp_path, f'[athlete]\nload = "{word}"').athlete.load == load


@pytest.mark.parametrize(("words", "sports"), [('"all"', ()), ('["swim"]', ("Swim",)), ('"TrailRun"', ("TrailRun",))])
def test_sports_that_count_in_form_are_words_or_all(tmp_path: Path, words: str, sports: tuple[str, ...]) -> None:
    assert read(tmp_path, f"[athlete]\nform_sports = {words}").athlete.form_sports == sports


def test_a_year_may_have_a_maximum_heart_rate_of_its_own(tmp_path: Path) -> None:
    table = read(tmp_path, "[athlete]\nmax_heartrate = 188\nmax_heartrate_by_year = {2024 = 190, 2023 = 192}").athlete
    assert table.max_bpm_by_year == ((2023, 192.0), (2024, 190.0))

    facts_of = facts_from_settings(table).by_year()
    assert [facts_of(year).max_bpm for year in (2022, 2023, 2024)] == [188.0, 192.0, 190.0]
    assert facts_of(2023).zone_edges_bpm == default_zones_bpm(192.0)


def test_private_places_have_a_position_and_a_radius_of_their_own_or_the_usual_one(tmp_path: Path) -> None:
    found = read(tmp_path, "[private_places]\nParents = [52.5163, 13.3777]\nWork = [-33.9, 18.4, 800]").private_places

    assert found["Parents"] == Place(latitude_deg=52.5163, longitude_deg=13.3777, radius_m=500.0)
    assert found["Work"] == Place(latitude_deg=-33.9, longitude_deg=18.4, radius_m=800.0)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path, mark: bytes, end: bytes) -> None:
    assert read(tmp_path, mark + b'units = "mi"' + end + b"private_radius_m = 0" + end).units == "mi"


@pytest.mark.parametrize("vault", ["postgresfoo", "postgres:postgresql://me@db.example/x", "redis:"])
def test_an_unknown_vault_in_the_environment_is_refused(tmp_path: Path, vault: str) -> None:
    with pytest.raises(UsageError, match="PACEPORT_VAULT"):
        Settings.from_environment({"PACEPORT_HOME": str(tmp_path), "PACEPORT_VAULT": vault})


URLS = ("oauth_url", "api_url")
ODD_ENDS = (r"\n.example", r"\t/x", " /x", "/x y", "/v3?a=1", "/v3#a", r"\\.example", r"\u3002example", r"\u0000")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('timezone = "Europe"', ["timezone", "Europe/"]),
        ('timezone = "utc"', ["timezone", "UTC"]),
        ('timezone = "../etc"', ["timezone"]),
        ('timezone = "Europe/Belrin"', ["timezone", "Europe/Berlin"]),
        ("timezone = 2", ["timezone", "Europe/Berlin"]),
        ('units = "miles"', ["units", "'miles'", '"mi"']),
        ('map_tiles = "http://tile.example.org/{z}/{x}/{y}.png"', ["map_tiles", "https://tile"]),
        ("map_tiles = \"https://a.example 'none'/{z}/{x}/{y}\"", ["map_tiles", "https://tile"]),
        ('map_tiles = "https://a.example/{z}/{x}.png"', ["map_tiles", "https://tile"]),
        ("private_radius_m = -1", ["private_radius_m", "'-1'", "200 to 5000"]),
        ("private_radius_m = 50", ["private_radius_m", "200 to 5000"]),
        ("private_radius_m = nan", ["private_radius_m", "200 to 5000"]),
        ("private_radius_m = true", ["private_radius_m", "200 to 5000"]),
        ("route_trim_m = 200", ["route_trim_m", "private_radius_m = 500"]),
        ("private_places = [1, 2]", ["private_places", "[52.5163, 13.3777]"]),
        ("[private_places]\nA = [52.5]", ["private_places", "[52.5163, 13.3777]"]),
        ("[private_places]\nA = [99.0, 1.0]", ["A", "latitude", "private_places"]),
        ("[private_places]\nA = [52.5, 13.3, 10]", ["A", "200 to 5000"]),
        ("[private_places]\nA = [nan, 13.3]", ["A", "latitude"]),
        ('api_data = "maybe"', ["api_data", '"on" or "off"']),
        ("vault = 1", ["vault", "keyring"]),
        ('vault = "postgresfoo"', ["vault", "postgresfoo", '"postgres:"']),
        ('vault = "postgres:postgresql://me@db.example/x"', ["vault", '"postgres:"']),
        ('vault = "file:/somewhere"', ["vault", '"file"']),
        ('vault = ""', ["vault", '"file"']),
        ("oauth_url = 1", ["oauth_url", "web address"]),
        *((f'{name} = "https://www.strava.com{end}"', [name, "web address"]) for name in URLS for end in ODD_ENDS),
        ('profile = "a/b"', ["profile", "dash"]),
        ('profile = "a\\n"', ["profile", "dash"]),
        ('vault = "file\\n"', ["vault", '"file"']),
        ('map_tiles = "https://a.example/{z}/{x}/{y}\\n"', ["map_tiles", "https://tile"]),
        ('[athlete]\nthreshold_pace = "4:10 /km\\n"', ["threshold_pace", "4:10 /km"]),
        (f"[athlete.max_heartrate_by_year]\n{'1' * 5000} = 190", ["max_heartrate_by_year", "2024 = 188"]),
        ("athlete = 1", ["athlete", "[athlete]"]),
        ('[athlete]\nsex = "f"', ["sex", '"female"', "[athlete]"]),
        ("[athlete]\nzones = [120, 999]", ["zones", "such as"]),
        ("[athlete]\nzones = [140, 120]", ["zones", "rising"]),
        ("[athlete]\nmax_heartrate = true", ["max_heartrate", "25 to 250"]),
        ("[athlete]\nmax_heartrate = 100\nrest_heartrate = 120", ["rest_heartrate", "less than max_heartrate"]),
        ("[athlete.max_heartrate_by_year]\n2024 = 900", ["max_heartrate_by_year", "2024 = 188"]),
        ("[athlete.max_heartrate_by_year]\nlast = 190", ["max_heartrate_by_year", "2024 = 188"]),
        ("[athlete]\nmax_heartrate_by_year = 190", ["max_heartrate_by_year", "2024 = 188"]),
        ("[athlete]\nrest_heartrate = 99\nmax_heartrate_by_year = {2024 = 98}", ["rest_heartrate", "in every year"]),
        ('[athlete]\nnot_records = ["x"]', ["not_records", "ids of runs"]),
        ('[athlete]\nthreshold_pace = "fast"', ["threshold_pace", "4:10 /km"]),
        ('[athlete]\nthreshold_pace = "0:30"', ["threshold_pace", "4:10 /km"]),
        ("[athlete]\nthreshold_power = 5", ["threshold_power", "20 to 700"]),
        ('[athlete]\nload = "magic"', ["load", '"hrtss"']),
        ('load = "pace"', ["load", "under [athlete]"]),
        ('[athlete]\nform_sports = ["run", "juggling"]', ["form_sports", "juggling", "swim"]),
        ('time_zone = "Europe/Berlin"', ["time_zone", "timezone"]),
        ("Units = 'km'", ["Units", "units"]),
        ("[athlet]\nsex = 'male'", ["athlet", "did you mean: athlete"]),
        ("max_heartrate = 180", ["max_heartrate", "under [athlete]"]),
        ("[athlete]\nmax_hr = 180\n", ["max_hr", "[athlete]", "max_heartrate"]),
        ("[athlete]\nunits = 'km'\n", ["units", "above every table"]),
    ],
)
def test_what_cannot_be_is_named_with_what_can(tmp_path: Path, line: str, words: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, line)

    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_that_windows_saved_as_utf_16_is_read(tmp_path: Path, codec: str) -> None:
    mark = "" if codec == "utf-16" else "\ufeff"

    assert read(tmp_path, f'{mark}units = "mi"\r\n'.encode(codec)).units == "mi"


def test_a_byte_that_is_no_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreadable, match="line 2"):
        read(tmp_path, b'units = "mi"\ntimezone = "K\xf6ln"\n')


def test_a_zone_with_a_blank_at_its_end_is_that_zone(tmp_path: Path) -> None:
    assert read(tmp_path, 'timezone = "Europe/Berlin "').timezone == "Europe/Berlin"


@pytest.mark.parametrize("content", [b"units = km", b"\xff\xfa", b"[[", b"a = " + b"[" * 3000])
def test_what_is_no_toml_is_an_error_that_names_the_file(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(StoreUnreadable, match=r"config\.toml"):
        read(tmp_path, content)


@pytest.mark.parametrize("kind", ["fifo", "folder", "device", "large"])
def test_what_is_no_small_file_is_an_error_that_names_it(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "config.toml"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.write_bytes(b"#" * (1024 * 1024 + 1))

    with pytest.raises(StoreUnreadable, match=r"config\.toml"):
        read_config(path)


VALUES = st.one_of(
    st.booleans(), st.integers(-3, 3000), st.sampled_from(["", "x", "Europe", "on", "km", "[1, 2]", "{}"])
)


@settings(max_examples=100)
@given(name=st.sampled_from([*NAMES, *(f"athlete.{name}" for name in ATHLETE_NAMES), "nonsense"]), value=VALUES)
def test_any_value_of_any_setting_is_taken_or_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: object
) -> None:
    text = value if value in {"[1, 2]", "{}"} else str(value).lower() if not isinstance(value, str) else f'"{value}"'
    folder = tmp_path_factory.getbasetemp() / "any"

    try:
        found = read(folder, f"{name} = {text}\n")
    except PaceportError as error:
        said = str(error)
    else:
        assert isinstance(found, Settings)
        said = name

    assert name.rpartition(".")[2] in said


def test_logins_and_own_data_are_in_two_folders_where_the_platform_names_one_for_both() -> None:
    named = MacOS("paceport", appauthor=False)

    found = Directories.of_platform(named)

    assert named.user_state_path == named.user_data_path == found.config
    assert (found.state, found.data) == (found.config / "state", found.config / "data")


@pytest.mark.parametrize("name", ["grants", "choices.json", "own.db"])
def test_the_one_folder_that_release_0_1_0_has_used_is_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    named = MacOS("paceport", appauthor=False)
    (named.user_state_path / name).mkdir(parents=True)

    found = Directories.of_platform(named)

    assert found.state == found.data == named.user_state_path


def test_folders_that_the_platform_names_apart_are_used_as_they_are() -> None:
    named = Unix("paceport", appauthor=False)

    found = Directories.of_platform(named)

    assert (found.config, found.state) == (named.user_config_path, named.user_state_path)
    assert (found.data, found.cache) == (named.user_data_path, named.user_cache_path)
