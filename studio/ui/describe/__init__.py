"""Recipes and models in the artist's words."""
