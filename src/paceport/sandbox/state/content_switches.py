"""The switches of what athletes keep there: uploads, gear, segments, routes, clubs, webhooks."""

from __future__ import annotations

from paceport.sandbox.state.switch import Switch

CONTENT_SWITCHES = (
    Switch(
        name="upload_polls",
        default=1,
        mark="recorded",
        source="strava-ruby-client: client/create_upload",
        doc="How many times GET /uploads/{id} still says that the upload is being processed; the answer to the "
        "POST says so too.",
    ),
    Switch(
        name="upload_seconds",
        default=60,
        mark="assumed",
        doc="Seconds after which an upload is done even if nobody has asked for its status.",
    ),
    Switch(
        name="upload_outcome",
        default="read",
        choices=("read", "malformed", "empty", "stuck"),
        mark="assumed",
        doc="What happens to the next uploads: they are read, fail in one of the recorded ways, or never finish.",
    ),
    Switch(
        name="duplicate_text",
        default="plain",
        choices=("plain", "html"),
        mark="recorded",
        source="strava-ruby-client: client/create_upload_file_with_error",
        doc="The error of a duplicate: the activity's number as text (2023), or inside a link (2026).",
    ),
    Switch(
        name="upload_sport",
        default="ignore",
        choices=("ignore", "refuse"),
        mark="assumed",
        doc="A `sport_type` of an upload that does not exist, or is in the wrong case, is ignored or refused.",
    ),
    Switch(
        name="gear_needs",
        default="read",
        choices=("read", "profile:read_all"),
        mark="assumed",
        doc="The scope that GET /gear/{id} asks for.",
    ),
    Switch(
        name="efforts_without_subscription",
        default=402,
        choices=(402, 403, 200),
        mark="recorded",
        source="rStrava#84",
        doc="What an athlete without a subscription gets from the segment effort calls; with 200 they are answered.",
    ),
    Switch(
        name="zones_without_subscription",
        default=402,
        choices=(402, 403, 200),
        mark="assumed",
        doc="What an athlete without a subscription gets from the zones of an activity; with 200 they are answered.",
    ),
    Switch(
        name="explore_status",
        default=403,
        choices=(403, 402, 404, 200),
        mark="assumed",
        doc="What GET /segments/explore answers an app without extended access; with 200 it is answered as for an "
        "app that has it.",
    ),
    Switch(
        name="removed_club_status",
        default=0,
        choices=(0, 404, 403, 410),
        mark="seen",
        source="node-strava-v3#209",
        doc="What the club calls removed on 2026-09-01 answer. 0 is as seen: 401 for members and admins, as for the "
        "service's own apps; 404 for activities.",
    ),
    Switch(
        name="legacy_all_efforts",
        default=True,
        mark="recorded",
        source="strava-ruby-client: client/segment_efforts",
        doc="Whether /segments/{id}/all_efforts, the path of before 2020, still answers; it did in October 2025.",
    ),
    Switch(
        name="route_streams_shape",
        default="list",
        choices=("list", "set"),
        mark="assumed",
        doc="GET /routes/{id}/streams answers a list, as a public client reads it, or an object by key, as documented.",
    ),
    Switch(
        name="subscription_answer",
        default="id",
        choices=("id", "full"),
        mark="documented",
        source="developers.strava.com/docs/webhooks",
        doc="A new push subscription is answered with its id alone, or with all its fields as recorded in 2018.",
    ),
    Switch(
        name="webhook_updates",
        default="together",
        choices=("together", "each"),
        mark="assumed",
        doc="An edit of several fields makes one event, or one for each.",
    ),
    Switch(
        name="subscription_limit",
        default=0,
        mark="seen",
        source="ha_strava#266",
        doc="Calls to /push_subscriptions an app has in a quarter of an hour before they are answered 429; 0 for no "
        "limit. That such an answer comes was seen, the number is not known.",
    ),
    Switch(
        name="fresh_activity_404_s",
        default=0,
        mark="seen",
        source="slack-strava#83",
        doc="Seconds during which a new activity, though its event was sent, is answered 404: seen for 34 of 5,712 "
        "events.",
    ),
    Switch(
        name="fresh_activity_404_every",
        default=1,
        mark="seen",
        source="slack-strava#83",
        doc="Each Nth new activity is answered so at first: 1 for all, 168 for what was seen.",
    ),
    Switch(
        name="fresh_streams_empty_s",
        default=0,
        mark="seen",
        source="open-wearables#1447",
        doc="Seconds during which a new activity's streams are empty, with status 200.",
    ),
    Switch(
        name="fresh_streams_empty_every",
        default=1,
        mark="assumed",
        doc="Each Nth new activity's streams are so at first; 1 for all.",
    ),
    Switch(
        name="webhook_delay_s",
        default=0,
        mark="assumed",
        doc="Seconds of the machine's own time that each event waits before it is delivered.",
    ),
    Switch(
        name="webhook_drop_every",
        default=0,
        mark="documented",
        source="developers.strava.com/docs/webhooks",
        doc="Each Nth event is never delivered, as one whose three attempts all failed; 0 for none.",
    ),
    Switch(
        name="webhook_duplicate_every",
        default=0,
        mark="documented",
        source="developers.strava.com/docs/webhooks",
        doc="Each Nth event is delivered twice, as one whose answer came too late; 0 for none.",
    ),
    Switch(
        name="webhook_swap_every",
        default=0,
        mark="assumed",
        doc="Each Nth event is delivered after the one that follows it (or when the queue is flushed); 0 for none.",
    ),
    Switch(
        name="webhook_retry_s",
        default=0,
        mark="assumed",
        doc="Seconds between the attempts to deliver an event. That there are three is documented.",
    ),
)
