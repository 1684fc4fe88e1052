"""The service's API: its endpoints as data, its answers as typed values, one client."""
