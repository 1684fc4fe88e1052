"""PostgreSQL for many athletes: connections, migrations, and secrets that are encrypted before they are stored."""
