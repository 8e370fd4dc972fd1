"""Read a spreadsheet of metrics by months, and keep what it says in the workspace."""
