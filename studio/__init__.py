"""Latent Studio: explore, stylize, keep and train generative networks."""

import os

__version__ = "0.1.0"

# Must be set before torch loads its OpenMP: idle threads that spin slow everything down when other programs of the artist
# (or a training run) need the same cores. Measured with two busy processes on two cores: 7.7 s instead of 31.6 s.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
