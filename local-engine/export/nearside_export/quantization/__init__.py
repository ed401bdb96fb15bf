"""Makes smaller graphs from a float32 one, and measures what that costs."""
