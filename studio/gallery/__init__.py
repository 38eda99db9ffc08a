"""Pictures on disk, their index, thumbnails, search and lineage; the photos that recipes name; the style library."""

from studio.gallery.sources import SourceStore
from studio.gallery.store import Gallery, Picture
from studio.gallery.styles import STYLES_FOLDER, Style, StyleLibrary, StyleScan

__all__ = ["STYLES_FOLDER", "Gallery", "Picture", "SourceStore", "Style", "StyleLibrary", "StyleScan"]
