"""The only sender to the API: token, budget, retries and pages stand between a call and the wire."""

from paceport.api.client.client import Client
from paceport.api.client.requester import DEFAULT_API_URL, TokenSource

__all__ = ["DEFAULT_API_URL", "Client", "TokenSource"]
