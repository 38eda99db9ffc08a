"""FFmpeg's messages, which are kept from reaching Python."""

from __future__ import annotations


def silence_ffmpeg() -> None:
    """Let FFmpeg's messages go nowhere, as PyAV does by itself; to be called after torchvision has been imported.

    Some versions of torchvision (0.23 for one) let them through to Python when they are imported. A codec that is
    closed then holds the interpreter and waits for its threads, one of which waits for the interpreter to tell a
    message: for ever.
    """
    import av.logging  # the window's first picture does without

    av.logging.set_level(None)
