"""Pictures on disk, their index, thumbnails, search and lineage; and the photos that recipes name."""

from studio.gallery.sources import SourceStore
from studio.gallery.store import Gallery, Picture

__all__ = ["Gallery", "Picture", "SourceStore"]
