"""The prepared set of a folder on the disk: there or not, how large, and removable."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from studio.base import Progress, Work
from studio.training import prepared
from studio.training.findings import FolderReport
from studio.training.framing import Framing
from studio.training.picture_decisions import PictureDecisions
from studio.ui.theme import SPACE_M, icon
from studio.ui.train.text import number, size_on_disk
from studio.ui.widgets.questions import ask
from studio.worker import Job, thread_pool


def set_state(report: FolderReport, framing: Framing, decisions: PictureDecisions) -> Work[tuple[int, int, bool, int]]:
    """Squares, bytes they take as plain numbers, whether they are prepared, and bytes of all prepared sets."""
    yield Progress(0)
    cuts = prepared.cuts_of(report, framing, decisions)
    found = prepared.find_set(prepared.key_of(cuts, framing))
    size = found.size if found is not None else len(cuts) * framing.resolution**2 * 3
    return len(cuts), size, found is not None, prepared.cache_size()


class PreparedSetStatus(QWidget):
    """One line below the pictures."""

    emptied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work: Job | None = None
        self._text = QLabel()
        self._text.setProperty("muted", True)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.empty = QToolButton()
        self.empty.setIcon(icon("trash"))
        self.empty.setIconSize(QSize(16, 16))
        self.empty.clicked.connect(self._ask)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.empty)
        self.clear()

    def clear(self) -> None:
        """Say nothing."""
        self.cancel()
        self._text.clear()
        self.empty.setVisible(False)

    def cancel(self) -> None:
        """Stop looking it up."""
        if self._work is not None:
            self._work.cancel()
            self._work = None

    def text(self) -> str:
        """The text shown."""
        return self._text.text()

    def show_set(self, report: FolderReport, framing: Framing, decisions: PictureDecisions) -> None:
        """Look up what there is of the set that these would give."""
        self.cancel()
        decisions = decisions.model_copy(deep=True)
        work = thread_pool().submit(lambda: set_state(report, framing, decisions), owner=self)
        work.finished.connect(self._say)
        self._work = work

    def _say(self, found: tuple[int, int, bool, int]) -> None:
        self._work = None
        count, size, there, all_sets = found
        if not count:
            self.clear()
            return
        template = (
            self.tr("{n} squares, prepared ({size}): a run begins at once.")
            if there
            else self.tr("{n} squares; prepared for training they take about {size}, in the cache.")
        )
        self._text.setText(template.format(n=number(count), size=size_on_disk(size)))
        self.empty.setVisible(all_sets > 0)
        self.empty.setToolTip(
            self.tr("Remove all prepared pictures ({size}); they are made again when needed").format(
                size=size_on_disk(all_sets)
            )
        )
        self.empty.setAccessibleName(self.empty.toolTip())

    def _ask(self) -> None:
        question = self.tr("Remove all prepared pictures?")
        more = self.tr("Your own pictures and your runs stay as they are. A new run prepares its pictures again.")
        if ask(self, question, more, yes=self.tr("Remove"), destructive=True):
            prepared.empty_cache()
            self.emptied.emit()
