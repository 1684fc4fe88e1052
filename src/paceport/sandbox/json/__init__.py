"""The simulated service's JSON: state in, the words of the API out. It knows no HTTP."""
