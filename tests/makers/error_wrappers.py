"""Errors of Strava as people paste them: printed by any language, then quoted, encoded, prefixed, wrapped."""

from __future__ import annotations

import base64
import html
import json
import pprint
import textwrap
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

Body = dict[str, Any]


def error(message: str, *details: tuple[str, str, str]) -> Body:
    """A body of the shape that Strava's errors have."""
    return {
        "message": message,
        "errors": [dict(zip(("resource", "field", "code"), row, strict=True)) for row in details],
    }


# Recorded in public places.
KNOWN_BODIES = (
    error("Authorization Error", ("AccessToken", "activity:read_permission", "missing")),
    error("Authorization Error", ("AccessToken", "activity:write_permission", "missing")),
    error("Authorization Error", ("AccessToken", "profile:read_all_permission", "missing")),
    error("Authorization Error", ("Athlete", "access_token", "invalid")),
    error("Authorization Error", ("Application", "", "invalid")),
    error("Authorization Error", ("Application", "internal", "invalid")),
    error("Bad Request", ("Application", "client_id", "invalid")),
    error("Bad Request", ("Application", "redirect_uri", "invalid")),
    error("Bad Request", ("Authorize", "scope", "invalid")),
    error("Bad Request", ("AuthorizationCode", "code", "invalid")),
    error("Bad Request", ("AuthorizationCode", "", "expired")),
    error("Bad Request", ("RequestToken", "code", "invalid")),
    error("Bad Request", ("RefreshToken", "refresh_token", "invalid")),
    error("Bad Request", ("Application", "after", "future")),
    error("Bad Request", ("Upload", "data", "empty")),
    error("Bad Request", ("upload", "gzip", "invalid encoding")),
    error("Forbidden", ("Application", "Status", "Inactive")),
    error("Rate Limit Exceeded", ("Application", "rate limit", "exceeded")),
    error("Rate Limit Exceeded", ("Application", "overall rate limit", "exceeded")),
    error("Rate Limit Exceeded", ("Application", "read rate limit", "exceeded")),
)


def php_print_r(value: object, indent: int = 0) -> str:
    """As PHP's print_r."""
    if not isinstance(value, dict | list):
        return str(value)
    pad = " " * indent
    rows = value.items() if isinstance(value, dict) else enumerate(value)
    inner = "".join(f"{pad}    [{key}] => {php_print_r(part, indent + 8)}\n" for key, part in rows)
    return f"Array\n{pad}(\n{inner}{pad})\n"


def php_var_dump(value: object, indent: int = 0) -> str:
    """As PHP's var_dump."""
    pad = "  " * indent
    if not isinstance(value, dict | list):
        return f'{pad}string({len(str(value))}) "{value}"\n'
    rows = value.items() if isinstance(value, dict) else enumerate(value)
    inner = "".join(f"{pad}  [{json.dumps(key)}]=>\n{php_var_dump(part, indent + 1)}" for key, part in rows)
    return f"{pad}array({len(value)}) {{\n{inner}{pad}}}\n"


def php_serialize(value: object) -> str:
    """As PHP's serialize."""
    if isinstance(value, dict | list):
        rows = value.items() if isinstance(value, dict) else enumerate(value)
        return f"a:{len(value)}:{{{''.join(php_serialize(key) + php_serialize(part) for key, part in rows)}}}"
    return f"i:{value};" if isinstance(value, int) else f's:{len(str(value))}:"{value}";'


def ruby_inspect(value: object) -> str:
    """As Ruby's inspect of hashes with texts as keys, before 3.4."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}"=>{ruby_inspect(part)}' for key, part in value.items()) + "}"
    return "[" + ", ".join(map(ruby_inspect, value)) + "]" if isinstance(value, list) else json.dumps(value)


def ruby_symbols(value: object) -> str:
    """As Ruby's inspect of hashes with symbols as keys."""
    return ruby_inspect(value).replace('{"', '{:"').replace(', "', ', :"').replace(':"', ":").replace('"=>', "=>")


def ruby_mash(value: object) -> str:
    """As Hashie::Mash shows itself: keys in the order of the alphabet."""
    if isinstance(value, dict):
        inner = " ".join(f"{key}={ruby_mash(value[key])}" for key in sorted(value))
        return f"#<Hashie::Mash {inner}>"
    return (
        "#<Hashie::Array [" + ", ".join(map(ruby_mash, value)) + "]>" if isinstance(value, list) else json.dumps(value)
    )


