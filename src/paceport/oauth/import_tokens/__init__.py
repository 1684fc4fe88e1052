"""Takes over tokens that another tool has got: read what lies there, save it, then find out what it can do."""

from paceport.oauth.import_tokens.scope_probe import Probed, probe
from paceport.oauth.import_tokens.take_over import adopt, identify
from paceport.oauth.import_tokens.token_formats import Found, read_found

__all__ = ["Found", "Probed", "adopt", "identify", "probe", "read_found"]
