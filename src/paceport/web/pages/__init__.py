"""What each page holds, as values for its template."""
