"""Every route of the simulated API that takes an athlete's token, subject by subject."""

from __future__ import annotations

from paceport.sandbox.http import activity, athlete, clubs, create_and_edit, saved_routes, segments, social, uploads

API_ROUTES = (
    *athlete.ROUTES,
    *activity.ROUTES,
    *create_and_edit.ROUTES,
    *social.ROUTES,
    *segments.ROUTES,
    *saved_routes.ROUTES,
    *clubs.ROUTES,
    *uploads.ROUTES,
)
