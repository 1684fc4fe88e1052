"""Files that real watches wrote, handed in to the sandbox: its figures against the files' own totals."""

import io

import fitdecode  # type: ignore[import-untyped]  # it ships no types
import gpxpy
import pytest
from defusedxml.ElementTree import fromstring

from conftest import SharedFiles
from paceport.http_message import Send
from paceport.sandbox.state.world import World
from sandbox.files import hand_in
from sandbox.visitor import Visitor, read

FILES = ["bloemendaal.fit", "sloatsburg.fit", "treadmill.fit", "trosku.fit", "20170319_run.gpx", "20181021_run.tcx"]


def totals(content: bytes, kind: str) -> tuple[float, float]:
    """Metres and seconds as the file itself sums them up (a GPX: as gpxpy measures it, it has no totals)."""
    if kind == "fit":
        with fitdecode.FitReader(io.BytesIO(content)) as reader:
            messages = [one for one in reader if isinstance(one, fitdecode.FitDataMessage)]
            session = next(one for one in messages if one.name == "session")
        return session.get_value("total_distance"), session.get_value("total_timer_time")
    if kind == "gpx":
        found = gpxpy.parse(content)
        return found.length_2d(), found.get_duration() or 0.0
    names = {"DistanceMeters": 0.0, "TotalTimeSeconds": 0.0}
    for lap in fromstring(content).iter("{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}Lap"):
        for child in lap:
            name = child.tag.rpartition("}")[2]
            if name in names:
                names[name] += float(child.text or "")
    return names["DistanceMeters"], names["TotalTimeSeconds"]


@pytest.mark.parametrize("name", FILES)
def test_the_activity_agrees_with_the_files_own_totals(
    shared_file: SharedFiles, world: World, sandbox_send: Send, name: str
) -> None:
    content, kind = shared_file(f"runs/{name}").read_bytes(), name.rpartition(".")[2]
    distance_m, timer_s = totals(content, kind)
    visitor = Visitor(world=world, send=sandbox_send)
    token = str(visitor.login(scope="read,activity:read_all,activity:write")["access_token"])

    upload = read(hand_in(visitor, token, content, {"data_type": kind}, name=name))
    visitor.api(f"/uploads/{upload['id']}", token)
    done = read(visitor.api(f"/uploads/{upload['id']}", token))
    made = read(visitor.api(f"/activities/{done['activity_id']}", token))

    assert made["distance"] == pytest.approx(distance_m, rel=0.01)
    assert made["moving_time"] == pytest.approx(timer_s, rel=0.02)
    assert made["sport_type"] == ("TrailRun" if name == "bloemendaal.fit" else "Run")
    assert made["trainer"] is (name == "treadmill.fit")
