"""The API's samples cleaned as a file's are, and what is to be remembered of that beside them."""

from paceport.api.models.activity import SummaryActivity
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.activity_record import TrackFacts
from paceport.streams import Streams
from paceport.training.cleaning.clean_streams import clean_streams
from paceport.training.cleaning.repairs import repair_notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """What cleaning found: how the distance is known, and a sentence for each kind of repair."""

    facts: TrackFacts
    notes: tuple[str, ...]


def clean_api_streams(streams: Streams, activity: SummaryActivity) -> tuple[Streams, Cleaning]:
    """The samples after cleaning (docs/metrics.md#cleaning); the activity's totals stay what Strava says."""
    cleaned = clean_streams(streams, sport=activity.sport, total_m=activity.distance_m)
    facts = TrackFacts(distance_source=cleaned.distance_source, repaired_s=cleaned.repaired_s)
    return cleaned.streams, Cleaning(facts=facts, notes=repair_notes(cleaned.repairs))
