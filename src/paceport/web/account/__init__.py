"""The pages of the login: set up the app, log in, what the login may do, log out."""
