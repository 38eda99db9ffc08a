"""The model library: what is there, what it draws, how fast; rename, export, remove."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QHideEvent, QIcon, QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from studio.base import StudioError, Work
from studio.checkpoints import MODEL_SUFFIXES, MORE_MODEL_SUFFIXES, ModelInfo
from studio.checkpoints.catalogue import load_catalogue
from studio.engine.jobs.survey import COLUMNS, ROWS, TILE, Survey, kept_survey, survey
from studio.ui.context import StudioContext
from studio.ui.describe.devices import device_name
from studio.ui.describe.model_names import (
    distinguishing_image_counts,
    model_description,
    model_name,
    starter_text,
)
from studio.ui.file_manager import show_in_file_manager
from studio.ui.help import HelpButton
from studio.ui.local_files import chosen_path
from studio.ui.models.downloads import Downloads
from studio.ui.models.get_more import GetMoreView
from studio.ui.models.smaller_dialog import SmallerDialog
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets.convert import to_qimage
from studio.ui.widgets.dialog_size import resize_within_screen
from studio.ui.widgets.questions import ask, color_primary, without_default
from studio.ui.widgets.save_name import completed_name, free_name

if TYPE_CHECKING:
    from studio.engine import Engine

NETWORKS = {"stylegan2": "StyleGAN2", "stylegan3": "StyleGAN3", "dcgan": "DCGAN"}
ICON = 56


def size_text(count: int) -> str:
    """A file's size in MB."""
    return f"{count / 1e6:.1f} MB"


