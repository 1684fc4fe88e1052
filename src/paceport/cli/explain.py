"""`explain`: any error of the service, in any format, as what happened, why, and what to do."""

from __future__ import annotations

import click

from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import error_as_json
from paceport.errors import PaceportError, ScopeMissing
from paceport.explain.explain_error import explain
from paceport.scopes import Scopes

_LONGEST_INPUT = 1_000_000


@click.command("explain")
@click.argument("text", required=False)
@click.option("--status", type=int, metavar="CODE", help="The HTTP status, if the text does not contain it.")
@click.option("--json", "as_json", is_flag=True, help="The explanation as JSON.")
@pass_invocation
def explain_command(invocation: Invocation, *, text: str | None, status: int | None, as_json: bool) -> None:
    """Explain an error of Strava: what happened, why, what to do.

    TEXT is the error in any format: the JSON body, what curl -i printed, a log, a library's message, a dump of any
    language, whole or cut off. Without TEXT it is read from stdin:  curl … | paceport explain
    """
    if text is None:
        if invocation.stdin_is_terminal:
            invocation.output.say("Paste the error, then press Ctrl-D:")
        text = invocation.stdin.read(_LONGEST_INPUT)
    explanation = explain(text, now=invocation.clock.now(), status=status)
    granted = _stored_scopes(invocation) if isinstance(explanation.error, ScopeMissing) else None
    if granted is not None:
        explanation = explain(text, now=invocation.clock.now(), status=status, granted=granted)
    if as_json:
        invocation.output.json(
            {
                "read": {
                    "status": explanation.fault.status or None,
                    "message": explanation.fault.message,
                    "errors": [
                        {"resource": detail.resource, "field": detail.field, "code": detail.code}
                        for detail in explanation.fault.details
                    ],
                },
                "known": explanation.is_known,
                "explanation": error_as_json(explanation.error),
            }
        )
        return
    error = explanation.error
    invocation.output.say(f"Read: {explanation.fault}")
    invocation.output.facts([("What", error.what), ("Why", error.why), ("To do", error.fix)])
    if isinstance(error, ScopeMissing) and granted is not None and granted.covers(error.needed):
        invocation.output.say(
            f"Your stored login grants {error.needed}: the error came from another token. A good one: paceport token"
        )


def _stored_scopes(invocation: Invocation) -> Scopes | None:
    """The scopes of the stored login, None where none can be read. A keyring is not asked: it might want unlocking."""
    try:
        profile = invocation.profile()
        return profile.granted() if profile.settings.vault.partition(":")[0] == "file" else None
    except PaceportError:
        return None
