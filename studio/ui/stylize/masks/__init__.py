"""Painting where styles go, and which part of a style's own picture counts."""
