"""The Explore room: walk through a generator's latent space."""

from studio.ui.explorer.panel import ExplorerPanel

__all__ = ["ExplorerPanel"]
