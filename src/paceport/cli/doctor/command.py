"""`doctor` looks, `fix` repairs."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from paceport.cli.doctor import machine
from paceport.cli.doctor.finding import Finding, finding_line, has_bad, public_report
from paceport.cli.doctor.logbook import about_logbook
from paceport.cli.doctor.login import about_login
from paceport.cli.doctor.repairs import repair
from paceport.cli.doctor.service import about_service
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import PaceportError
from paceport.profile.profile import Profile

# Later repairs need what earlier ones make: a store that can be read, an app, a login.
_ORDER = ("permissions", "drafts", "init", "login", "journal", "identify")


@click.command("doctor")
@click.option("--report", "as_report", is_flag=True, help="A text for a public issue: no name, path, id or token.")
@click.option("--offline", is_flag=True, help="Make no network call; check only this machine.")
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@pass_invocation
def doctor_command(invocation: Invocation, *, as_report: bool, offline: bool, as_json: bool) -> int:
    """Check the set-up end to end: this machine, the app, the login, the service. Exit 1 if something does not work.

    The client secret is checked with an invalid refresh token, which changes nothing. An expired token is
    refreshed.
    """
    findings = list(run_checks(invocation, offline=offline))
    output = invocation.output
    if as_json:
        output.json([asdict(finding) for finding in findings])
    elif as_report:
        output.verbatim(public_report(findings, version=_version()))
    else:
        for finding in findings:
            output.result(finding_line(finding), hanging=" " * 8)
        if any(finding.repair for finding in findings):
            output.say(f"Next: {_fix_command(invocation)}")
    return 1 if has_bad(findings) else 0


@click.command("fix")
@click.option("--offline", is_flag=True, help="Make no network call; repair only what can be repaired without one.")
@pass_invocation
def fix_command(invocation: Invocation, *, offline: bool) -> int:
    """Run the repairs that `doctor` names, one after the other. Exit 1 if something still does not work."""
    output = invocation.output
    done: set[str] = set()
    while True:
        findings = list(run_checks(invocation, offline=offline))
        open_ = {finding.repair: finding for finding in findings if finding.repair and finding.repair not in done}
        word = next((word for word in _ORDER if word in open_ and not (offline and word in _ORDER[2:])), None)
        if word is None:
            break
        done.add(word)
        output.say(f"{open_[word].check}: {open_[word].text}")
        output.success(repair(open_[word].repair, invocation))
    left = [finding for finding in findings if finding.state == "bad"]
    for finding in left:
        output.result(finding_line(finding), hanging=" " * 8)
    if not left:
        output.success("Nothing is left to repair.")
    return 1 if left else 0


def run_checks(invocation: Invocation, *, offline: bool) -> Iterator[Finding]:
    """All checks, in the order in which they build on each other."""
    yield machine.about_python(sys.version_info[:3])
    yield machine.about_platform(sys.platform)
    yield machine.about_extras(lambda name: importlib.util.find_spec(name) is not None)
    try:
        profile = invocation.profile()
    except PaceportError as error:
        yield Finding(
            check="settings", state="bad", text=f"{error.what}: {error.why}", public="unusable", fix=error.fix
        )
        return
    state = profile.settings.directories.state
    about_choices = _about_choices(profile)
    yield about_choices
    privacy = machine.about_privacy(state)
    yield privacy
    yield machine.about_disk_space(state)
    if privacy.state == "bad":
        # Nothing is read from a place that others can write to, not even to look at it.
        return
    yield machine.about_locks(state)
    yield machine.about_drafts(state, now=invocation.clock.now())
    if about_choices.state == "bad":
        # Nobody knows which profile and which app are meant.
        return
    yield from about_login(profile)
    yield from about_logbook(profile)
    if not offline:
        yield from about_service(profile)


def _about_choices(profile: Profile) -> Finding:
    """Which profile is meant, which needs what commands have chosen."""
    try:
        return Finding(check="settings", state="ok", text=f"profile {profile.name!r}, vault {profile.settings.vault}")
    except PaceportError as error:
        text = f"{error.what}: {error.why}"
        return Finding(check="choices", state="bad", text=text, public=type(error).__name__, fix=error.fix)


def _fix_command(invocation: Invocation) -> str:
    try:
        return invocation.profile().command("fix")
    except PaceportError:
        return "paceport fix"


def _version() -> str:
    try:
        return importlib.metadata.version("paceport")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed as a package)"
