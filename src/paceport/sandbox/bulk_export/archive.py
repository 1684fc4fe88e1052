"""An athlete's bulk export as the service makes it: a ZIP of tables, of what was recorded, and of photos."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

from paceport.sandbox.athletes import social
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.devices import PHONE, SMART_WATCH
from paceport.sandbox.athletes.jpeg import plain_jpeg
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.bulk_export.fit_file import fit_file
from paceport.sandbox.bulk_export.language_words import read_languages
from paceport.sandbox.bulk_export.table import activity_row, csv_text, gear_rows, profile_rows
from paceport.sandbox.bulk_export.xml_files import gpx_file, tcx_file

_WRITTEN = (2026, 11, 15, 12, 0, 0)  # one moment for all entries, so that one world's export is one file
_PHOTO = (614, 819)


def write_export(file: BinaryIO, person: Person, activities: Iterable[Activity], language: str = "en") -> int:
    """Write the athlete's export; gives how many activities are in it. Raises KeyError for an unknown language.

    Activities stand oldest first. What a phone recorded is a GPX, what an older watch recorded a TCX, the rest FIT; a
    manual activity has no file.
    """
    words = read_languages()[language]
    rows = [list(words.header)]
    with zipfile.ZipFile(file, "w") as archive:
        for activity in sorted(activities, key=lambda one: (one.start, one.id)):
            name, content = recorded_file(activity)
            row = activity_row(activity, person, name, words)
            if name:
                _add(archive, name, content)
            pictures = [f"media/{photo.unique_id}.jpg" for photo in social.photos(activity)]
            for picture in pictures:
                _add(archive, picture, plain_jpeg(*_PHOTO, _colour(picture)))
            row[-1] = "|".join(pictures)
            rows.append(row)
        _add(archive, "activities.csv", csv_text(rows), packed=True)
        _add(archive, "profile.csv", csv_text(profile_rows(person)))
        _add(archive, "shoes.csv", csv_text(gear_rows("Shoe", person.shoes)))
        _add(archive, "bikes.csv", csv_text(gear_rows("Bike", person.bikes)))
    return len(rows) - 1


def recorded_file(activity: Activity) -> tuple[str, bytes]:
    """The name and content of an activity's file; empty for a manual one. The number in the name is the upload's."""
    recording = activity.recording
    if recording is None or activity.upload_id is None:
        return "", b""
    stem = f"activities/{activity.upload_id}"
    if activity.device_name == PHONE.name and recording.latlng is not None:
        return f"{stem}.gpx", gpx_file(activity, recording)
    if activity.device_name == SMART_WATCH.name and recording.has_distance:
        return f"{stem}.tcx.gz", gzip.compress(tcx_file(activity, recording), 6, mtime=0)
    return f"{stem}.fit.gz", gzip.compress(fit_file(activity, recording), 6, mtime=0)


def _add(archive: zipfile.ZipFile, name: str, content: bytes, *, packed: bool = False) -> None:
    entry = zipfile.ZipInfo(name, _WRITTEN)
    entry.external_attr = 0o644 << 16
    is_plain = packed or name.endswith((".gpx", ".csv"))
    archive.writestr(entry, content, zipfile.ZIP_DEFLATED if is_plain else zipfile.ZIP_STORED)


def _colour(name: str) -> tuple[int, int, int]:
    number = sum(map(ord, name))
    return number % 256, number * 7 % 256, number * 31 % 256
