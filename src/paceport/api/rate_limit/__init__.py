"""What an app may still send: the limit headers read, requests reserved, the count shared by all processes."""
