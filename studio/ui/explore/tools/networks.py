"""Two networks as one: the weights of a second one are mixed into the picture's, layer by layer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QInputDialog, QLabel, QLineEdit, QPushButton

from studio.engine.jobs.network_blend import Partner, Partners, blended_model, partners
from studio.recipes import NetworkBlend, SampleRecipe
from studio.ui.command import Command
from studio.ui.describe.model_names import model_name
from studio.ui.explore.tools.tool import Tool
from studio.ui.model import edited
from studio.ui.theme import icon
from studio.ui.translated import translated
from studio.ui.widgets import Section, Slider, enable_unless
from studio.worker import ModelInfo


class NetworksTool(Tool):
    """Chooses a second network of the same shape, and how much of each layer is taken from it."""

    name = "networks"
    command = "explore.tool-networks"
    glyph = "networks"
    topic = "explore"

    def build(self) -> None:
        context = self.context
        self._known: Partners | None = None
        self._asked: str | None = None
        self._shown: tuple[tuple[int, ...], bool] | None = None
        self.sliders: list[Slider] = []
        self._spans: list[range] = []  # the layers of each slider
        self.second = QComboBox(self)
        self.second.setAccessibleName(self.tr("Second model"))
        self.second.setToolTip(self.tr("The model whose weights are mixed in; it must be of the same shape"))
        self.second.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.second.activated.connect(self._choose)
        self.nothing = QLabel(self)
        self.nothing.setProperty("muted", True)
        self.nothing.setWordWrap(True)
        self.body.addWidget(self.second)
        self._make_presets()
        self.body.addWidget(self.nothing)  # below the buttons, which so stay where they are when it goes
        self._make_layers()
        self._make_keeping()
        self.body.addStretch(1)
        context.model.changed.connect(self._on_changed)
        context.networkChanged.connect(self._ask)
        context.studio.modelsChanged.connect(self._forget)
        self._show()

    def title(self) -> str:
        return self.tr("Merge")

    def tip(self) -> str:
        return self.tr("Mix a second model into this one, all of it or single layers: the picture follows.")

    def take(self) -> None:
        super().take()
        self._ask()
        self._show()

    def commands(self) -> list[Command]:
        def mixed() -> str:
            return self.hand_missing() or ("" if self._blend() else self.tr("Mix a second model in first."))

        return [Command("explore.keep-model", self.tr("Keep the two models as one …"), self.keep, "model", mixed)]

    # Building

    def _make_presets(self) -> None:
        self.border = QComboBox(self)
        self.border.setAccessibleName(self.tr("Up to which layers the shapes go"))
        self.border.setToolTip(self.tr("Layers up to this size draw the shapes, finer ones colours and detail"))
        self.shapes_button = QPushButton(self.tr("Its shapes"), self)
        self.shapes_button.setToolTip(self.tr("Coarse layers of the second model, fine layers of this one"))
        self.shapes_button.clicked.connect(lambda: self.swap(coarse=True))
        self.colours_button = QPushButton(self.tr("Its colours"), self)
        self.colours_button.setToolTip(self.tr("Coarse layers of this model, fine layers of the second one"))
        self.colours_button.clicked.connect(lambda: self.swap(coarse=False))
        row = QHBoxLayout()
        row.addWidget(self.shapes_button, 1)
        row.addWidget(self.colours_button, 1)
        ends = QHBoxLayout()
        label = QLabel(self.tr("Shapes end with"), self)
        label.setBuddy(self.border)
        ends.addWidget(label)
        ends.addWidget(self.border, 1)
        self.body.addLayout(row)
        self.body.addLayout(ends)

    def _make_layers(self) -> None:
        self.all = Slider(
            self.tr("All layers"), 0.0, 1.0, 0.0, tooltip=self.tr("0 is this model alone, 1 the second one")
        )
        self.all.valueChanged.connect(self._move_all)
        self.all.editingFinished.connect(self.context.model.commit)
        self.mapping = Slider(
            self.tr("Seeds"),
            0.0,
            1.0,
            0.0,
            tooltip=self.tr("How much the second model decides which picture a seed is"),
        )
        self.mapping.valueChanged.connect(lambda value: self._set(mapping=value))
        self.mapping.editingFinished.connect(self.context.model.commit)
        self.its_seeds = QCheckBox(self.tr("Seeds of the second model"), self)
        self.its_seeds.setToolTip(
            self.tr("The two turn seeds of another size into pictures: it is one way or the other, nothing between.")
        )
        self.its_seeds.clicked.connect(lambda on: self._set(mapping=float(on), commit=True))
        section = Section(self.tr("Share of the second model"), self)
        self.own_styles = QCheckBox(self.tr("Own styles"), self)
        self.own_styles.setToolTip(
            self.tr(
                "Each layer follows the seed as the model does that it is of. Off: one of the two decides for all "
                "layers, which looks well only when one was trained from the other."
            )
        )
        self.own_styles.clicked.connect(lambda on: self._set(own_styles=on, commit=True))
        self.each = QCheckBox(self.tr("Every layer by itself"), self)
        self.each.setToolTip(self.tr("One slider a layer; else one a resolution"))
        self.each.toggled.connect(lambda _on: self._show())
        section.body.addWidget(self.all)
        section.body.addWidget(self.mapping)
        section.body.addWidget(self.its_seeds)
        section.body.addWidget(self.own_styles)
        section.body.addWidget(self.each)
        self.section = section
        self.body.addWidget(section)

    def _make_keeping(self) -> None:
        self.keep_button = QPushButton(icon("model"), self.tr("Keep as a model …"), self)
        self.keep_button.setToolTip(
            self.tr(
                "Put the two as one into the library; its card names both and their shares. A model has one mapping: "
                "with own styles this picture stays as it is, other seeds will not."
            )
        )
        self.keep_button.clicked.connect(self.keep)
        self.without_button = QPushButton(icon("cancel"), self.tr("Without it"), self)
        self.without_button.setToolTip(self.tr("This model alone again"))
        self.without_button.clicked.connect(lambda: self._choose(0))
        row = QHBoxLayout()
        row.addWidget(self.keep_button, 1)
        row.addWidget(self.without_button, 1)
        self.body.addLayout(row)

    # What fits

    def _forget(self) -> None:
        self._asked = None
        if self.in_hand:
            self._ask()

    def _ask(self) -> None:
        """Learn which models fit, once for each network."""
        network = self.context.network
        if not self.in_hand or network is None or network.hash == self._asked:
            return
        self._asked, ref = network.hash, network.ref
        job = self.context.studio.worker.call(lambda engine: partners(engine, ref), key="blend-partners")
        job.finished.connect(lambda found: self._learned(network, found))
        job.failed.connect(self.context.studio.problem)

    def _learned(self, network: ModelInfo, found: Partners) -> None:
        if self._asked != network.hash:
            return
        self._known = found
        self.second.clear()
        self.second.addItem(self.tr("No second model"), None)
        items = self.second.model()
        assert isinstance(items, QStandardItemModel)
        for partner in sorted(found.models, key=lambda one: one.reason is not None):
            name = model_name(partner.info)
            if partner.reason is None:
                self.second.addItem(name, partner.info.hash)
                continue
            reason = translated(partner.reason)
            self.second.addItem(f"{name}: {reason}", partner.info.hash)
            row = self.second.count() - 1
            items.item(row).setEnabled(False)
            self.second.setItemData(row, f"{name}\n{reason}", Qt.ItemDataRole.ToolTipRole)
        sides = sorted(set(found.resolutions))
        self.border.clear()
        for side in sides[:-1]:
            self.border.addItem(self.tr("the layers of {side} px").format(side=side), side)
        self.border.setCurrentIndex((len(sides) - 1) // 2)
        self._show()

    def _partner(self) -> Partner | None:
        """The second model of the recipe, if the library has it."""
        blend = self._blend()
        if self._known is None or blend is None:
            return None
        wanted = blend.model.hash
        return next((one for one in self._known.models if wanted in (one.info.hash, *one.info.former)), None)

    def _blend(self) -> NetworkBlend | None:
        recipe = self.context.model.value
        return None if recipe is None else recipe.blend

    # Changing

    def _choose(self, row: int) -> None:
        """Mix in the model of ``row``; it gives its shapes at first."""
        name = self.second.itemData(row)
        recipe = self.context.model.value
        if recipe is None or self._known is None:
            return
        self.context.playStopWanted.emit()
        if name is None:
            self.context.model.set(edited(recipe, blend=None))
            return
        partner = next(one for one in self._known.models if one.info.hash == name)
        border = self.border.currentData()
        amounts = tuple(float(side <= border) for side in self._known.resolutions)
        blend = NetworkBlend(model=partner.info.ref, amounts=amounts, own_styles=self.context.layers > 0)
        self.context.model.set(edited(recipe, blend=blend))

    def swap(self, *, coarse: bool) -> None:
        """Take the coarse layers of the second model, or else its fine ones and its seeds."""
        if self._known is not None:
            border = self.border.currentData()
            amounts = tuple(float((side <= border) == coarse) for side in self._known.resolutions)
            self._set(amounts=amounts, mapping=float(not coarse), commit=True)

    def _move_all(self, share: float) -> None:
        if self._known is not None:
            self._set(amounts=(share,) * len(self._known.resolutions))

    def _move(self, slider: int, share: float) -> None:
        blend = self._blend()
        if blend is not None:
            span = self._spans[slider]
            self._set(amounts=tuple(share if n in span else old for n, old in enumerate(blend.amounts)))

    def _set(self, *, commit: bool = False, **changes: object) -> None:
        """Change the blend; while a slider is held, all of it is one step of undo."""
        recipe, blend = self.context.model.value, self._blend()
        if recipe is None or blend is None:
            return
        self.context.playStopWanted.emit()
        self.context.model.set(edited(recipe, blend=edited(blend, **changes)), commit=commit)

    def keep(self) -> None:
        """Ask for a name and keep the two as a model."""
        partner, network = self._partner(), self.context.network
        if partner is None or network is None:
            return
        usual = f"{model_name(network)} + {model_name(partner.info)}"
        title, label = self.tr("Keep as a model"), self.tr("Name:")
        name, sure = QInputDialog.getText(self, title, label, QLineEdit.EchoMode.Normal, usual)
        if sure:
            self.keep_as(name)

    def keep_as(self, name: str) -> None:
        """Keep the two as a model called ``name``, and go on with it."""
        recipe = self.context.model.value
        if recipe is None or recipe.blend is None:
            return
        job = self.context.studio.worker.submit(
            lambda engine: blended_model(engine, recipe, name), title=self.tr("Mixing the models"), must_finish=True
        )
        job.finished.connect(lambda kept: self._kept(recipe, *kept))
        job.failed.connect(self.context.studio.problem)

    def _kept(self, before: SampleRecipe, info: ModelInfo, recipe: SampleRecipe) -> None:
        studio = self.context.studio
        studio.modelsChanged.emit()
        studio.notify.emit(self.tr("“{name}” is in the library.").format(name=info.name))
        if self.context.model.value == before:
            self.context.openWanted.emit(recipe)

    # Showing

    def _on_changed(self, _old: SampleRecipe | None, _new: SampleRecipe) -> None:
        if self.in_hand:
            self._show()

    def _show(self) -> None:
        known, blend, partner = self._known, self._blend(), self._partner()
        if known is None:
            self.section.hide()
            self.nothing.setText(self.tr("Looking for models that fit …"))
            for button in (self.shapes_button, self.colours_button, self.keep_button, self.without_button):
                enable_unless(button, self.nothing.text())
            return
        row = 0 if blend is None else max(0, self.second.findData(partner.info.hash if partner else ""))
        self.second.setCurrentIndex(row)
        any_compatible = any(one.reason is None for one in known.models)
        missing = "" if blend is not None else self.tr("Choose a second model first.")
        if blend is None and not any_compatible:
            missing = self.tr("No other model in the library is of the same shape.")
        elif blend is not None and len(blend.amounts) != len(known.resolutions):
            missing = self.tr("The two models of this picture are not of the same shape.")
        self.nothing.setText(missing)
        self.nothing.setVisible(bool(missing))
        for button in (self.shapes_button, self.colours_button, self.keep_button):
            enable_unless(button, missing)
        enable_unless(self.without_button, "" if blend is not None else self.tr("There is no second model."))
        self.section.setVisible(not missing)
        if missing or blend is None:
            return
        self._make_sliders(known)
        mixes = partner is None or partner.mappings_compatible
        # A network without w has no mapping.
        styled = self.context.layers > 0
        self.own_styles.setVisible(styled)
        self.own_styles.setChecked(blend.own_styles)
        self.mapping.setVisible(mixes and styled and not blend.own_styles)
        self.its_seeds.setVisible(not mixes and not blend.own_styles)
        self.mapping.set_value(blend.mapping, silent=True)
        self.its_seeds.setChecked(blend.mapping > 0)
        for slider, span in zip(self.sliders, self._spans, strict=True):
            slider.set_value(sum(blend.amounts[n] for n in span) / len(span), silent=True)
        self.all.set_value(sum(blend.amounts) / len(blend.amounts), silent=True)

    def _make_sliders(self, known: Partners) -> None:
        """A slider for each resolution or layer, unless they are there already."""
        wanted = known.resolutions, self.each.isChecked()
        if wanted == self._shown:
            return
        self._shown = wanted
        for slider in self.sliders:
            self.section.body.removeWidget(slider)
            slider.deleteLater()
        self.sliders.clear()
        count = len(known.resolutions)
        if wanted[1]:
            self._spans = [range(n, n + 1) for n in range(count)]
        else:
            starts = [n for n in range(count) if n == 0 or known.resolutions[n] != known.resolutions[n - 1]]
            self._spans = [range(a, b) for a, b in zip(starts, [*starts[1:], count], strict=True)]
        for number, span in enumerate(self._spans):
            side = known.resolutions[span.start]
            text = self.tr("{layer}: {side} px").format(layer=span.start, side=side) if wanted[1] else f"{side} px"
            slider = Slider(text, 0.0, 1.0, 0.0, parent=self)
            slider.valueChanged.connect(lambda share, number=number: self._move(number, share))
            slider.editingFinished.connect(self.context.model.commit)
            self.section.body.addWidget(slider)
            self.sliders.append(slider)
