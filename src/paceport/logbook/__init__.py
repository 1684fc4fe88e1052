"""Every run one ever did: read from an export, from files, from the API, and kept."""
