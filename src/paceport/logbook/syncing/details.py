"""The athlete's facts, then details and streams, newest first: one request, then saved, then the next.

What refuses is set aside.
"""

import hashlib
from collections.abc import Callable
from dataclasses import field
from datetime import timedelta

from paceport.api.client.client import Client
from paceport.api.endpoints import endpoint_named
from paceport.api.models.activity import DetailedActivity, SummaryActivity
from paceport.api.models.decoding import decode
from paceport.clock import Clock
from paceport.errors import (
    AnswerLost,
    ApiError,
    NetworkError,
    NotFound,
    NotSent,
    PaceportError,
    ScopeMissing,
    StravaDown,
    TokenRefused,
)
from paceport.formats.stream_codec import encode_streams
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.store import Store
from paceport.logbook.database.sync_rows import FetchedPart, detail_key, summary_key
from paceport.logbook.syncing.athlete import fact_quarantine_key, fetch_athlete_fact
from paceport.logbook.syncing.cleaned_streams import Cleaning, clean_api_streams
from paceport.logbook.syncing.deletions import forget
from paceport.logbook.syncing.map_activity import STREAM_KEYS, laps_of, streams_of, unusable_channels
from paceport.logbook.syncing.plan import KEPT_FOR, AthleteFact, FetchJob, FetchPlan, day_budget
from paceport.logbook.syncing.sync_report import SyncTally
from paceport.logbook.syncing.write_activity import write_activity

_FIRST_PAUSE = timedelta(hours=1)
_LONGEST_PAUSE = timedelta(hours=24)
# So many in a row can be bad ones, or the service is down: one question that always works tells.
_IN_A_ROW = 3
_MOST_REFUSALS = 10


