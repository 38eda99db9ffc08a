"""What a bundle starts: the program itself, and what the program starts as ``python -m``.

A bundle has no ``python``: the window starts training as ``sys.executable -m studio.training``, which is this again.

    latent-studio --smoke

draws a sample, restyles it and opens the window for a moment, all in an empty home, and exits 0 when that went well.
"""

from __future__ import annotations

import multiprocessing
import runpy
import sys

from installer.certificates import trust

from bundle.contents import STARTED_BY_NAME


def mozillas_list() -> str:
    """The file of authorities that a bundle brings along."""
    import certifi

    return certifi.where()


def main() -> None:
    """Do what the arguments say."""
    multiprocessing.freeze_support()
    trust(mozillas_list)
    arguments = [each for each in sys.argv[1:] if each != "-u"]  # torchrun's way to ask for unbuffered output
    if arguments[:1] == ["-m"] and len(arguments) > 1 and arguments[1] in STARTED_BY_NAME:
        sys.argv[1:] = arguments[2:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    elif arguments == ["--smoke"]:
        from bundle.smoke import smoke

        sys.exit(smoke())
    elif arguments == ["--smoke-window"]:
        from bundle.smoke import open_window_once

        sys.exit(open_window_once())
    else:
        from studio.__main__ import run as command_line

        command_line()


if __name__ == "__main__":
    main()
