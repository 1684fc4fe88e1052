"""The network: the only place with an HTTP library; proxies, certificates, bounds, and why a connection failed."""
