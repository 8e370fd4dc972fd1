"""The metrics computed where the data live: only `reviewtui pull` imports this package."""
