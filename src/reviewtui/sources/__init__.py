"""The only package that opens a user's DuckDB file: read-only, locked down, in a child process."""
