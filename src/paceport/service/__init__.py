"""The HTTP service for many athletes: connect, webhooks, the token broker, and each athlete's own page."""
