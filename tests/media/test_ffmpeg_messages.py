"""What torchvision does to FFmpeg's messages is undone where it is imported."""

from __future__ import annotations

import av.logging
import torch

from studio.faces.detection import _distinct


def test_no_message_of_ffmpeg_waits_for_python() -> None:
    av.logging.set_level(av.logging.ERROR)  # as torchvision 0.23 does when it is imported
    try:
        _distinct(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.ones(1), 0.5)
        assert av.logging.get_level() is None
    finally:
        av.logging.set_level(None)
