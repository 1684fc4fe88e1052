"""The fields of a token answer, also where its JSON is damaged: nobody else has the tokens in it."""

from __future__ import annotations

import json
import math
import re
import zlib
from typing import Any

from paceport.errors import AnswerLost, UnexpectedAnswer

# A real answer is under 2 KB. What is larger than the room in the journal is not kept.
LARGEST_ANSWER = 60 * 1024
_HOST = "Strava's token endpoint"
# What may stand in an HTTP header as one word.
_TOKEN = re.compile(r"[!-~]{1,1024}")
# A field of a token answer wherever it stands: its name, and a text in quotes or a number.
_FIELD = re.compile(
    r'"(access_token|refresh_token|expires_at|expires_in|scope)"\s*:\s*("(?:[^"\\]|\\.){0,4096}"|-?[0-9.]{1,24}(?=[^0-9.]))'
)


def token_text(value: object) -> str:
    """The token that a field holds; "" for anything that is none."""
    text = value.strip() if isinstance(value, str) else ""
    return text if _TOKEN.fullmatch(text) else ""


def answer_fields(body: bytes) -> dict[str, Any]:
    """The fields of a token answer, which hold an access token.

    What is no JSON, or holds the token elsewhere than at its top, is searched for fields by their names.
    Raises AnswerLost for a body that is no whole answer (a gateway's page, a body cut short: the server may have acted)
    and UnexpectedAnswer for JSON without an access token.
    """
    if len(body) > LARGEST_ANSWER:
        raise AnswerLost(host=_HOST, why="the answer is far larger than a token")
    # One byte or one number that cannot be read in a field nobody needs must not cost the token.
    body = _unpacked(body)
    text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff\x00 \t\r\n")
    problem: ValueError | RecursionError | None = None
    try:
        value, _ = json.JSONDecoder(parse_int=_whole, object_pairs_hook=_last_good).raw_decode(text)
    except (ValueError, RecursionError) as error:
        value, problem = None, error
    if isinstance(value, dict) and token_text(value.get("access_token")):
        return value
    is_page = text.startswith("<")
    found = {} if is_page else _found_by_name(text)
    # Where the end is missing, a refresh token may be missing with it: then the whole answer is asked for once more.
    if found.get("access_token") and ("refresh_token" in found or text.rstrip().endswith(("}", "]"))):
        return found
    if problem is not None:
        why = "a page came instead: from a proxy, or the sign-in page of this network"
        raise AnswerLost(host=_HOST, why=why if is_page else "the answer is not JSON, or was cut off") from problem
    raise UnexpectedAnswer(
        what="Strava's token endpoint gave an answer that is not in the documentation",
        why="its access_token is missing or malformed" if isinstance(value, dict) else "it is not a JSON object",
        fix="try again; if it happens again: paceport doctor",
    )


def _unpacked(body: bytes) -> bytes:
    """The body without a gzip layer that is still there because its header was lost on the way."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, LARGEST_ANSWER)
    except zlib.error:
        return body


def _found_by_name(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, raw in _FIELD.findall(text):
        try:
            value = json.loads(raw)  # at most 24 digits
        except ValueError:
            continue
        if not name.endswith("_token") or token_text(value):
            found.setdefault(name, value)
    return found


def _last_good(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a name may stand twice: the last one counts, save one that is no token after one that is."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if not (name.endswith("_token") and token_text(fields.get(name)) and not token_text(value)):
            fields[name] = value
    return fields


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else math.inf
