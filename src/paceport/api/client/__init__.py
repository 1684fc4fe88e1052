"""The only sender to the API: token, budget, retries and pages stand between a call and the wire."""
