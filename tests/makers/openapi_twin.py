"""The twin of Strava's OpenAPI file: what it says of paths, models, fields and types, in a short form of our own.

`openapi_twin.json` names for each path and status the model of the answer, and for each model its fields. A type is a
JSON Schema type, a model, a list of one type, `a|b` for one of these words, `integer 1..3` for bounds; two types in a
list are a pair.
"""

import json
from pathlib import Path
from typing import Any

JSON_TYPES = {"integer", "number", "string", "boolean", "object"}


def openapi_twin() -> dict[str, Any]:
    """The same as the file itself, as far as a validator of answers asks: paths and definitions in JSON Schema."""
    short = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return {
        "paths": {
            path: {
                method: {"responses": {status: _answer(model) for status, model in answers.items()}}
                for method, answers in calls.items()
            }
            for path, calls in short["paths"].items()
        },
        "definitions": {name: _schema(model) for name, model in short["models"].items()},
    }


def _answer(model: Any) -> dict[str, Any]:  # noqa: ANN401  # a tree of JSON
    return {} if model is None else {"schema": _schema(model)}


def _schema(short: Any) -> dict[str, Any]:  # noqa: ANN401  # a tree of JSON
    if isinstance(short, list):
        pair = {"minItems": 2, "maxItems": 2} if len(short) == 2 else {}
        return {"type": "array", "items": _schema(short[0]), **pair}
    if isinstance(short, dict):
        fields = {name: _schema(kind) for name, kind in short.items() if name != "extends"}
        own = {"type": "object", "properties": fields}
        return {"allOf": [_schema(short["extends"]), own]} if "extends" in short else own
    return _plain(short)


def _plain(word: str) -> dict[str, Any]:
    kind, _, bounds = word.partition(" ")
    if ".." in bounds:
        lowest, _, highest = bounds.partition("..")
        return {"type": kind, "minimum": int(lowest), **({"maximum": int(highest)} if highest else {})}
    if word == "texts by name":
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if "|" in word:
        return {"type": "string", "enum": word.split("|")}
    return {"type": word} if word in JSON_TYPES else {"$ref": f"#/definitions/{word}"}
