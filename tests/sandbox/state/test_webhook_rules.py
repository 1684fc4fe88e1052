"""Which typed events a change makes, without JSON and without HTTP."""

from dataclasses import replace

import pytest

from paceport.clock import ManualClock
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.state.switch import Switches
from paceport.sandbox.state.switches import SWITCHES
from paceport.sandbox.state.webhook_rules import PushSubscriptions, WebhookEvent

APP = 10_001


@pytest.fixture
def activity(few: Population) -> Activity:
    return few.activities(few.people[0].id)[0]


def events_of(
    scopes: set[str], before: Activity | None, after: Activity | None, clock: ManualClock, **switches: object
) -> list[WebhookEvent]:
    delivered: list[WebhookEvent] = []
    in_force = Switches(SWITCHES)
    in_force.set(**switches)
    subscriptions = PushSubscriptions(lambda app, athlete: scopes, in_force, delivered.append)
    subscriptions.subscribe(APP, "http://localhost/hook", clock.now())
    subscriptions.activity_changed(before, after, clock.now())
    return delivered


def test_an_edit_is_handed_over_as_one_event_with_all_that_changed(activity: Activity, clock: ManualClock) -> None:
    edited = replace(activity, name="Other", sport_type="Walk")

    (event,) = events_of({"activity:read"}, activity, edited, clock)

    assert (event.aspect, event.object_type, event.object_id) == ("update", "activity", activity.id)
    assert event.updates == {"title": "Other", "type": "Walk"}
    assert (event.callback_url, event.at) == ("http://localhost/hook", clock.now())


def test_an_edit_can_make_one_event_for_each_field(activity: Activity, clock: ManualClock) -> None:
    edited = replace(activity, name="Other", sport_type="Walk")

    events = events_of({"activity:read"}, activity, edited, clock, webhook_updates="each")

    assert [event.updates for event in events] == [{"title": "Other"}, {"type": "Walk"}]


def test_hiding_an_activity_deletes_it_for_an_app_without_read_all(activity: Activity, clock: ManualClock) -> None:
    hidden = replace(activity, visibility="only_me")

    assert [one.aspect for one in events_of({"activity:read"}, activity, hidden, clock)] == ["delete"]
    assert [one.aspect for one in events_of({"activity:read_all"}, activity, hidden, clock)] == ["update"]


def test_an_app_without_an_activity_scope_is_told_nothing(activity: Activity, clock: ManualClock) -> None:
    assert events_of({"read"}, None, activity, clock) == []
