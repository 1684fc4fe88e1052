"""The switches of what athletes keep there: uploads, gear, segments, routes, clubs, webhooks."""

from __future__ import annotations

from paceport.sandbox.state.switch import Switch

CONTENT_SWITCHES = (
    Switch(
        name="upload_polls",
        default=1,
        mark="recorded",
        doc="How many times GET /uploads/{id} still says that the upload is being processed; the answer to "
        "the POST says so, too.",
    ),
    Switch(
        name="upload_seconds",
        default=60,
        mark="assumed",
        doc="Seconds after which an upload is done even if nobody has asked about it.",
    ),
    Switch(
        name="upload_outcome",
        default="read",
        choices=("read", "malformed", "empty", "stuck"),
        mark="assumed",
        doc="What becomes of the uploads to come: they are read, fail in one of the recorded ways, or are never done.",
    ),
    Switch(
        name="duplicate_text",
        default="plain",
        choices=("plain", "html"),
        mark="recorded",
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
        doc="What an athlete without a subscription gets from the segment effort calls; 200 answers them.",
    ),
    Switch(
        name="zones_without_subscription",
        default=402,
        choices=(402, 403, 200),
        mark="assumed",
        doc="What an athlete without a subscription gets from the zones of an activity; 200 answers them.",
    ),
    Switch(
        name="explore_status",
        default=403,
        choices=(403, 402, 404, 200),
        mark="assumed",
        doc="What GET /segments/explore answers an app without extended access; 200 serves it as to one with it.",
    ),
    Switch(
        name="removed_club_status",
        default=404,
        choices=(404, 403, 410),
        mark="assumed",
        doc="What the club calls removed on 2026-09-01 answer: members, admins, activities.",
    ),
    Switch(
        name="legacy_all_efforts",
        default=True,
        mark="recorded",
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
        name="webhook_retry_s",
        default=0,
        mark="assumed",
        doc="Seconds between the attempts to deliver an event. That there are three is documented.",
    ),
)
