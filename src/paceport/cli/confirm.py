"""A question with yes and no, for a person at a terminal."""

from __future__ import annotations

import click

from paceport.cli.invocation import Invocation


def confirm(invocation: Invocation, question: str) -> bool:
    """Whether the person says yes; anything else is no. Raises click.Abort where the input has ended."""
    invocation.output.stderr.write(f"{question} [y/N] ")
    invocation.output.stderr.flush()
    line = invocation.stdin.readline(1000)
    if not line:
        raise click.Abort
    return line.strip().casefold() in {"y", "yes"}
