"""Faces in pictures: finding them, and the square around one as face networks expect it. Loads no torch."""

from studio.faces.alignment import Face, face_square
from studio.faces.detection import find_faces

__all__ = ["Face", "face_square", "find_faces"]
