"""The Train room: choosing a folder and settings, and following runs that train in processes of their own."""

from studio.ui.train.panel import TrainingPanel

__all__ = ["TrainingPanel"]
