"""All SQL of the logbook: what is the athlete's own, what is cached and expires, both joined in views."""

from importlib.util import find_spec

from paceport.errors import MissingExtra

if any(find_spec(name) is None for name in ("numpy", "zstandard", "tzfpy")):
    raise MissingExtra(extra="logbook", needed_for="The logbook")
