"""Enumerations as the language writes them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication


def listed(parts: Iterable[str]) -> str:
    """Return ``parts`` with the comma of an enumeration between them."""
    return QCoreApplication.translate("List", ", ").join(parts)
