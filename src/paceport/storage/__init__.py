"""Files only their owner may see, and locks between processes: the one place that writes either."""
