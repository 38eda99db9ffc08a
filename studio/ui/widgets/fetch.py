"""Fetching a picture that was dragged out of a browser as an address only."""

from __future__ import annotations

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest

from studio.base.errors import StudioError
from studio.ui.widgets.dropped import DroppedPicture

_LARGEST = 200 * 2**20
_PATIENCE_MS = 30_000

_network: QNetworkAccessManager | None = None


def _manager() -> QNetworkAccessManager:
    global _network
    if _network is None:
        _network = QNetworkAccessManager()
    return _network


class PictureFetch(QObject):
    """Fetches one address, tells once and deletes itself."""

    fetched = Signal(object)
    """A ``DroppedPicture`` with the bytes that came; they have not been looked at yet."""
    failed = Signal(object)
    """A ``StudioError``."""

    def __init__(self, address: QUrl, parent: QObject) -> None:
        super().__init__(parent)
        self._address = address
        request = QNetworkRequest(address)
        request.setTransferTimeout(_PATIENCE_MS)
        self._reply = _manager().get(request)
        self._reply.downloadProgress.connect(self._on_progress)
        self._reply.finished.connect(self._end)

    def _on_progress(self, received: int, total: int) -> None:
        if max(received, total) > _LARGEST:
            self._reply.abort()

    def _end(self) -> None:
        kind = str(self._reply.header(QNetworkRequest.KnownHeaders.ContentTypeHeader) or "")
        name = self._address.fileName() or self._address.host()
        if self._reply.error() != QNetworkReply.NetworkError.NoError:
            self.failed.emit(
                StudioError(
                    self.tr("The picture {name} could not be fetched: {reason}.").format(
                        name=name, reason=self._reply.errorString().rstrip(".")
                    ),
                    self.tr("Save it from the browser first, then drop the file here."),
                )
            )
        elif kind and not kind.startswith(("image/", "application/octet-stream")):
            self.failed.emit(
                StudioError(
                    self.tr("What was dropped ({name}) is a web page, not a picture.").format(name=name),
                    self.tr("Open the picture itself in the browser, or save it, then drop it here."),
                )
            )
        else:
            self.fetched.emit(DroppedPicture(None, bytes(self._reply.readAll().data()), name))
        self._reply.deleteLater()
        self.deleteLater()
