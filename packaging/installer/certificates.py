"""Whom downloads trust: whom this computer trusts, the authority of a company's network included."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Callable


def trust(usual: Callable[[], str]) -> None:
    """Let Python and uv trust the system's list of authorities; ``usual`` gives a file with one where it has none.

    A Python from python.org has none on macOS. uv would take a list of its own, which knows no company's authority.
    """
    os.environ.setdefault("UV_SYSTEM_CERTS", "1")
    paths = ssl.get_default_verify_paths()
    if "SSL_CERT_FILE" in os.environ or paths.cafile or paths.capath or sys.platform == "win32":
        return
    if usual_list := usual():
        os.environ["SSL_CERT_FILE"] = usual_list


def list_of_pip() -> str:
    """The list that this Python's pip brings along; empty where there is none."""
    try:
        from pip._vendor import certifi
    except ImportError:
        return ""
    return certifi.where()
