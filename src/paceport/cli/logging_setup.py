"""Where log lines go: to stderr, without secrets.

Only the network, and what `--verbose` shows, writes any. The module behind them takes as long to import as Python takes
to start, so it is set up when one of them is used.
"""

from paceport.cli.output import Output


def set_up_logging(output: Output, *, again: bool = True) -> None:
    """Warnings and worse on the stderr of that output; not `again` where that has been done."""
    import logging

    from paceport.secret_filter import SecretFilter

    root = logging.getLogger()
    if not again and any(isinstance(one, SecretFilter) for handler in root.handlers for one in handler.filters):
        return
    handler = logging.StreamHandler(output.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(SecretFilter())
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
