"""Metric definitions, their evaluation into a `MetricSheet`, and how values are written."""
