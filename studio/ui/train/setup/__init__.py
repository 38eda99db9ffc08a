"""The settings of a new run."""
