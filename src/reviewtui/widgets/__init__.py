"""Widgets and the pure decisions behind what they paint."""
