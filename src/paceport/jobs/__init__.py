"""The work of many athletes: webhook events, fetching, listing, expiry and erasure, each a job that may run twice."""
