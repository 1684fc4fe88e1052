"""All SQL of the logbook: what is the athlete's own, what is cached and expires, both joined in views."""

from importlib.util import find_spec

from paceport.errors import MissingExtra

if any(find_spec(name) is None for name in ("numpy", "zstandard", "tzfpy")):
    raise MissingExtra(extra="logbook", needed_for="The logbook")

# Behind the check: these need what it looked for.
from paceport.logbook.store.ask import Answer
from paceport.logbook.store.opened import Store
from paceport.logbook.store.record import ActivityRecord, Origin, Parts, ResultRecord
from paceport.logbook.store.summary import Summary, erase_cache

__all__ = ["ActivityRecord", "Answer", "Origin", "Parts", "ResultRecord", "Store", "Summary", "erase_cache"]