@dataclass(slots=True, kw_only=True)
class Fetcher:
    """Does jobs one by one."""

    store: Store
    client: Client
    clock: Clock
    tally: SyncTally
    is_proof: bool
    _refused: list[str] = field(default_factory=list)
    _skipped: set[int] = field(default_factory=set)

    def run(self, work: FetchPlan, tell: Callable[[int, int], None]) -> int:
        """Do the work in order and give how many requests are left. `tell` hears of (done, total).

        Raises RateLimited, and what makes every further request useless; all that was done before is saved.
        """
        jobs = (*work.facts, *work.jobs)
        # Rows of the list that could not be read say nothing of the activities that are asked for one by one.
        refused_in_list = self.tally.quarantined
        for number, job in enumerate(jobs):
            if self._is_day_used():
                self.tally.stopped = "sync's share of the day's requests is used"
                return len(jobs) - number
            if self.tally.quarantined - refused_in_list >= _MOST_REFUSALS:
                self.tally.stopped = "too many activities were refused"
                return len(jobs) - number
            if not isinstance(job, FetchJob):
                self._fact(job)
            elif job.activity_id not in self._skipped:
                self._fetch_part(job)
            tell(number + 1, len(jobs))
        return 0

    def _is_day_used(self) -> bool:
        rates = self.client.rates()
        if rates is None or rates.read.day_limit is None or rates.read.day_used is None:
            return False
        return rates.read.day_used >= day_budget(rates.read.day_limit)

    def _fact(self, fact: AthleteFact) -> None:
        place = fact_quarantine_key(fact)
        try:
            fetch_athlete_fact(fact, store=self.store, client=self.client, clock=self.clock)
        except NotSent:
            raise
        except (ScopeMissing, TokenRefused, ApiError) as error:
            # Some logins are refused the zones alone. A login that is dead is told by the next request of all.
            self._quarantine(place, error, pause=_LONGEST_PAUSE)
        except (AnswerLost, StravaDown) as error:
            self._record_refusal(place, error)
        else:
            self.tally.facts.append(fact)
            self._refused.clear()
            self.store.cached.end_quarantine(place)

    def _fetch_part(self, job: FetchJob) -> None:
        try:
            if job.part == "detail":
                self._detail(job)
            else:
                self._streams(job)
        except NotSent:
            raise
        except (AnswerLost, StravaDown, ApiError) as error:
            self._record_refusal(quarantine_key_of(job.activity_id), error, activity_id=job.activity_id)
            self._skipped.add(job.activity_id)
        else:
            self._refused.clear()
            if quarantine_key_of(job.activity_id) in self.store.synced.refusals():
                self.store.cached.end_quarantine(quarantine_key_of(job.activity_id))

    def _detail(self, job: FetchJob) -> None:
        key = job.activity_id
        try:
            body = self.client.request("GET", endpoint_named("activity").fill(id=key)).body
            detail = decode(DetailedActivity, body, left_out=self.client.left_out)
        except NotFound:
            # It went since it was listed.
            forget(self.store, key, now=self.clock.now(), is_proof=self.is_proof)
            self.tally.deleted += 1
            self._skipped.add(key)
            return
        until = self.clock.now() + KEPT_FOR
        with self.store.cached.in_one_transaction():
            self.store.cached.save_reply(detail_key(key), body, expires_at=until, activity_id=key)
            self.store.synced.save_laps(key, laps_of(detail), expires_at=until)
            if detail.gear is not None and detail.gear.name:
                self._keep_gear(detail)
            self._save_fetched(job, content=hashlib.sha256(body).hexdigest()[:32])
        self.tally.details += 1

    def _keep_gear(self, detail: DetailedActivity) -> None:
        gear = detail.gear
        assert gear is not None
        self.store.cached.save_gear(
            gear.id,
            kind="bike" if gear.id.startswith("b") else "shoe",
            name=gear.name,
            brand=gear.brand_name or "",
            model=gear.model_name or "",
            expires_at=self.clock.now() + KEPT_FOR,
        )
        self.store.synced.set_gear_name(gear.id, gear.name)

    def _streams(self, job: FetchJob) -> None:
        key = job.activity_id
        raw = self.store.cached.reply(summary_key(key))
        if raw is None:
            return
        try:
            channels = self.client.activity_streams(key, keys=STREAM_KEYS)
        except NotFound:
            channels = {}  # documented for activities without a recording
        for part in unusable_channels(key, channels):
            self.client.left_out(part)
        activity = decode(SummaryActivity, raw)
        streams, cleaning = streams_of(channels, sport=activity.sport), None
        if streams is not None:
            streams, cleaning = clean_api_streams(streams, activity)
        blocks = encode_streams(streams) if streams is not None else {}
        with self.store.cached.in_one_transaction():
            self.store.synced.save_streams(key, blocks, expires_at=self.clock.now() + KEPT_FOR)
            content = hashlib.sha256(b"".join(blocks[name] for name in sorted(blocks))).hexdigest()[:32]
            samples = len(streams) if streams is not None else 0
            self._save_fetched(job, content=content if blocks else "", samples=samples, cleaning=cleaning)
        self.tally.streams += streams is not None

    def _save_fetched(self, job: FetchJob, *, content: str, samples: int = 0, cleaning: Cleaning | None = None) -> None:
        fetched = FetchedPart(
            requested_digest=job.requested_digest,
            content=content,
            samples=samples,
            expires_at=self.clock.now() + KEPT_FOR,
        )
        self.store.synced.save_fetched(job.activity_id, job.part, fetched)
        write_activity(self.store, job.activity_id, cleaning=cleaning)

    def _record_refusal(self, place: str, error: NetworkError | ApiError, *, activity_id: int | None = None) -> None:
        _, tries = self.store.synced.refusals().get(place, (None, 0))
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(tries, 5))
        self._quarantine(place, error, pause=pause, activity_id=activity_id)
        if isinstance(error, NetworkError):
            self._refused.append(place)
        if len(self._refused) >= _IN_A_ROW:
            self._check_service_is_up()

    def _quarantine(
        self, place: str, error: PaceportError, *, pause: timedelta, activity_id: int | None = None
    ) -> None:
        now = self.clock.now()
        self.store.cached.quarantine(
            place,
            why=f"{error.what}: {error.why}",
            retry_at=now + pause,
            expires_at=now + KEPT_FOR,
            activity_id=activity_id,
        )
        self.tally.quarantined += 1

    def _check_service_is_up(self) -> None:
        try:
            self.client.request("GET", endpoint_named("activities").path, query={"per_page": 1})
        except NetworkError:
            # It was not the activities.
            for place in self._refused:
                self.store.cached.end_quarantine(place)
            self.tally.quarantined -= len(self._refused)
            raise
        self._refused.clear()


def quarantine_key_of(activity_id: int) -> str:
    """How a refused activity is named in the quarantine."""
    return f"activity {activity_id}"