class ModelsWindow(QDialog):
    """A list of models on the left, the chosen one on the right."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Model library"))
        resize_within_screen(self, 940, 620)
        self._context = context
        self._surveys: dict[str, Survey] = {}
        self._kept: dict[str, Survey] = {}  # of an earlier day, perhaps on another device: for their pictures only
        self._wanted: str | None = None

        self.list = QListWidget()
        self.list.setIconSize(QSize(ICON, ICON))
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setMinimumWidth(250)
        self.list.currentItemChanged.connect(lambda *_: self._show_current())
        self.list.itemActivated.connect(lambda _item: self._use())
        self.add_button = QPushButton(self.tr("Add model …"))
        self.add_button.setAutoDefault(False)
        self.add_button.clicked.connect(self._choose_file)

        self.preview = QLabel()
        self.preview.setFixedHeight(ROWS * TILE)
        self.preview.setMinimumWidth(COLUMNS * TILE)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.properties = QLabel()
        self.properties.setWordWrap(True)
        self.properties.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.properties.setProperty("muted", True)
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.licence = QLineEdit()
        self.licence.setPlaceholderText(self.tr("unknown: ask whoever trained it"))
        self.description = QLineEdit()
        for line in (self.name, self.licence, self.description):
            line.textEdited.connect(lambda _: self._update())
        self._form = QWidget()
        form = QFormLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(SPACE_M)
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("Licence"), self.licence)
        form.addRow(self.tr("Description"), self.description)

        self.use_button = QPushButton(self.tr("Explore it"))
        color_primary(self.use_button)
        self.use_button.clicked.connect(self._use)
        self.save_button = QPushButton(self.tr("Save changes"))
        self.save_button.clicked.connect(self._save)
        self.export_button = QPushButton(self.tr("Export"))
        menu = QMenu(self)
        menu.addAction(self.tr("As .safetensors …"), partial(self._export, "safetensors"))
        menu.addAction(self.tr("As .safetensors, half the size …"), partial(self._export, "half"))
        menu.addAction(self.tr("As ONNX for other programs …"), partial(self._export, "onnx"))
        self.export_button.setMenu(menu)
        self.smaller_button = QPushButton(self.tr("Smaller copy …"))
        self.smaller_button.clicked.connect(self._make_smaller)
        self.show_button = QPushButton(self.tr("Show file"))
        self.show_button.clicked.connect(self._show_in_file_manager)
        self.remove_button = QPushButton(self.tr("Remove …"))
        self.remove_button.clicked.connect(self._remove)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_M)
        buttons.addWidget(self.use_button)
        buttons.addWidget(self.save_button)
        buttons.addStretch(1)
        for button in (self.smaller_button, self.export_button, self.show_button, self.remove_button):
            buttons.addWidget(button)

        left = QVBoxLayout()
        left.setSpacing(SPACE_M)
        left.addWidget(self.list, 1)
        left.addWidget(self.add_button)
        right = QVBoxLayout()
        right.setSpacing(SPACE_L)
        right.addWidget(self.preview)
        right.addWidget(self._form)
        right.addWidget(self.properties)
        right.addStretch(1)
        right.addLayout(buttons)
        own = QWidget()
        layout = QHBoxLayout(own)
        layout.setContentsMargins(0, SPACE_L, 0, 0)
        layout.setSpacing(SPACE_L)
        layout.addLayout(left, 2)
        layout.addSpacing(SPACE_S)
        layout.addLayout(right, 3)
        self.downloads = Downloads(context, load_catalogue())
        self.downloads.failed.connect(self._download_failed)
        self._more = QWidget()
        self.tabs = QTabWidget()
        self.tabs.addTab(own, self.tr("Your models"))
        self.tabs.addTab(self._more, self.tr("Get more"))
        self.tabs.currentChanged.connect(self._turned)
        self.tabs.setCornerWidget(HelpButton("models", self))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
        outer.addWidget(self.tabs)
        without_default(self)
        context.modelsChanged.connect(self._changed)
        self._show_current()
        self.preview.setText(self.tr("Reading the library …"))

    # -- the catalogue -----------------------------------------------------------------------------------------------

    @cached_property
    def get_more(self) -> GetMoreView:
        """The catalogue of published networks, made when first looked at."""
        view = GetMoreView(self.downloads)
        view.explore.connect(self._explore)
        layout = QVBoxLayout(self._more)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        return view

    def show_more(self) -> None:
        """Turn to the catalogue."""
        self.tabs.setCurrentWidget(self._more)

    def _turned(self) -> None:
        if self.tabs.currentWidget() is self._more:
            self.get_more.search.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous() and self.downloads.active:
            self._context.notify.emit(self.tr("Downloads go on; the model library shows how far they are."))

    def _download_failed(self, problem: StudioError) -> None:
        # The card says it; without the window nobody would see that.
        if not self.isVisible():
            self._context.problem.emit(problem)

    # -- the list ----------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.load()

    def load(self) -> None:
        """Read the library again."""
        known = {*self._surveys, *self._kept}

        def read(engine: Engine) -> tuple[list[ModelInfo], list[Survey]]:
            models = engine.library.models()
            kept = [kept_survey(info) for info in models if info.hash not in known]
            return models, [found for found in kept if found is not None]

        job = self._context.worker.call(read, key="model-library", title=self.tr("Looking for models"))
        job.finished.connect(self._read)
        job.failed.connect(self._context.problem)

    def _read(self, found: tuple[list[ModelInfo], list[Survey]]) -> None:
        models, kept = found
        self._kept |= {one.model: one for one in kept}
        self._loaded(models)

    def _changed(self) -> None:
        if self.isVisible():
            self.load()

    def _loaded(self, models: list[ModelInfo]) -> None:
        chosen = self._wanted or (current.hash if (current := self.current()) is not None else None)
        self._wanted = None
        self.downloads.learn(models)
        self.list.clear()
        for info, images in zip(models, distinguishing_image_counts(models), strict=True):
            kind = NETWORKS.get(info.architecture, info.architecture)
            about = f"{kind}, {info.resolution} px"
            if images:
                about += f"  ·  {images}"
            item = QListWidgetItem(f"{model_name(info)}\n{about}")
            item.setData(Qt.ItemDataRole.UserRole, info)
            item.setSizeHint(QSize(0, ICON + 2 * SPACE_M))
            item.setIcon(icon("model"))  # until its own picture is drawn; also keeps the names in one line
            self.list.addItem(item)
            found = self._surveys.get(info.hash) or self._kept.get(info.hash)
            if found is not None:
                self._set_icon(item, found)
            if chosen is not None and (info.hash == chosen or chosen in info.former):
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None and models:
            self.list.setCurrentRow(0)
        if not models:
            self._show_current()

    def current(self) -> ModelInfo | None:
        """The chosen model."""
        item = self.list.currentItem()
        info = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return info if isinstance(info, ModelInfo) else None

    # -- the chosen model --------------------------------------------------------------------------------------------

    def _show_current(self) -> None:
        info = self.current()
        for line, text in (
            (self.name, model_name(info) if info else ""),
            (self.licence, info.licence if info else ""),
            (self.description, model_description(info) if info else ""),
        ):
            line.setText(text)
            line.setCursorPosition(0)
            line.setReadOnly(info is None or info.starter)
        self._form.setVisible(info is not None)
        self.preview.clear()
        self._update()
        if info is None:
            return
        found = self._surveys.get(info.hash)
        if found is not None:
            self._surveyed(found)
            return
        self.preview.setText(self.tr("Drawing samples …"))
        job = self._context.worker.submit(
            lambda engine: survey(engine, info), key="model-survey", title=self.tr("Drawing samples")
        )
        job.finished.connect(self._surveyed)
        job.failed.connect(self._survey_failed)

    def _survey_failed(self, problem: StudioError) -> None:
        self.preview.setText(self.tr("This model cannot be drawn."))
        self._context.problem.emit(problem)

    def _surveyed(self, found: Survey) -> None:
        self._surveys[found.model] = found
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(Qt.ItemDataRole.UserRole).hash == found.model:
                self._set_icon(item, found)
        current = self.current()
        if current is not None and current.hash == found.model:
            self.preview.setPixmap(QPixmap.fromImage(to_qimage(found.sheet)))
            self._update()

    @staticmethod
    def _set_icon(item: QListWidgetItem, found: Survey) -> None:
        image: QImage = to_qimage(found.sheet).copy(0, 0, TILE, TILE)
        pixmap = QPixmap.fromImage(image)
        pictures = QIcon(pixmap)
        pictures.addPixmap(pixmap, QIcon.Mode.Selected)  # else Qt tints the picture of the chosen model
        item.setIcon(pictures)

    def _update(self) -> None:
        info = self.current()
        own = info is not None and not info.starter
        changed = info is not None and (
            self.name.text().strip() != info.name
            or self.licence.text().strip() != info.licence
            or self.description.text().strip() != info.description
        )
        self.save_button.setEnabled(own and changed and bool(self.name.text().strip()))
        self.remove_button.setEnabled(own)
        for button in (self.use_button, self.export_button, self.show_button):
            button.setEnabled(info is not None)
        self.smaller_button.setEnabled(info is not None and info.architecture == "stylegan2")
        self.properties.setText(self._properties_text(info) if info is not None else "")

    def _properties_text(self, info: ModelInfo) -> str:
        kind = NETWORKS.get(info.architecture, info.architecture)
        said = [self.tr("{kind}, {n} × {n} pixels").format(kind=kind, n=info.resolution)]
        if info.labels:
            said.append(self.tr("{n} classes").format(n=info.labels))
        if info.num_ws:
            said.append(self.tr("{n} layers to mix (w)").format(n=info.num_ws))
        try:
            said.append(size_text(info.path.stat().st_size))
        except OSError:
            said.append(self.tr("the file is gone"))
        found = self._surveys.get(info.hash)
        if found is not None:
            speed = self.tr("{ms} ms a picture on {device}")
            said.append(speed.format(ms=round(found.milliseconds), device=device_name(found.device)))
        lines = [self.tr(", ").join(said)]
        if info.hidden_channels:
            channels = self.tr("It draws {n} channels: the first three are shown as colours, the others are not")
            lines.append(channels.format(n=info.img_channels))
        if info.data:
            lines.append(
                self.tr("Trained on {data}").format(data=starter_text(info.data) if info.starter else info.data)
            )
        if info.images_shown:
            lines.append(self.tr("{n} images shown in training").format(n=QLocale().toString(info.images_shown)))
        if info.starter:
            lines.append(self.tr("Comes with the program; export it to have a copy of your own."))
        lines.append(self.tr("File {file}, SHA-256 {hash} …").format(file=info.path.name, hash=info.hash[:16]))
        return "\n".join(lines)

    # -- actions -----------------------------------------------------------------------------------------------------

    def _use(self) -> None:
        info = self.current()
        if info is not None:
            self._explore(info)

    def _explore(self, info: ModelInfo) -> None:
        self._context.openModel.emit(info.ref)
        self.close()

    def _save(self) -> None:
        info = self.current()
        if info is None:
            return
        texts = (self.name.text(), self.licence.text(), self.description.text())
        job = self._context.worker.call(
            lambda engine: engine.library.edit(info, name=texts[0], licence=texts[1], description=texts[2]),
            title=self.tr("Saving the model's card"),
        )
        job.finished.connect(self._saved)
        job.failed.connect(self._context.problem)

    def _saved(self, info: ModelInfo) -> None:
        for old in info.former:
            if old in self._surveys:
                self._surveys[info.hash] = replace(self._surveys[old], model=info.hash)
        self._wanted = info.hash
        self._context.notify.emit(self.tr("Saved. Pictures made before still find “{name}”.").format(name=info.name))
        self._context.modelsChanged.emit()

    def _choose_file(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in (*MODEL_SUFFIXES, *MORE_MODEL_SUFFIXES))
        settings = self._context.settings
        names, _ = QFileDialog.getOpenFileNames(
            self, self.tr("Add models"), settings.start_folder("model"), self.tr("Models ({kinds})").format(kinds=kinds)
        )
        if names:
            settings.remember_folder("model", names[0])
        for name in names:
            self.add(chosen_path(name))

    def add(self, path: Path) -> None:
        """Check a file and take it into the library."""
        job = self._context.worker.call(lambda engine: engine.library.add(path), title=self.tr("Adding a model"))
        job.finished.connect(self._added)
        job.failed.connect(self._context.problem)

    def _added(self, info: ModelInfo) -> None:
        self._wanted = info.hash
        self._context.notify.emit(self.tr("“{name}” is in your model library.").format(name=info.name))
        self._context.modelsChanged.emit()

    def _export(self, form: str) -> None:
        info = self.current()
        if info is None:
            return
        suffix = ".onnx" if form == "onnx" else ".safetensors"
        settings = self._context.settings
        proposed = free_name(Path(settings.start_folder("model")) / (info.path.stem + suffix))
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export model"), proposed, f"{suffix[1:]} (*{suffix})")
        path = completed_name(self, name, (suffix,), suffix)
        if path is not None:
            settings.remember_folder("model", path)
            self.export_to(info, path, form)

    def export_to(self, info: ModelInfo, path: Path, form: str) -> None:
        """Write a model to ``path`` as "safetensors", "half" or "onnx"."""

        def write_onnx(engine: Engine) -> Work[float]:
            from studio.checkpoints.export import export_onnx

            return export_onnx(info, path, overwrite=True)

        def write(engine: Engine) -> None:
            from studio.checkpoints.export import export_safetensors

            export_safetensors(info, path, half=form == "half", overwrite=True)

        if form == "onnx":
            job = self._context.worker.submit(write_onnx, title=self.tr("Exporting as ONNX"))
            job.finished.connect(
                lambda difference: self._context.notify.emit(
                    self.tr("Exported as {file}; onnxruntime draws the same picture.").format(file=path.name)
                )
            )
        else:
            job = self._context.worker.call(write, title=self.tr("Exporting a model"))
            job.finished.connect(
                lambda _: self._context.notify.emit(self.tr("Exported as {file}.").format(file=path.name))
            )
        job.failed.connect(self._context.problem)

    def _make_smaller(self) -> None:
        info = self.current()
        if info is not None:
            dialog = SmallerDialog(self._context, info, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.made.connect(lambda made: setattr(self, "_wanted", made.hash))
            dialog.open()

    def _show_in_file_manager(self) -> None:
        info = self.current()
        if info is not None:
            show_in_file_manager(info.path)

    def _remove(self) -> None:
        info = self.current()
        if info is None:
            return
        question = self.tr("Move the model “{name}” to the trash?").format(name=info.name)
        more = self.tr(
            "Pictures made with it stay in the gallery, but can be changed again only when the model is back."
        )
        if ask(self, question, more, yes=self.tr("Move to the trash"), destructive=True):
            self.remove(info)

    def remove(self, info: ModelInfo) -> None:
        """Move a model to the trash."""
        job = self._context.worker.call(lambda engine: engine.library.remove(info), title=self.tr("Removing a model"))
        job.finished.connect(lambda _: self._context.modelsChanged.emit())
        job.failed.connect(self._context.problem)
