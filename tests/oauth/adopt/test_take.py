"""What was found is saved with the app it belongs to, and with no other."""

from __future__ import annotations

import pytest

from paceport.clock import ManualClock
from paceport.errors import AppMismatch
from paceport.oauth.adopt import Found, adopt
from paceport.oauth.vault.base import App, Vault
from paceport.secret import Secret


def test_tokens_that_name_another_app_are_not_saved(vault: Vault, app: App, clock: ManualClock) -> None:
    found = Found(refresh_token=Secret("r" * 40), client_id="999")

    with pytest.raises(AppMismatch) as caught:
        adopt(found, app=app, api_url="http://sandbox/api/v3", profile="default", vault=vault, clock=clock)

    assert (caught.value.stored, caught.value.wanted) == ("999", app.client_id)
    assert vault.grants() == []


def test_what_does_not_say_how_long_it_lives_is_taken_for_expired(vault: Vault, app: App, clock: ManualClock) -> None:
    found = Found(refresh_token=Secret("r" * 40), access_token=Secret("a" * 40))

    grant = adopt(found, app=app, api_url="http://sandbox/api/v3", profile="default", vault=vault, clock=clock)

    assert grant.left_s(clock.now()) == 0
    assert (grant.scopes, grant.scopes_known_by) == (None, "unknown")
