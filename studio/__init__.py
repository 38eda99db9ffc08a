"""Latent Studio: explore, stylize, keep and train generative networks."""

import os

__version__ = "0.1.0"

# Must be set before torch loads its OpenMP. Idle threads that spin slow everything down when other programs need the
# same cores: measured with two busy processes on two cores, 31.6 s instead of 7.7 s.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# A short wait between two loops is spun through nevertheless (libgomp, Linux): a step of stylizing at 256 px takes
# 0.18 s instead of 0.32 on two free cores, and on busy ones 0.42 instead of 0.64.
os.environ.setdefault("GOMP_SPINCOUNT", "20000")
