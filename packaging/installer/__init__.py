"""Installing Latent Studio on the machine at hand; standard library only, since nothing is installed yet."""

OLDEST = (3, 11)
"""The oldest Python that will do; this file is readable to older ones."""
