"""The dialog for the application's settings: those that have a label, as their fields describe themselves."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.base.app_settings import AppSettings
from studio.base.errors import StudioError
from studio.base.fields import FieldDescription, describe_fields
from studio.base.files import no_folder
from studio.base.paths import pictures_dir
from studio.ui.binding import field_text, show_in
from studio.ui.command import plain
from studio.ui.context import StudioContext
from studio.ui.help import HelpButton
from studio.ui.shell.device_section import DeviceSection
from studio.ui.theme import SPACE_L, SPACE_M, apply_theme
from studio.ui.translated import translated
from studio.ui.widgets.questions import make_primary


class SettingsDialog(QDialog):
    """Changes the settings in place. The theme is shown at once; Cancel brings the old one back.

    Attributes
    ----------
    starts_again : whether it was closed, its settings kept, so that the program is started again.
    """

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.starts_again = False
        settings = context.settings
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(480)

        shown = [field for field in describe_fields(AppSettings).values() if field.about.label]
        self.boxes = {field.name: self._box(field, getattr(settings, field.name)) for field in shown if field.values}
        """For the settings with choices, by name."""
        self.folder = QLineEdit(settings.gallery_folder, self)
        self.folder.setPlaceholderText(str(pictures_dir()))
        self.folder.setClearButtonEnabled(True)
        choose = QPushButton(self.tr("Choose …"), self)
        choose.clicked.connect(self._choose_folder)
        folder_box = QWidget(self)
        folder_row = QHBoxLayout(folder_box)
        folder_row.setContentsMargins(0, 0, 0, 0)
        folder_row.addWidget(self.folder, 1)
        folder_row.addWidget(choose)
        folder_box.setFocusProxy(self.folder)

        form = QFormLayout()
        form.setSpacing(SPACE_M)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in shown:
            editor = self.boxes.get(field.name, folder_box)
            editor.setToolTip(field_text(field.about.tip))
            form.addRow(field_text(field.about.label), editor)
            if editor is folder_box:  # the name of the row is that of the box, not of what is written in
                self.folder.setAccessibleName(plain(field_text(field.about.label)))
            if field.name == "device":
                section = DeviceSection(context.worker, self)
                section.againWanted.connect(self._start_again)
                form.addRow("", section)
        self.note = QLabel(self.tr("Language, device and gallery folder change when Latent Studio is started again."))
        self.note.setWordWrap(True)
        self.note.setProperty("muted", True)
        self.error = QLabel(self)
        self.error.setWordWrap(True)
        self.error.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        make_primary(buttons.button(QDialogButtonBox.StandardButton.Ok))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_L)
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addWidget(self.error)
        layout.addStretch(1)
        below = QHBoxLayout()
        below.addWidget(HelpButton("settings", self))
        below.addWidget(buttons, 1)
        layout.addLayout(below)
        theme = self.boxes["theme"]
        theme.currentIndexChanged.connect(lambda: self._dress(theme.currentData()))

    def _box(self, field: FieldDescription, value: object) -> QComboBox:
        box = QComboBox(self)
        for choice in field.values:
            box.addItem(field_text(field.about.value_labels[str(choice)]), choice)
        show_in(box, value)
        return box

    def accept(self) -> None:
        """Keep the settings and save them; what is wrong is said in the dialog, which then stays open."""
        settings = self._context.settings
        folder = self.folder.text().strip()
        try:
            if folder and not Path(folder).expanduser().is_dir():
                raise no_folder(Path(folder), self.tr("Choose one that exists."))
            for name, box in self.boxes.items():
                setattr(settings, name, box.currentData())
            settings.choose_gallery(str(Path(folder).expanduser().absolute()) if folder else "")
            settings.save()
        except StudioError as problem:
            self.starts_again = False
            self.error.setText(f"{translated(problem.message)} {translated(problem.action)}".strip())
            self.error.show()
            return
        self._context.settingsChanged.emit()
        super().accept()

    def reject(self) -> None:
        """Close without keeping anything."""
        self._dress(self._context.settings.theme)
        super().reject()

    def _start_again(self) -> None:
        self.starts_again = True
        self.accept()

    def _dress(self, name: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication) and name in ("dark", "light", "system"):
            apply_theme(app, name)  # type: ignore[arg-type]

    def _choose_folder(self) -> None:
        start = self.folder.text() or str(pictures_dir())
        folder = QFileDialog.getExistingDirectory(self, self.tr("Gallery folder"), start)
        if folder:
            self.folder.setText(folder)
