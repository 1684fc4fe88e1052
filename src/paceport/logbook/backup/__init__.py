"""The whole of the own data in one file, and back."""
