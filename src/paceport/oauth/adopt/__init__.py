"""Takes over tokens that another tool has got: read what lies there, save it, then find out what it can do."""

from paceport.oauth.adopt.found import Found, read_found
from paceport.oauth.adopt.probe import Probed, probe
from paceport.oauth.adopt.take import adopt, identify

__all__ = ["Found", "Probed", "adopt", "identify", "probe", "read_found"]
