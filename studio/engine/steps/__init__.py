"""One renderer for each step of a recipe, found by its kind."""

# Importing a step's file registers its renderer. Without PyTorch, those stay out that cannot be imported.
from studio.base.pytorch import pytorch_installed
from studio.engine.steps import photo, repair, stylize
from studio.engine.steps.registry import Picture, RenderContext, Renderer, make_renderers

if pytorch_installed():
    from studio.engine.steps import clean, enlarge, sample

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
