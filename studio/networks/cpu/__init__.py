"""Compiled forms of the networks for processors: the same numbers as the plain modules, several times as fast."""
