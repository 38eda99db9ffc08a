"""Documents in the comments of video files."""

from __future__ import annotations

import re


def comment_with(term: str, document: str) -> str:
    """The comment of a file: that a generative model took part (the IPTC term), and the document of what it is."""
    return f"Made with a generative model ({term}) in Latent Studio. {document}"


def document_in(comment: str, name: str) -> str | None:
    """The text of a document of the format called ``name`` in a comment; None when there is none."""
    found = re.search(r'\{"format":"' + re.escape(name) + r'".*\}', comment, re.S)
    return None if found is None else found.group()
