"""What the pages of `serve` and the report both show: their values, templates, style and scripts."""
