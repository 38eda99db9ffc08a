"""A run: its samples, curves and measurements, and what can be done with it."""
