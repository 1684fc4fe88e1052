"""Every route of the simulated API that takes an athlete's token, subject by subject."""

from __future__ import annotations

from paceport.sandbox import (
    routes_activity,
    routes_athlete,
    routes_clubs,
    routes_create,
    routes_saved,
    routes_segments,
    routes_social,
    routes_upload,
)

API_ROUTES = (
    *routes_athlete.ROUTES,
    *routes_activity.ROUTES,
    *routes_create.ROUTES,
    *routes_social.ROUTES,
    *routes_segments.ROUTES,
    *routes_saved.ROUTES,
    *routes_clubs.ROUTES,
    *routes_upload.ROUTES,
)
