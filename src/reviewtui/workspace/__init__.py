"""The workspace: a folder of small TOML files that people write, by hand and through the program."""
