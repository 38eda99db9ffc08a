"""Work with a generator: sample, truncate, mix, move along directions, interpolate."""
