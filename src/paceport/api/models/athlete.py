"""The athlete: profile, gear, clubs, zones and totals."""

from datetime import datetime

from msgspec import field

from paceport.api.models.decoding import ApiStruct, Int64


class Gear(ApiStruct, frozen=True, kw_only=True, gc=False):
    """Shoes (id "g…") or a bike (id "b…"). `distance_m` is the total so far."""

    id: str
    name: str = ""
    nickname: str | None = None
    primary: bool | None = None
    retired: bool | None = None
    distance_m: float | None = field(name="distance", default=None)
    brand_name: str | None = None
    model_name: str | None = None
    description: str | None = None
    frame_type: Int64 | None = None
    weight: float | None = None


class SummaryClub(ApiStruct, frozen=True, kw_only=True, gc=False):
    """A club, as the athlete's list and its own page show it."""

    id: Int64
    name: str = ""
    sport_type: str | None = None
    activity_types: list[str] | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    private: bool | None = None
    member_count: Int64 | None = None
    url: str | None = None
    verified: bool | None = None


class ClubEvent(ApiStruct, frozen=True, kw_only=True, gc=False):
    """An event of a club (undocumented)."""

    id: Int64
    title: str = ""
    description: str | None = None
    club_id: Int64 | None = None
    activity_type: str | None = None
    created_at: datetime | None = None
    upcoming_occurrences: list[datetime] | None = None
    address: str | None = None


class Athlete(ApiStruct, frozen=True, kw_only=True, gc=False):
    """The token's athlete: a summary, or with profile:read_all also gear, clubs, units, FTP and weight."""

    id: Int64
    username: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    sex: str | None = None
    summit: bool | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    weight_kg: float | None = field(name="weight", default=None)
    ftp_w: float | None = field(name="ftp", default=None)
    measurement_preference: str | None = None
    profile_url: str | None = field(name="profile", default=None)
    clubs: list[SummaryClub] | None = None
    bikes: list[Gear] | None = None
    shoes: list[Gear] | None = None

    @property
    def display_name(self) -> str:
        """First and last name, or what there is of them."""
        return " ".join(part for part in (self.firstname, self.lastname) if part)


class ZoneRange(ApiStruct, frozen=True, kw_only=True, gc=False):
    """Bounds of one zone; `max` -1 is open."""

    min: float
    max: float


class ZoneRanges(ApiStruct, frozen=True, kw_only=True, gc=False):
    """The athlete's zones of one kind, lowest first."""

    zones: list[ZoneRange]
    custom_zones: bool | None = None


class Zones(ApiStruct, frozen=True, kw_only=True, gc=False):
    """The athlete's heart rate zones (beats per minute) and, where there are any, power zones (watts)."""

    heart_rate: ZoneRanges | None = None
    power: ZoneRanges | None = None


class Totals(ApiStruct, frozen=True, kw_only=True, gc=False):
    """A sum over activities: metres and seconds."""

    count: Int64 = 0
    distance_m: float = field(name="distance", default=0.0)
    moving_time_s: float = field(name="moving_time", default=0.0)
    elapsed_time_s: float = field(name="elapsed_time", default=0.0)
    elevation_gain_m: float = field(name="elevation_gain", default=0.0)
    achievement_count: Int64 | None = None


class ActivityStats(ApiStruct, frozen=True, kw_only=True, gc=False):
    """Totals of the last four weeks, this year and ever, of activities visible to everyone."""

    recent_run_totals: Totals | None = None
    recent_ride_totals: Totals | None = None
    recent_swim_totals: Totals | None = None
    ytd_run_totals: Totals | None = None
    ytd_ride_totals: Totals | None = None
    ytd_swim_totals: Totals | None = None
    all_run_totals: Totals | None = None
    all_ride_totals: Totals | None = None
    all_swim_totals: Totals | None = None
    biggest_ride_distance_m: float | None = field(name="biggest_ride_distance", default=None)
    biggest_climb_m: float | None = field(name="biggest_climb_elevation_gain", default=None)


class PushSubscription(ApiStruct, frozen=True, kw_only=True, gc=False):
    """The app's one webhook."""

    id: Int64
    callback_url: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
