"""The twins against their originals: the same structure, and nothing copied. Runs only where the originals lie."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import SHARED
from makers.openapi_twin import openapi_twin
from makers.real_file_twins import write_twins

ORIGINALS = SHARED / "data"
if not ORIGINALS.is_dir():
    pytest.skip("twins are compared with their originals, which only ../shared has", allow_module_level=True)

REPLIES = sorted(path.name for path in (ORIGINALS / "recorded").iterdir())
# What the service itself fixes: words of its protocol, its limits, its hosts, and pieces of its own headers.
SERVICE_WORDS = re.compile(
    r"Authorization|application|Miss from|everyone|only_me|heart_rate|heartrate|calories|running|Running|Run$|"
    r"VirtualRun|Wheelchair|sports_run_normal|best_activities|distance|elev_gain|high$|feet|member|Bearer|invalid|"
    r"Application|RequestToken|client|Bad Request|Too Many|Rate Limit|Your activity is ready|%m/%d/%Y|Lap 1|"
    r"[0-9/]+ mile|[0-9]+[mK]$|authorization_code"
)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("twins")
    write_twins(folder)
    return folder / "data"


def interactions(path: Path) -> list[dict[str, Any]]:
    """Requests and replies with the bodies read; a plain body stands alone."""
    if path.suffix == ".json":
        return [{"body": json.loads(path.read_text(encoding="utf-8"))}]
    found = []
    for one in yaml.safe_load(path.read_text(encoding="utf-8"))["http_interactions"]:
        text = one["response"]["body"]["string"]
        found.append(
            {
                "method": one["request"]["method"],
                "request headers": dict.fromkeys(one["request"]["headers"]),
                "status": one["response"]["status"],
                "headers": one["response"]["headers"],
                "body": json.loads(text) if text else None,
            }
        )
    return found


def structure(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Each place with each type that stands there; lists count as empty or not, objects by the names they have."""
    if isinstance(value, dict):
        yield path, "object of " + " ".join(sorted(value))
        for name, part in value.items():
            yield from structure(part, f"{path}/{name}")
    elif isinstance(value, list):
        yield path, "list" if value else "empty list"
        for part in value:
            yield from structure(part, f"{path}[]")
    else:
        yield path, type(value).__name__


def values(value: object) -> Iterator[object]:
    """Each plain value in it."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from values(part)
    else:
        yield value


@pytest.mark.parametrize("name", REPLIES)
def test_a_twin_has_its_originals_structure(twins: Path, name: str) -> None:
    ours, theirs = interactions(twins / "recorded" / name), interactions(ORIGINALS / "recorded" / name)

    assert [set(structure(one)) for one in ours] == [set(structure(one)) for one in theirs]


@pytest.mark.parametrize("name", REPLIES)
def test_a_twin_keeps_what_the_service_says_of_limits_and_status(twins: Path, name: str) -> None:
    for ours, theirs in zip(
        interactions(twins / "recorded" / name), interactions(ORIGINALS / "recorded" / name), strict=True
    ):
        for part in ("method", "status"):
            assert ours.get(part) == theirs.get(part)
        for header, texts in theirs.get("headers", {}).items():
            if header.endswith("Limit") or header in {"Content-Type", "Status"}:
                assert ours["headers"][header] == texts


@pytest.mark.parametrize("name", REPLIES)
def test_a_twin_says_nothing_that_its_original_said(twins: Path, name: str) -> None:
    ours, theirs = (
        {value for one in interactions(folder / "recorded" / name) for value in values(one["body"])}
        for folder in (twins, ORIGINALS)
    )

    same = {
        value
        for value in ours & theirs
        if (isinstance(value, str) and len(value) > 5 and not SERVICE_WORDS.search(value))
        or (isinstance(value, int) and value > 50_000)
    }
    assert same == set()


def test_every_original_has_a_twin(twins: Path) -> None:
    ours, theirs = (
        {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} for folder in (twins, ORIGINALS)
    )
    own_names = {name for name in theirs if name.startswith("export/activities/")} | {"README.md"}

    assert theirs - own_names <= ours


def bare(schema: Any) -> Any:  # noqa: ANN401  # a tree of JSON
    """Without what no validator of answers looks at; a dict of one of these names is a field's schema."""
    if not isinstance(schema, dict):
        return [bare(one) for one in schema] if isinstance(schema, list) else schema
    aside = {"description", "format", "example"}
    parts = {name: bare(part) for name, part in schema.items() if name not in aside or isinstance(part, dict)}
    return {name: part for name, part in parts.items() if (name, part) != ("minItems", 0)}


def answers(description: dict[str, Any]) -> dict[tuple[str, str, str], Any]:
    """The schema of each good answer, by path, method and status."""
    return {
        (path, method, status): bare(answer.get("schema"))
        for path, calls in description["paths"].items()
        for method, call in calls.items()
        if method in {"get", "put", "post", "delete"}
        for status, answer in call["responses"].items()
        if status != "default"
    }


def test_the_twin_of_the_api_description_says_the_same() -> None:
    theirs = json.loads((SHARED / "strava-openapi.json").read_text(encoding="utf-8"))
    ours = openapi_twin()

    assert answers(ours) == answers(theirs)
    assert ours["definitions"].keys() == theirs["definitions"].keys()
    for name, definition in theirs["definitions"].items():
        assert ours["definitions"][name] == bare(definition), name
