"""An error of the service: what happened, why, and what to do."""
