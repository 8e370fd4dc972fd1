"""What is ordinary for a metric: expected range and verdict of each month from the months before it. Pure."""
