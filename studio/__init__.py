"""Latent Studio: explore, stylize, keep and train generative networks."""

__version__ = "0.1.0"
