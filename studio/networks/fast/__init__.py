"""Whole networks for drawing pictures on a processor, several times as fast as the plain modules they are made of.

The layers they share with training, compiled too, are below the plain modules, in ``networks/cpu``.
"""
