"""Days as commands take them: `--after` and `--before`."""

from __future__ import annotations

from datetime import date

import click

from paceport.errors import UsageError


class Day(click.ParamType[date]):
    """A date as 2026-01-31, local to the activity."""

    name = "DATE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date like 2026-01-31", param, ctx)


def refuse_no_days(after: date | None, before: date | None) -> None:
    """Raise UsageError where no day is on or after the one and before the other."""
    if after and before and after >= before:
        raise UsageError(
            what="--after and --before leave no days between them",
            why=f"{after} is not before {before}",
            fix="swap the two, or leave one out",
        )
