"""The simulated athletes: who they are, what they planned, what their devices recorded. No state, no JSON, no HTTP."""
