"""Screens: one module each, its styles in a file of the same name."""
