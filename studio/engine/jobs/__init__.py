"""The longer work on the engine, as functions: journeys, films, batches, grids of samples and styles."""
