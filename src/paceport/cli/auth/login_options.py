"""The options that `login` and `grant` share."""

from __future__ import annotations

import click

port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Listen on this port; 0: any free one."
)
timeout_option = click.option(
    "--timeout", "timeout_s", type=click.FloatRange(1, 3600), default=300.0, metavar="SECONDS", help="How long to wait."
)
no_browser_option = click.option(
    "--no-browser", is_flag=True, help="Do not open a browser; paste the address that yours ends on."
)
start_option = click.option(
    "--start", "is_start", is_flag=True, help="Print the address to open, then end; --finish completes the login."
)
finish_option = click.option(
    "--finish", "is_finish", is_flag=True, help="Complete the login: read the address from the prompt or stdin."
)
