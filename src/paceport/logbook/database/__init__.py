"""All SQL of the logbook: what is the athlete's own, what is cached and expires, both joined in views."""

from importlib.util import find_spec

from paceport.errors import MissingExtra

if any(find_spec(name) is None for name in ("numpy", "zstandard", "tzfpy")):
    raise MissingExtra(extra="logbook", needed_for="The logbook")

# Behind the check: these need what it looked for.
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource, ResultRecord
from paceport.logbook.database.contents import LogbookSummary, erase_cache
from paceport.logbook.database.read_only_sql import QueryResult
from paceport.logbook.database.store import Store

__all__ = [
    "ActivityRecord",
    "EncodedTrack",
    "ImportSource",
    "LogbookSummary",
    "QueryResult",
    "ResultRecord",
    "Store",
    "erase_cache",
]
