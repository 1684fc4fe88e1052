"""Commands about the app, the login and the token."""
