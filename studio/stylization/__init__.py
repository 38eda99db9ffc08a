"""Style transfer: at once by a feed-forward network, or at its best by optimisation. No Qt."""

from studio.stylization.blend import StyleInput, blend_weights
from studio.stylization.feedforward import preview
from studio.stylization.optimise import optimise

__all__ = ["StyleInput", "blend_weights", "optimise", "preview"]
