"""What users said and what was dug into: deep dives, interviews, tags and the links between them; all of it pure."""
