"""Painting where the styles go: the masks of a draft, on the canvas and among the sources."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage

from studio.base import Message
from studio.media.mask_file import mask_from
from studio.recipes import FileRef, Recipe, StyleUse
from studio.ui.context import StudioContext
from studio.ui.describe.recipes import recipe_name
from studio.ui.masks.canvas import MaskCanvas
from studio.ui.masks.kept import KeptMasks
from studio.ui.model import Model, edited
from studio.ui.stylize.draft import Draft
from studio.ui.stylize.masks.panel import PHOTO, WhereSection
from studio.ui.stylize.masks.style_part import StylePartDialog
from studio.ui.stylize.requirements import missing_requirement
from studio.ui.stylize.style_list import StyleRow
from studio.ui.translated import translated
from studio.ui.widgets import DroppedPicture
from studio.worker import JobGroup


class MaskPainting(QObject):
    """Brings the masks of the draft to canvas and controls, and what is painted there into the draft.

    Parameters
    ----------
    model : of the draft that is edited.
    files : a thread for files that keeps their order.
    background : threads for reading.
    """

    def __init__(
        self,
        where: WhereSection,
        canvas: MaskCanvas,
        model: Model[Draft],
        context: StudioContext,
        files: JobGroup,
        background: JobGroup,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.where, self.canvas = where, canvas
        self._context, self._model, self._sources = context, model, context.sources
        self._files, self._background = files, background
        self._mask_shown: FileRef | None = None
        self._masks = KeptMasks(context.sources)
        self.canvas.maskPainted.connect(self._on_painted)
        self.where.paintingToggled.connect(self._on_painting)
        self.where.erasingToggled.connect(self.canvas.set_erasing)
        self.where.brushChanged.connect(self.canvas.set_brush)
        self.where.hardnessChanged.connect(self.canvas.set_hardness)
        self.where.strengthChanged.connect(self.canvas.set_strength)
        self.where.fileWanted.connect(self.take_file)
        self.where.intake.problem.connect(context.problem)
        self.where.intake.start_folder = lambda: context.settings.start_folder("mask")
        self.canvas.brushChanged.connect(lambda size: self.where.brush.set_value(size * 100, silent=True))
        self.where.targetChanged.connect(self.show)
        self.where.invertWanted.connect(self.canvas.invert_mask)
        self.where.clearWanted.connect(self.canvas.clear_mask)
        self._shown = model.select(_what_is_shown)
        self._shown.changed.connect(self.show)
        self._feather = model.select(lambda draft: draft.feather)
        self._feather.changed.connect(lambda _old, feather: self.canvas.set_feather(feather))
        self.canvas.set_feather(self._feather.value)
        self.show()

    def _on_painting(self, on: bool) -> None:
        self.canvas.set_painting(on)
        if on:
            self.canvas.set_wipe(False)
            self.canvas.setFocus()
        self.show()

    def _mask_of(self, target: int) -> FileRef | None:
        draft = self._model.value
        if target == PHOTO:
            return draft.mask
        return draft.styles[target].region if target < len(draft.styles) else None

    def _on_painted(self) -> None:
        """Keep the mask on the canvas among the sources, then use it."""
        target, png = self.where.chosen(), self.canvas.mask_png()
        picture = self.canvas.painted_mask()
        copy = QImage() if picture is None else picture.copy()
        # Through the same thread even when there is nothing to keep: strokes must arrive in their order.
        self._files.run(
            lambda: None if png is None else self._sources.add_bytes(png, "mask.png"),
            lambda ref: self._use_mask(target, ref, copy),
        )

    def _use_mask(self, target: int, ref: FileRef | None, picture: QImage) -> None:
        if ref is not None:
            self._masks.keep(ref, picture)

        self._mask_shown = ref  # it came from the canvas, where it may have grown since
        if target == PHOTO:
            self._model.edit(mask=ref)
        else:
            self._model.set(self._model.value.with_use(target, region=ref))

    def take_file(self, picture: DroppedPicture) -> None:
        """Use a picture from a file as the mask of what is chosen: of all styles, or of one."""
        target, subject = self.where.chosen(), self._model.value.subject()
        shown = self.canvas.image()
        if subject is None or shown is None:
            self._context.notify.emit(missing_requirement(self._model.value) or self.tr("Wait for the picture."))
            return
        size = shown.width(), shown.height()
        if picture.path is not None:
            self._context.settings.remember_folder("mask", picture.path)

        def read() -> tuple[FileRef, QImage, tuple[Message, ...]]:
            found = mask_from(picture.source(), picture.name, size)
            return self._sources.add_bytes(found.png, "mask.png"), QImage.fromData(found.png), found.notes

        def use(found: tuple[FileRef, QImage, tuple[Message, ...]]) -> None:
            ref, image, notes = found
            self._use_mask(target, ref, image)
            self._mask_shown = None  # it did not come from the canvas
            self.where.set_expanded(True)
            self.where.paint_button.setChecked(True)
            self.show()
            said = " ".join(translated(note) for note in notes)
            taken = self.tr("“{name}” is the mask now.").format(name=picture.name)
            self._context.notify.emit(f"{taken} {said}".strip())

        self._files.run(read, use)

    def paint_part(self, row: StyleRow) -> None:
        """Let the artist paint which part of the style's picture counts."""
        use, picture = row.use, row.picture
        if picture is None:
            return

        def show(mask: QImage | None) -> None:
            dialog = StylePartDialog(recipe_name(use.source), picture, mask, row.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(lambda: self._keep_part(use, dialog.mask_png()))
            dialog.open()

        self._background.run(partial(self._masks.read, use.part), show)

    def _keep_part(self, use: StyleUse, png: bytes | None) -> None:
        def used(ref: FileRef | None) -> None:
            self._model.edit(
                styles=tuple(
                    edited(each, part=ref) if each.source == use.source else each for each in self._model.value.styles
                )
            )

        self._files.run(lambda: None if png is None else self._sources.add_bytes(png, "part.png"), used)

    def show(self) -> None:
        """Show the masks of the draft, and the chosen one on the canvas."""
        draft = self._model.value
        uses = draft.styles
        self.where.show_state(
            [recipe_name(use.source) for use in uses],
            [use.region is not None for use in uses],
            masked=draft.mask is not None,
            missing=self.tr("A texture has no photo to paint on.") if draft.texture else missing_requirement(draft),
        )
        ref = self._mask_of(self.where.chosen())
        if ref == self._mask_shown:
            return
        self._mask_shown = ref
        kept = None if ref is None else self._masks.find(ref)
        if ref is None or kept is not None:
            self.canvas.show_mask(kept)  # at once: the next stroke may be on its way
            return

        def show(mask: QImage | None) -> None:
            if self._mask_shown == ref:
                self.canvas.show_mask(mask)

        self._background.run(partial(self._masks.read, ref), show)


def _what_is_shown(draft: Draft) -> tuple[object, ...]:
    """All that the controls of the masks and the mask on the canvas depend on."""
    uses: tuple[tuple[Recipe, FileRef | None], ...] = tuple((use.source, use.region) for use in draft.styles)
    return uses, draft.mask, draft.texture, missing_requirement(draft)
