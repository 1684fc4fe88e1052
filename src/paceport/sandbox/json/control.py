"""What the control API shows of the world: switches, planned faults, grants with their tokens."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from paceport.sandbox.json.scalars import Json
from paceport.sandbox.state.grants import Grants
from paceport.sandbox.state.planned_faults import PlannedFaults
from paceport.sandbox.state.switch import Switches


def switches_json(switches: Switches) -> list[Json]:
    """Every switch with its value, default, choices, mark and words, in the order of the documentation."""
    return [
        {
            "name": switch.name,
            "value": switches[switch.name],
            "default": switch.default,
            "choices": list(switch.choices),
            "mark": switch.mark,
            "doc": switch.doc,
        }
        for switch in switches.switches
    ]


def faults_json(faults: PlannedFaults) -> list[Json]:
    """The planned faults that are still to come."""
    return [asdict(fault) for fault in faults.pending()]


def grants_json(grants: Grants, now: datetime) -> list[Json]:
    """Every living grant with its tokens."""
    return [
        {
            "client_id": grant.client_id,
            "athlete_id": grant.athlete_id,
            "scopes": list(grant.scopes),
            "refresh_token": grant.refresh_token,
            "access_tokens": [
                {"access_token": token, "expires_at": end, "expires_in": end - int(now.timestamp())}
                for token, end in tokens
            ],
        }
        for grant, tokens in grants.living()
    ]
