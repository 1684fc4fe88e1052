"""Looks at the set-up end to end, says what is wrong, and repairs what a program can repair."""
