"""The monthly review: what was seen, what changed since."""
