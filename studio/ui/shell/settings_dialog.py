"""The dialog for language, theme, device and gallery folder."""

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

from studio.base.errors import StudioError
from studio.base.paths import pictures_dir
from studio.ui.context import StudioContext
from studio.ui.help import HelpButton
from studio.ui.theme import SPACE_L, SPACE_M, apply_theme
from studio.ui.widgets.questions import make_primary


class SettingsDialog(QDialog):
    """Changes the settings in place. The theme is shown at once; Cancel brings the old one back."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        settings = context.settings
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(480)

        self.language = QComboBox(self)
        # A language is named in itself, so that one finds it in any language.
        for name, value in ((self.tr("Same as the system"), "system"), ("English", "en"), ("简体中文", "zh_CN")):
            self.language.addItem(name, value)
        self.theme = QComboBox(self)
        for name, value in (
            (self.tr("Dark"), "dark"),
            (self.tr("Light"), "light"),
            (self.tr("Same as the system"), "system"),
        ):
            self.theme.addItem(name, value)
        self.device = QComboBox(self)
        for name, value in (
            (self.tr("Choose automatically"), "auto"),
            (self.tr("NVIDIA graphics card (CUDA)"), "cuda"),
            (self.tr("Apple graphics (MPS)"), "mps"),
            (self.tr("Processor (CPU)"), "cpu"),
        ):
            self.device.addItem(name, value)
        self.export_profile = QComboBox(self)
        for name, value in ((self.tr("The photo's own profile"), "photo"), (self.tr("sRGB"), "srgb")):
            self.export_profile.addItem(name, value)
        self.export_profile.setToolTip(
            self.tr("Colour profile of exported pictures: Display P3, Adobe RGB ... like the photo, or always sRGB.")
        )
        for box, value in (
            (self.language, settings.language),
            (self.theme, settings.theme),
            (self.device, settings.device),
            (self.export_profile, settings.export_profile),
        ):
            box.setCurrentIndex(box.findData(value))
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
        form.addRow(self.tr("&Language"), self.language)
        form.addRow(self.tr("&Theme"), self.theme)
        form.addRow(self.tr("&Device"), self.device)
        form.addRow(self.tr("&Gallery folder"), folder_box)
        form.addRow(self.tr("&Colours of exports"), self.export_profile)
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
        self.theme.currentIndexChanged.connect(lambda: self._dress(self.theme.currentData()))

    def accept(self) -> None:
        """Keep the settings and save them; what is wrong is said in the dialog, which then stays open."""
        settings = self._context.settings
        folder = self.folder.text().strip()
        try:
            if folder and not Path(folder).expanduser().is_dir():
                raise StudioError(
                    self.tr("There is no folder {folder}.").format(folder=folder), self.tr("Choose one that exists.")
                )
            settings.language = self.language.currentData()
            settings.theme = self.theme.currentData()
            settings.device = self.device.currentData()
            settings.export_profile = self.export_profile.currentData()
            settings.choose_gallery(str(Path(folder).expanduser().absolute()) if folder else "")
            settings.save()
        except StudioError as problem:
            self.error.setText(str(problem))
            self.error.show()
            return
        self._context.settingsChanged.emit()
        super().accept()

    def reject(self) -> None:
        """Close without keeping anything."""
        self._dress(self._context.settings.theme)
        super().reject()

    def _dress(self, name: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication) and name in ("dark", "light", "system"):
            apply_theme(app, name)  # type: ignore[arg-type]

    def _choose_folder(self) -> None:
        start = self.folder.text() or str(pictures_dir())
        folder = QFileDialog.getExistingDirectory(self, self.tr("Gallery folder"), start)
        if folder:
            self.folder.setText(folder)
