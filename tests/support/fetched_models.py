"""Networks that the tests fetch once and keep outside the tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock


@contextmanager
def home_in(folder: Path) -> Iterator[None]:
    """Set ``LATENT_STUDIO_HOME`` to ``folder``, which other processes of the same tests wait for meanwhile."""
    before = os.environ.get("LATENT_STUDIO_HOME")
    with FileLock(folder / "fetching.lock"):
        os.environ["LATENT_STUDIO_HOME"] = str(folder)
        try:
            yield
        finally:
            if before is None:
                del os.environ["LATENT_STUDIO_HOME"]
            else:
                os.environ["LATENT_STUDIO_HOME"] = before
