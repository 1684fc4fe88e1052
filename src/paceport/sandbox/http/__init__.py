"""The simulated service's HTTP face: routes, pages, the server, and the webhooks it sends."""
