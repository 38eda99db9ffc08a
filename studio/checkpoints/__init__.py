"""Model files: reading, checking, writing, listing. This module itself is torch-free."""

from studio.checkpoints.info import MODEL_SUFFIXES, MORE_MODEL_SUFFIXES, ModelInfo
from studio.checkpoints.library import ModelLibrary

__all__ = ["MODEL_SUFFIXES", "MORE_MODEL_SUFFIXES", "ModelInfo", "ModelLibrary"]
