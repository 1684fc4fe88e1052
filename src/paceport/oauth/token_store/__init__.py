"""Where grants rest: one contract, several places."""
