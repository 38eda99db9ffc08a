"""Showing a file in the file manager of the system."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDir, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from studio.base import StudioError
from studio.ui.local_files import local_url


def show_in_file_manager(path: Path) -> None:
    """Open the folder of ``path`` in the file manager with the file selected, where the system can do that.

    Raises
    ------
    StudioError
        When the file is gone or no file manager answers.
    """
    if not path.exists():
        raise StudioError(
            QCoreApplication.translate("Reveal", "“{name}” is not there any more.").format(name=path.name),
            QCoreApplication.translate("Reveal", "Refresh the gallery."),
        )
    if not _select(path) and not QDesktopServices.openUrl(local_url(path.parent)):
        raise StudioError(
            QCoreApplication.translate("Reveal", "The folder {folder} could not be shown.").format(folder=path.parent),
            QCoreApplication.translate("Reveal", "Open it in your file manager."),
        )


def _select(path: Path) -> bool:
    if sys.platform == "win32":
        # Two arguments: Explorer does not understand quotes around "/select,C:\\a b.png".
        return QProcess.startDetached("explorer.exe", ["/select,", QDir.toNativeSeparators(str(path))])[0]
    if sys.platform == "darwin":
        return QProcess.startDetached("open", ["-R", str(path)])[0]
    return _select_by_dbus(path)


def _select_by_dbus(path: Path) -> bool:
    """Ask the desktop's file manager (freedesktop.org File Manager D-Bus Interface)."""
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage
    except ImportError:  # some distributions package PySide6 without it
        return False
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    service = "org.freedesktop.FileManager1"
    call = QDBusMessage.createMethodCall(service, "/org/freedesktop/FileManager1", service, "ShowItems")
    call.setArguments([[local_url(path).toString(QUrl.ComponentFormattingOption.FullyEncoded)], ""])
    # The first call may start the file manager.
    return bus.call(call, timeout=3000).type() == QDBusMessage.MessageType.ReplyMessage