def go_map(value: object) -> str:
    """As Go's %v of a map: keys in the order of the alphabet, without quotes."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{go_map(value[key])}" for key in sorted(value)) + "]"
    return "[" + " ".join(map(go_map, value)) + "]" if isinstance(value, list) else str(value)


def go_struct(value: object) -> str:
    """As Go's %+v of a struct."""
    if isinstance(value, dict):
        return "{" + " ".join(f"{key.capitalize()}:{go_struct(part)}" for key, part in value.items()) + "}"
    return "[" + " ".join(map(go_struct, value)) + "]" if isinstance(value, list) else str(value)


def go_values(value: object) -> str:
    """As Go's %v of a struct: the values alone."""
    if isinstance(value, dict):
        return "{" + " ".join(map(go_values, value.values())) + "}"
    return "[" + " ".join(map(go_values, value)) + "]" if isinstance(value, list) else str(value)


def go_syntax(value: object) -> str:
    """As Go's %#v of a struct."""
    if isinstance(value, dict):
        return "main.Fault{" + ", ".join(f"{key.capitalize()}:{go_syntax(part)}" for key, part in value.items()) + "}"
    return "[]main.Error{" + ", ".join(map(go_syntax, value)) + "}" if isinstance(value, list) else json.dumps(value)


def javascript_console(value: object) -> str:
    """As console.log of Node prints an object."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key}: {javascript_console(part)}" for key, part in value.items()) + " }"
    return "[ " + ", ".join(map(javascript_console, value)) + " ]" if isinstance(value, list) else repr(value)


def java_record(value: object) -> str:
    """As a record of Java or a data class of Kotlin shows itself."""
    if isinstance(value, dict):
        return "Fault(" + ", ".join(f"{key}={java_record(part)}" for key, part in value.items()) + ")"
    return "[" + ", ".join(map(java_record, value)) + "]" if isinstance(value, list) else str(value)


def rust_debug(value: object) -> str:
    """As Rust's {:?} of a struct with optional parts."""
    if isinstance(value, dict):
        return "Fault { " + ", ".join(f"{key}: {rust_debug(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(rust_debug, value)) + "]"
    return f"Some({json.dumps(value)})"


def yaml(body: Body) -> str:
    """As YAML."""
    rows = [f"message: {body['message']}", "errors:"]
    for row in body["errors"]:
        rows += [f"- resource: {row['resource']}", f"  field: {row['field'] or chr(34) * 2}", f"  code: {row['code']}"]
    return "\n".join(rows) + "\n"


def xml(body: Body) -> str:
    """As XML."""
    rows = "".join(
        "<error>" + "".join(f"<{key}>{part}</{key}>" for key, part in row.items()) + "</error>"
        for row in body["errors"]
    )
    return f"<fault><message>{body['message']}</message><errors>{rows}</errors></fault>"


def form(body: Body) -> str:
    """As a form body."""
    rows = [(f"errors[{at}][{key}]", part) for at, row in enumerate(body["errors"]) for key, part in row.items()]
    return urlencode([("message", body["message"]), *rows])


def reordered(body: Body) -> Body:
    """The same with its keys the other way round."""
    errors = [dict(sorted(row.items())) for row in body["errors"]]
    return {"errors": errors, "message": body["message"]}


PRINTERS: dict[str, Callable[[Body], str]] = {
    "JSON": json.dumps,
    "compact JSON": lambda body: json.dumps(body, separators=(",", ":")),
    "indented JSON": lambda body: json.dumps(body, indent=2),
    "reordered JSON": lambda body: json.dumps(reordered(body)),
    "Python": repr,
    "Python bytes": lambda body: repr(json.dumps(body).encode()),
    "Python pprint": lambda body: pprint.pformat(body, width=40),
    "stravalib": lambda body: f"stravalib.exc.Fault: {body['message']}: {body['errors']}",
    "print_r": php_print_r,
    "var_dump": php_var_dump,
    "serialize": php_serialize,
    "Ruby": ruby_inspect,
    "Ruby symbols": ruby_symbols,
    "Mash": ruby_mash,
    "Go map": go_map,
    "Go struct": go_struct,
    "Go values": go_values,
    "Go syntax": go_syntax,
    "console": javascript_console,
    "Java": java_record,
    "Rust": rust_debug,
    "YAML": yaml,
    "XML": xml,
    "form": form,
}


