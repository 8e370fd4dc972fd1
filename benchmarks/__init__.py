"""The figures that matter, each with a reference measured in the same run: `python -m benchmarks`."""
