"""The seeded generator of the demo company; its small data files are in `fixtures/demo`."""
