"""Takes over tokens that another tool has got: read what lies there, save it, then find out what it can do."""
