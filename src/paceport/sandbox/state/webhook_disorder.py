"""Webhook events as they really come: some never, some twice, some after the one that followed them."""

from __future__ import annotations

from collections.abc import Callable

from paceport.sandbox.state.switch import Switches
from paceport.sandbox.state.webhook_rules import WebhookEvent


class WebhookDisorder:
    """Passes events on to `deliver`, each Nth one dropped, doubled or held back as the switches say."""

    def __init__(self, switches: Switches, deliver: Callable[[WebhookEvent], None]) -> None:
        self._switches, self._deliver = switches, deliver
        self._count = 0
        self._held: list[WebhookEvent] = []

    def send(self, event: WebhookEvent) -> None:
        """One event, in its turn."""
        self._count += 1
        if self._is_turn("webhook_drop_every"):
            return
        if self._is_turn("webhook_swap_every"):
            self._held.append(event)
            return
        self._deliver(event)
        if self._is_turn("webhook_duplicate_every"):
            self._deliver(event)
        self.release()

    def release(self) -> None:
        """Pass on what was held back."""
        held, self._held = self._held, []
        for event in held:
            self._deliver(event)

    def _is_turn(self, name: str) -> bool:
        every = self._switches.number(name)
        return every > 0 and self._count % every == 0
