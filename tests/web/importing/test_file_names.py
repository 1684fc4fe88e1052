"""Names of files as a browser says them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.web.importing.file_names import distinct_name, safe_folder, safe_name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("export.zip", "export.zip"),
        ("Läufe 2026.fit.gz", "Läufe 2026.fit.gz"),
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("..\\..\\windows\\run.fit", "run.fit"),
        ("/etc/passwd", "passwd"),
        ("C:\\run.fit", "run.fit"),
        ("run.fit\x00.txt", "run.fit.txt"),
        ("a\x1b[31m\u202etif.nur", "a[31mtif.nur"),
        ("con<>:|?*.gpx", "con______.gpx"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        (".fit", "fit"),
        ("x" * 300 + ".fit.gz", "x" * 113 + ".fit.gz"),
        ("é" * 300 + ".gpx", "é" * 58 + ".gpx"),
    ],
)
def test_a_name_keeps_its_last_part_and_its_suffixes(said: str, name: str) -> None:
    assert safe_name(said) == name


@given(st.text(max_size=150))
@settings(max_examples=50, deadline=None)
def test_no_name_leads_out_of_its_folder_or_is_too_long(said: str) -> None:
    name = safe_name(said)

    assert name not in ("", ".", "..")
    assert not set(name) & set('/\\\x00\n\x1b:*?"<>|')
    assert len(name.encode()) <= 120
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("Garmin/2024", ("Garmin", "2024")),
        ("", ()),
        ("..", ()),
        ("../../etc/./Garmin//2024/", ("etc", "Garmin", "2024")),
        ("C:\\runs\\a?b", ("C_", "runs", "a_b")),
        ("/".join("abcdefghijklmnop"), tuple("abcdefghijkl")),
    ],
)
def test_a_folder_keeps_its_parts_and_leads_nowhere_else(said: str, parts: tuple[str, ...]) -> None:
    assert safe_folder(said) == parts


@given(st.text(alphabet="./\\ a\x00:\u202e", max_size=60))
@settings(max_examples=50, deadline=None)
def test_no_folder_leads_out(said: str) -> None:
    assert all(safe_name(part) == part and part not in ("", ".", "..") for part in safe_folder(said))


def test_two_files_of_one_name_get_two_names() -> None:
    taken: set[str] = set()

    names = [distinct_name(name, taken) for name in ("run.fit.gz", "run.fit.gz", "RUN.fit.gz", "run", "run")]

    assert names == ["run.fit.gz", "run (2).fit.gz", "RUN (3).fit.gz", "run", "run (2)"]
