"""The public API as its users write it: not run, but type-checked with the rest (`make lint`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import assert_type

import httpx
import httpx2
import requests
import stravalib

import paceport


def hands_out_a_token(name: str | None) -> str:
    with paceport.open(name) as me:
        assert_type(me, paceport.Profile)
        token = me.token(need="activity:read_all", min_ttl=3600)
        assert_type(token, paceport.AccessToken)
        assert_type(me.granted(), paceport.Scopes | None)
        return token


async def hands_out_a_token_to_async_callers() -> str:
    return await paceport.open().token_async(need="activity:read_all", min_ttl_s=600)


def lists_activities() -> dict[str, float | None]:
    me = paceport.open()
    found: dict[str, float | None] = {}
    with me.client() as strava:
        for activity in strava.activities(after=date(2026, 1, 1)):
            found[activity.name] = activity.distance_m
    return found


def makes_rows_of_runs() -> list[dict[str, object]]:
    with paceport.open() as me:
        runs = me.runs(after="2026-01-01", own_only=True)
        assert_type(runs, paceport.Listing[paceport.Run])
        assert_type(runs[:3], paceport.Listing[paceport.Run])
        assert_type(me.activities(limit=1)[0].start, datetime)
        return runs.to_dicts()


def says_what_to_do() -> tuple[str, int]:
    try:
        paceport.open().token()
    except paceport.ScopeMissing as error:
        return error.needed, error.exit_code
    except paceport.PaceportError as error:
        return f"{error.what} {error.why} {error.fix}", error.exit_code
    return "", 0


async def fits_into_other_libraries(me: paceport.Profile) -> None:
    requests.get("https://www.strava.com/api/v3/athlete", auth=paceport.adapters.requests.Auth(me), timeout=30)
    httpx2.Client(auth=paceport.adapters.httpx.Auth(me))
    httpx2.AsyncClient(auth=paceport.adapters.httpx.Auth(me))
    httpx.Client(auth=paceport.adapters.httpx.Auth(me))
    httpx.AsyncClient(auth=paceport.adapters.httpx.Auth(me))
    assert_type(paceport.adapters.stravalib.client(me, rate_limit_requests=False), stravalib.Client)
