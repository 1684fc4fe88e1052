"""The state and rules of the simulated service. It knows no JSON and no HTTP."""
