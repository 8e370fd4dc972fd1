"""What each type of record holds: one module a family, listed in `registry`."""
