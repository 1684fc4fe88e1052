"""Takes over tokens that another tool has got: read what lies there, save it, then find out what it can do."""

from paceport.oauth.import_tokens.scope_probe import ProbeResult, probe_scopes
from paceport.oauth.import_tokens.take_over import identify_grant, save_imported_tokens
from paceport.oauth.import_tokens.token_formats import ImportedTokens, parse_tokens

__all__ = ["ImportedTokens", "ProbeResult", "identify_grant", "parse_tokens", "probe_scopes", "save_imported_tokens"]
