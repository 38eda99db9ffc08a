"""The Explore room: walk through a generator's latent space."""

from studio.ui.explore.panel import ExplorerPanel

__all__ = ["ExplorerPanel"]
