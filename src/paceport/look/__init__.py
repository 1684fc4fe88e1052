"""How every page of ours looks: one base style sheet with the colours of both lights, and one icon."""
