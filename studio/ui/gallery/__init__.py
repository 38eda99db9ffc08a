"""The Gallery room: everything saved, how it was made, and what one can do with it."""

from studio.ui.gallery.panel import GalleryPanel

__all__ = ["GalleryPanel"]
