"""What both databases look like, and how an older one becomes today's."""

from paceport.logbook.schema.migrate import CACHE, OWN, Database, migrate, schema_number, transaction

__all__ = ["CACHE", "OWN", "Database", "migrate", "schema_number", "transaction"]
