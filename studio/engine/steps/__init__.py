"""One renderer for each step of a recipe, found by its kind."""

# Importing a step's file registers its renderer.
from studio.engine.steps import clean, enlarge, photo, repair, sample, stylize
from studio.engine.steps.registry import Picture, RenderContext, Renderer, make_renderers

__all__ = [
    "Picture",
    "RenderContext",
    "Renderer",
    "clean",
    "enlarge",
    "make_renderers",
    "photo",
    "repair",
    "sample",
    "stylize",
]
