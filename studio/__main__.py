"""``latent-studio`` and ``python -m studio``."""

from __future__ import annotations

import os
import signal

_INTERRUPTED = 130


def run() -> None:
    """Entry point: the command line, which takes a moment to load; Ctrl+C ends it meanwhile without a traceback."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda _number, _frame: os._exit(_INTERRUPTED))
    from studio.cli import main

    signal.signal(signal.SIGINT, usual)
    main()


if __name__ == "__main__":
    run()
