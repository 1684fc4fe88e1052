"""What can be set differently in the simulated service, and how sure we are of each default."""

from __future__ import annotations

from paceport.sandbox.state.content_switches import CONTENT_SWITCHES
from paceport.sandbox.state.switch import Switch

SWITCHES = (
    Switch(
        name="refresh_rotation",
        default="on_new_token",
        choices=("on_new_token", "always", "never"),
        mark="assumed",
        doc="When a new refresh token replaces the old one: with each new access token, at each answer, or never. "
        "That the old one dies at once is documented.",
    ),
    Switch(
        name="code_lifetime_s",
        default=600,
        mark="assumed",
        doc="Seconds an authorization code may be exchanged; afterwards it is answered as expired.",
    ),
    Switch(
        name="fresh_code_refusals",
        default=0,
        mark="recorded",
        doc="How often a fresh code is first refused as invalid, as when the service has not spread it yet.",
    ),
    Switch(
        name="fresh_code_delay_s",
        default=0,
        mark="recorded",
        doc="Seconds during which a fresh code is refused as invalid.",
    ),
    Switch(
        name="scope_in_token_answer",
        default=False,
        mark="assumed",
        doc="Whether the token answer carries `scope`. Documented since April 2026, absent in later probes.",
    ),
    Switch(
        name="json_token_body",
        default=False,
        mark="assumed",
        doc="Whether the token endpoint also reads a JSON body.",
    ),
    Switch(
        name="missing_grant_type",
        default="authorization_code",
        choices=("authorization_code", "refuse"),
        mark="assumed",
        doc="A token request without `grant_type` is taken for a code exchange, as before October 2018, or refused.",
    ),
    Switch(
        name="read_scope",
        default="always",
        choices=("always", "as_ticked"),
        mark="recorded",
        doc="Whether `read` is granted even where it was not asked for or was unticked.",
    ),
    Switch(
        name="auto_with_new_scopes",
        default="ask",
        choices=("ask", "pass"),
        mark="assumed",
        doc="Under approval_prompt=auto, whether more scopes than were granted bring the consent page back; "
        "`pass` sends straight back with the scopes granted before.",
    ),
    Switch(
        name="ipv6_loopback_redirect",
        default=False,
        mark="assumed",
        doc="Whether a redirect to `[::1]` is allowed like one to 127.0.0.1.",
    ),
    Switch(
        name="athlete_capacity",
        default=10,
        mark="documented",
        doc="How many athletes may connect to one app.",
    ),
    Switch(
        name="capacity_at_token_endpoint",
        default=False,
        mark="assumed",
        doc="Whether the token endpoint, too, refuses athletes beyond the capacity.",
    ),
    Switch(
        name="access_token_revocation",
        default="pair",
        choices=("pair", "token"),
        mark="assumed",
        doc="What revoking an access token by /oauth/revoke ends: all tokens of athlete and app, or that token alone.",
    ),
    Switch(
        name="legacy_deauthorize",
        default=True,
        mark="documented",
        doc="Whether /oauth/deauthorize exists; it is retired on 2027-06-01.",
    ),
    Switch(
        name="header_only",
        default=False,
        mark="documented",
        doc="Whether an access token counts in the Authorization header alone, as from 2027-06-01.",
    ),
    Switch(
        name="api_prefix",
        default="/api/v3",
        choices=("/api/v3", ""),
        mark="documented",
        doc="With the empty prefix the API also answers at the bare host, as the host of 2027 does.",
    ),
    Switch(
        name="missing_scope_status",
        default=401,
        choices=(401, 403),
        mark="recorded",
        doc="The status when a token lacks a scope; two reports of 2026 name 403.",
    ),
    Switch(
        name="zones_refusal_body",
        default="errors",
        choices=("errors", "empty"),
        mark="recorded",
        doc="What /athlete/zones says to a token without profile:read_all: the usual error, or nothing.",
    ),
    Switch(
        name="per_page_over_200",
        default="cut",
        choices=("cut", "refuse"),
        mark="assumed",
        doc="A `per_page` above 200 is taken as 200, or refused.",
    ),
    Switch(
        name="page_zero",
        default="first",
        choices=("first", "refuse"),
        mark="assumed",
        doc="A `page` of 0 or less is the first page, or refused.",
    ),
    Switch(
        name="bounds_are_strict",
        default=True,
        mark="assumed",
        doc="Whether an activity that starts exactly at `before` or `after` is left out.",
    ),
    Switch(
        name="overall_limit_field",
        default="overall rate limit",
        choices=("overall rate limit", "rate limit"),
        mark="recorded",
        doc="The field that a 429 names for the overall limit; the shorter one is of 2020 and before.",
    ),
    Switch(
        name="read_limit_field",
        default="read rate limit",
        choices=("read rate limit", "overall rate limit", "rate limit"),
        mark="assumed",
        doc="The field that a 429 names for the read limit.",
    ),
    Switch(
        name="refused_calls_count",
        default=True,
        mark="assumed",
        doc="Whether calls answered 4xx count against the limits. Those answered 429 always do.",
    ),
    *CONTENT_SWITCHES,
)
