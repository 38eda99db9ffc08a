"""Scripts that print tables. Run them by hand: ``python -m tests.benchmarks.NAME``."""
