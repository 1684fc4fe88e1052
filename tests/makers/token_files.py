"""Token files as tools and people keep them: shapes, encodings and spellings of one login."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

Fields = Mapping[str, object]
FIELDS = ("refresh_token", "access_token", "expires_at", "client_id")


def camel(name: str) -> str:
    """A name as JavaScript spells it."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "snake": lambda name: name,
    "camel": camel,
    "Pascal": lambda name: camel(name)[:1].upper() + camel(name)[1:],
    "kebab": lambda name: name.replace("_", "-"),
    "loud": str.upper,
    "with the service": lambda name: f"STRAVA_{name.upper()}",
    "camel with the service": lambda name: camel(f"strava_{name}"),
    "of a framework": lambda name: f"REACT_APP_STRAVA_{name.upper()}",
}
# Notations of a shell and others allow no hyphen in a name.
PLAIN_SPELLINGS = tuple(name for name in SPELLINGS if name != "kebab")


def _lines(form: str, end: str = "\n") -> Callable[[Fields], str]:
    return lambda fields: end.join(form.format(name=name, value=value) for name, value in fields.items()) + "\n"


def _indented(form: str, head: str, indent: str = "  ") -> Callable[[Fields], str]:
    return lambda fields: (
        head + "".join(f"{indent}{form.format(name=name, value=value)}\n" for name, value in fields.items())
    )


def other_login(fields: Fields) -> Fields:
    """As many fields with the tokens of another service."""
    assert fields
    return {"refresh_token": "d4" * 20, "access_token": "e5" * 20, "expires_at": 1_800_000_000, "client_id": "99"}


SHAPES: dict[str, Callable[[Fields], str]] = {
    "JSON": json.dumps,
    "indented JSON": lambda fields: json.dumps(fields, indent=4) + "\n",
    "nested JSON": lambda fields: json.dumps({"version": 2, "strava": fields}),
    "deep JSON": lambda fields: json.dumps({"users": [{"name": "ida", "oauth": {"token": fields}}]}),
    "JSON in JSON": lambda fields: json.dumps({"strava_token": json.dumps(fields)}),
    "JSON text of JSON": lambda fields: json.dumps(json.dumps(json.dumps(fields))),
    "base64": lambda fields: base64.b64encode(json.dumps(fields).encode()).decode() + "\n",
    "secret of Kubernetes": lambda fields: (
        "apiVersion: v1\nkind: Secret\ndata:\n"
        + "".join(
            f"  {name}: {base64.b64encode(part.encode()).decode() if str(name).lower().endswith('token') else part}\n"
            if isinstance(part, str)
            else f"  {name}: {part}\n"
            for name, part in fields.items()
        )
    ),
    "JSON beside another service": lambda fields: json.dumps({"google": other_login(fields), "strava": fields}),
    "Home Assistant": lambda fields: json.dumps(
        {
            "data": {
                "entries": [
                    {"domain": "google", "data": {"token": other_login(fields)}},
                    {"domain": "ha_strava", "data": {"token": fields}},
                ]
            }
        }
    ),
    "server configuration": lambda fields: json.dumps({"mcpServers": {"strava": {"command": "npx", "env": fields}}}),
    "names and values": lambda fields: json.dumps([{"name": name, "value": part} for name, part in fields.items()]),
    "container": lambda fields: json.dumps({"Config": {"Env": [f"{name}={part}" for name, part in fields.items()]}}),
    "curl -i": lambda fields: f"HTTP/2 200\r\ncontent-type: application/json\r\n\r\n{json.dumps(fields)}\n",
    "env": _lines("{name}={value}"),
    "quoted env": lambda fields: "# tokens\n\n" + _lines('{name}="{value}"   # from the page')(fields),
    "env with an old token": lambda fields: (
        f"# {next(iter(fields))}=oldoldoldold\n" + _lines("{name} = '{value}'")(fields)
    ),
    "export": _lines("export {name}='{value}'"),
    "export in one line": _lines("export {name}={value}", "; "),
    "declare": _lines('declare -x {name}="{value}"'),
    "fish": _lines("set -gx {name} {value}"),
    "csh": _lines("setenv {name} {value}"),
    "cmd": _lines("set {name}={value}", "\r\n"),
    "setx": _lines('setx {name} "{value}"', "\r\n"),
    "PowerShell": _lines('$env:{name} = "{value}"', "\r\n"),
    "Dockerfile": _lines("ENV {name} {value}"),
    "systemd": lambda fields: "[Service]\n" + _lines('Environment="{name}={value}"')(fields),
    "YAML": _lines("{name}: {value}"),
    "nested YAML": _indented('{name}: "{value}"', "---\nversion: 2\nstrava:\n"),
    "YAML beside another service": lambda fields: (
        _indented("{name}: {value}", "google:\n")(other_login(fields))
        + _indented("{name}: {value}", "strava:\n")(fields)
    ),
    "compose": _indented("- {name}={value}", "services:\n  app:\n    environment:\n", "      "),
    "TOML": _lines('{name} = "{value}"'),
    "TOML table": lambda fields: "[strava]\n" + _lines('{name} = "{value}"')(fields),
    "INI": lambda fields: "; mine\n[google]\nkey=1\n[strava]\n" + _lines("{name}={value}")(fields),
    "properties": _lines("strava.{name}={value}"),
    "Python": lambda fields: f"TOKENS = {dict(fields)!r}\n",
    "JavaScript": lambda fields: "module.exports = {\n" + _lines("  '{name}': '{value}',")(fields) + "};\n",
    "PHP": lambda fields: "<?php\nreturn [\n" + _lines("    '{name}' => '{value}',")(fields) + "];\n",
    "Ruby": lambda fields: (
        "Strava::OAuth.configure do |config|\n" + _lines('  config.{name} = "{value}"')(fields) + "end\n"
    ),
    "page": lambda fields: "<ul>\n" + _lines("<li>{name}: {value}</li>")(fields) + "</ul>",
    "property list": lambda fields: (
        "<dict>\n"
        + "".join(f"<key>{name}</key>\n<string>{escape(str(value))}</string>\n" for name, value in fields.items())
        + "</dict>"
    ),
    "form": _lines("{name}={value}", "&"),
}
NEED_PLAIN_NAMES = frozenset(
    {
        "export",
        "export in one line",
        "declare",
        "fish",
        "csh",
        "cmd",
        "setx",
        "PowerShell",
        "Dockerfile",
        "systemd",
        "env",
        "quoted env",
        "env with an old token",
        "Ruby",
        "compose",
        "container",
        "form",
    }
)
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 of the other order": lambda text: "\ufeff".encode("utf-16-be") + text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "Windows": lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n").encode("cp1252"),
}