def log_lines(text: str) -> str:
    """With a moment and a level before each line."""
    return "\n".join(
        f"2026-11-2{at % 10} 10:0{at % 10}:11,{at:03} ERROR {line}" for at, line in enumerate(text.split("\n"))
    )


def compose_lines(text: str) -> str:
    """As docker compose prints the lines of a service."""
    return "\n".join(f"strava-app-1  | {line}" for line in text.split("\n"))


def system_lines(text: str) -> str:
    """As the journal of a system prints them."""
    return "\n".join(f"Nov 22 10:00:{at:02} host app[4711]: {line}" for at, line in enumerate(text.split("\n")))


def hard_wrapped(width: int) -> Callable[[str], str]:
    """Cut into lines of a width, in the middle of words, as a terminal copies them."""

    def wrap(text: str) -> str:
        return "\n".join(text[at : at + width] for at in range(0, len(text), width))

    return wrap


def indented_wrap(text: str) -> str:
    """Cut into lines that are all indented, the first one less where it was copied from."""
    return textwrap.indent(hard_wrapped(30)(text), "    ").lstrip()


def xxd(text: str) -> str:
    """As xxd shows bytes: offset, pairs of bytes, and the same as text."""
    octets = text.encode()
    rows = [octets[at : at + 16] for at in range(0, len(octets), 16)]
    return "\n".join(
        f"{16 * number:08x}: {row.hex(' ', 2):<39}  {row.decode('ascii', 'replace')}" for number, row in enumerate(rows)
    )


def hexdump(text: str) -> str:
    """As hexdump -C shows bytes."""
    octets = text.encode()
    rows = [octets[at : at + 16] for at in range(0, len(octets), 16)]
    return "\n".join(
        f"{16 * number:08x}  {row[:8].hex(' ')}  {row[8:].hex(' ')}  |{row.decode('ascii', 'replace')}|"
        for number, row in enumerate(rows)
    )


WRAPPERS: dict[str, Callable[[str], str]] = {
    "JSON text": lambda text: json.dumps({"level": "error", "msg": text, "status": 500}),
    "JSON slashes": lambda text: json.dumps(text).replace("/", "\\/"),
    "JSON code points": lambda text: "".join(f"\\u{ord(char):04x}" if char in '"{}:' else char for char in text),
    "Python exception": lambda text: (
        f"Traceback (most recent call last):\n  File 'x.py', line 3\nRuntimeError: {text!r}"
    ),
    "CSV": lambda text: '2026-11-22,"' + text.replace('"', '""') + '",500',
    "SQL": lambda text: "INSERT INTO log VALUES ('" + text.replace("'", "''") + "');",
    "shell": lambda text: 'echo "' + text.replace("\\", "\\\\").replace('"', '\\"') + '"',
    "HTML": lambda text: f"<pre>{html.escape(text)}</pre>",
    "percent": lambda text: f"https://app.example/error?detail={quote(text, safe='')}&from=callback",
    "plus": lambda text: f"error={quote_plus(text)}",
    "base64": lambda text: f'{{"isBase64Encoded": true, "body": "{base64.b64encode(text.encode()).decode()}"}}',
    "curly quotes": lambda text: text.replace('"', "\u201d"),
    "log lines": log_lines,
    "compose lines": compose_lines,
    "system lines": system_lines,
    "mail": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "hard wrap 30": hard_wrapped(30),
    "hard wrap 80": hard_wrapped(80),
    "soft wrap": lambda text: textwrap.fill(text, 60, break_long_words=False, break_on_hyphens=False),
    "guzzle": lambda text: (
        f"Client error: `POST https://www.strava.com/oauth/token` resulted in a `400 Bad Request` response:\n{text}\n"
    ),
    "indented wrap": indented_wrap,
    "xxd": xxd,
    "hexdump": hexdump,
    "Windows lines": lambda text: text.replace("\n", "\r\n"),
}
