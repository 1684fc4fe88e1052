"""`explain`: any error of the service, in any wrapping, as what happened, why, and what to do."""

from __future__ import annotations

import click

from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import error_as_json
from paceport.explain.meaning import explain

_LONGEST_INPUT = 1_000_000


@click.command("explain")
@click.argument("text", required=False)
@click.option("--status", type=int, metavar="CODE", help="The HTTP status, where the text does not hold it.")
@click.option("--json", "as_json", is_flag=True, help="The explanation as JSON.")
@pass_invocation
def explain_command(invocation: Invocation, *, text: str | None, status: int | None, as_json: bool) -> None:
    """Explain an error of Strava: what happened, why, what to do.

    TEXT is the error in any wrapping: the JSON body, what curl -i printed, a library's message. Without TEXT it is
    read from stdin:  curl … | paceport explain
    """
    if text is None:
        if invocation.stdin_is_terminal:
            invocation.output.say("Paste the error, then press Ctrl-D:")
        text = invocation.stdin.read(_LONGEST_INPUT)
    explanation = explain(text, now=invocation.clock.now(), status=status)
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
