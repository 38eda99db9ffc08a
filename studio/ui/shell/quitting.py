"""Leaving the program without losing work: what is asked, and what is waited for."""

from __future__ import annotations

from functools import partial
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QMessageBox, QProgressBar, QPushButton, QVBoxLayout, QWidget

from studio.base import Progress
from studio.ui.describe.times import time_left
from studio.ui.shell.status import show_share
from studio.ui.theme import SPACE_L, SPACE_M
from studio.ui.widgets.questions import make_primary
from studio.worker import Finishing, Job

_SHOW_AFTER_MS = 600
"""What is finished sooner needs no window."""

Answer = Literal["finish", "discard", "stay"]


class QuitQuestion(QMessageBox):
    """Asks what is to become of long work that is not finished."""

    def __init__(self, jobs: list[Job], parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Question)
        titles = "\n".join(f"•  {job.title}" for job in jobs)
        self.setText(self.tr("Some work is not finished yet:") + f"\n\n{titles}")
        self.setInformativeText(
            self.tr(
                "Latent Studio can go away and finish it first. Final renders, films and folders that are given up "
                "keep what they have, and go on another time."
            )
        )
        self.finish = self.addButton(self.tr("Finish, then quit"), QMessageBox.ButtonRole.AcceptRole)
        self.discard = self.addButton(self.tr("Give up and quit"), QMessageBox.ButtonRole.DestructiveRole)
        self.stay = self.addButton(self.tr("Stay"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.finish)
        make_primary(self.finish)
        self.setEscapeButton(self.stay)

    def ask(self) -> Answer:
        """Show it, and return what was chosen: finished first, given up, or to stay."""
        self.exec()
        clicked = self.clickedButton()
        return "finish" if clicked is self.finish else "discard" if clicked is self.discard else "stay"


class RestartQuestion(QMessageBox):
    """Asks whether to start the program again now, for settings that need it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Question)
        self.setText(self.tr("Start Latent Studio again now?"))
        self.setInformativeText(
            self.tr(
                "What you chose changes with the next start. Nothing is lost: picture, picks, photo, styles and masks "
                "come back as they are."
            )
        )
        self.now = self.addButton(self.tr("Start again"), QMessageBox.ButtonRole.AcceptRole)
        self.later = self.addButton(self.tr("Later"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.now)
        make_primary(self.now)
        self.setEscapeButton(self.later)

    def ask(self) -> bool:
        """Show it; whether to start again."""
        self.exec()
        return self.clickedButton() is self.now


class QuittingWindow(QDialog):
    """Shows that work is being finished while the main window is gone already, and lets it be given up."""

    def __init__(self, finishing: Finishing) -> None:
        super().__init__()
        self._finishing = finishing
        self.setWindowTitle("Latent Studio")
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self._what = QLabel()
        self._what.setWordWrap(True)
        # The keyboard is here at first: a key that was meant for something else must not give work up.
        self._what.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._what.setFocus()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self.quit_button = QPushButton(self.tr("Give up and quit"))
        self.quit_button.setAutoDefault(False)
        self.quit_button.clicked.connect(finishing.give_up)
        self._left = QLabel()
        self._left.setProperty("muted", True)
        row = QHBoxLayout()
        row.addWidget(self._left, 1)
        row.addWidget(self.quit_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._what)
        layout.addWidget(self._bar)
        layout.addLayout(row)
        self.setMinimumWidth(380)
        finishing.changed.connect(self._show)
        for job in finishing.jobs():
            job.progressed.connect(partial(self._on_progress, job))

    def wait(self) -> None:
        """Return when everything is finished or given up."""
        soon = QTimer(self)
        soon.setSingleShot(True)
        soon.timeout.connect(self.show)
        soon.start(_SHOW_AFTER_MS)
        self._show(len(self._finishing.jobs()))
        self._finishing.wait()
        soon.stop()
        self.hide()

    def reject(self) -> None:
        """Escape and the window's own button give nothing up by accident."""

    def _show(self, left: int) -> None:
        titles = list(dict.fromkeys(job.title for job in self._finishing.jobs() if job.title))
        self._what.setText("\n".join([self.tr("Finishing %n things before quitting:", "", left), *titles[:6]]))

    def _on_progress(self, job: Job, progress: Progress) -> None:
        show_share(self._bar, job, progress)
        left = job.seconds_left()
        self._left.setText("" if left is None else time_left(left))
