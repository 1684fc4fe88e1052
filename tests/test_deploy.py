"""What starts a service: five commands of the how-to, a compose file and units; and that they name what there is."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import jsonschema  # type: ignore[import-untyped]  # it has no stubs
import pytest
import yaml

from conftest import ROOT, missing
from paceport.cli.service import service_command
from paceport.cli.worker import worker_command

DEPLOY = ROOT / "deploy"
# The parts of the Compose specification that the file uses (https://compose-spec.io, read 2026-11-22), and no others.
_TEXTS = {"type": "array", "items": {"type": "string"}}
_WORDS = {"type": "object", "additionalProperties": {"type": "string"}}
_SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "oneOf": [{"required": ["image"]}, {"required": ["build"]}],
    "properties": {
        "image": {"type": "string"},
        "build": {
            "type": "object",
            "additionalProperties": False,
            "required": ["context"],
            "properties": {"context": {"type": "string"}, "dockerfile": {"type": "string"}},
        },
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "read_only": {"type": "boolean"},
        "tmpfs": _TEXTS,
        "cap_drop": _TEXTS,
        "security_opt": _TEXTS,
        "environment": _WORDS,
        "command": _TEXTS,
        "ports": _TEXTS,
        "volumes": _TEXTS,
        "stop_grace_period": {"type": "string", "pattern": "^[0-9]+(ms|s|m|h)$"},
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["condition"],
                "additionalProperties": False,
                "properties": {"condition": {"enum": ["service_started", "service_healthy"]}},
            },
        },
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "required": ["test"],
            "properties": {
                "test": _TEXTS,
                "interval": {"type": "string"},
                "timeout": {"type": "string"},
                "retries": {"type": "integer"},
            },
        },
    },
}
COMPOSE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["services"],
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": _SERVICE},
        "volumes": {"type": "object"},
    },
}


def options_of(command: click.Command) -> set[str]:
    return {word for parameter in command.params for word in parameter.opts if word.startswith("-")}


def check_words(words: list[str]) -> None:
    """That a command line names a command and options that there are."""
    command = {"service": service_command, "worker": worker_command}[words[0]]
    assert {word for word in words if word.startswith("--")} <= options_of(command)


def test_the_compose_file_has_the_form_and_names_what_there_is() -> None:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))

    jsonschema.validate(found, COMPOSE)
    for service in found["services"].values():
        assert set(service.get("depends_on", {})) <= set(found["services"])
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(found["volumes"])
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
            check_words(service["command"])
    assert "never run" in (DEPLOY / "compose.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["paceport-service.service", "paceport-worker@.service"])
def test_each_unit_starts_a_command_that_there_is(name: str) -> None:
    unit = configparser.ConfigParser(strict=True, interpolation=None, comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd tells large letters from small ones
    unit.read_string((DEPLOY / name).read_text(encoding="utf-8"))

    program, *words = unit["Service"]["ExecStart"].split()
    assert program == "/opt/paceport/bin/paceport"
    check_words(words)
    assert {"Unit", "Service", "Install"} == set(unit.sections())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_finds_nothing_wrong_in_the_units(tmp_path: Path) -> None:
    for name, as_name in (("paceport-service.service",) * 2, ("paceport-worker@.service", "paceport-worker@1.service")):
        text = (DEPLOY / name).read_text(encoding="utf-8").replace("/opt/paceport/bin/paceport", sys.executable)
        (tmp_path / as_name).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())

    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=60)

    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.proof
def test_five_commands_lead_from_nothing_to_a_running_service(database_url: str, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        missing("openssl is not installed")
    page = (ROOT / "docs" / "how-to" / "many-athletes.md").read_text(encoding="utf-8")
    block = re.search(r"```bash\n(.*?)```", page, re.DOTALL)
    assert block is not None
    commands = block[1].strip().splitlines()
    sandbox, service = free_port(), free_port()
    script = block[1].replace("8000", str(service)).replace("postgresql:///paceport", f'"{database_url}"')
    script = script.replace("--capacity", f"--port {service} --capacity")
    script = script.replace("paceport sandbox --athletes", f"paceport sandbox --port {sandbox} --athletes")
    script = script.replace("--print-env", f"--port {sandbox} --print-env")
    program = tmp_path / "bin" / "paceport"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m paceport "$@"\n')
    program.chmod(0o755)
    ended = subprocess.run(
        ["bash", "-c", f"set -m\n{script}\npaceport worker --json > status.json\nkill %1 %2\nwait\n"],
        env={"PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "src"), "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )

    status = json.loads((tmp_path / "status.json").read_text())
    assert len(commands) == 5
    assert "40 of 40 athletes have connected" in ended.stderr, ended.stderr
    assert "Strava sends events to" in ended.stderr
    assert status["athletes"]["members"] == 40
    assert status["rows"]["results"] > 15
    assert status["plan"]["daily_reads"] == 143
    assert "143 of 1,000" in ended.stdout
