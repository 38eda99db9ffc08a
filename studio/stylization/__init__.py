"""Style transfer: at once by a feed-forward network, or at its best by optimisation. No Qt.

Importing this package imports no torch, which the feed-forward network does without; the optimisation, which does not,
is in :mod:`studio.stylization.optimise`.
"""

from studio.stylization.blend import StyleInput, blend_weights
from studio.stylization.feedforward import preview

__all__ = ["StyleInput", "blend_weights", "preview"]
