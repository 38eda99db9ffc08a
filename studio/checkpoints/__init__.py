"""Model files: reading, checking, writing, listing. This module itself is torch-free."""

from studio.checkpoints.info import ModelInfo
from studio.checkpoints.library import ModelLibrary

__all__ = ["ModelInfo", "ModelLibrary"]
