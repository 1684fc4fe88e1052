"""All SQL of the logbook: what is the athlete's own, what is cached and expires, both joined in views."""

from paceport.logbook.store.ask import Answer
from paceport.logbook.store.opened import Store
from paceport.logbook.store.record import ActivityRecord, Origin, Parts, ResultRecord

__all__ = ["ActivityRecord", "Answer", "Origin", "Parts", "ResultRecord", "Store"]
