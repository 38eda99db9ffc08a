"""Recipes in words: a short name, and the rows of "how it was made".

:func:`recipe_name`, :func:`finished_text`, :func:`recipe_rows` and :func:`seed_of` have a form for every kind of step,
registered with them; a step without one is told by its fields.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QLocale

from studio.base.fields import FieldDescription, describe_field, describe_fields, is_shown
from studio.recipes import (
    CleanRecipe,
    CleanSettings,
    DirectionMove,
    EnlargeRecipe,
    EnlargeSettings,
    FileRef,
    Latent,
    LatentMix,
    LatentSeed,
    PhotoRecipe,
    Recipe,
    RepairRecipe,
    SampleRecipe,
    StylizeRecipe,
)
from studio.recipes.steps import FinishingStep, Step
from studio.recipes.steps.repair import EDGES, PROPOSING
from studio.ui.describe.lists import listed
from studio.ui.describe.model_names import starter_text
from studio.ui.describe.style_names import ready_name

Row = tuple[str, str]
_DATED = re.compile(r"^\d{4}-\d\d-\d\d \d\d\.\d\d ")


@singledispatch
def recipe_name(recipe: Recipe) -> str:
    """A few words for a picture: "Seed 42", "beach", "beach in waves"; by default those for what a step changes."""
    return recipe.kind if recipe.subject is None else recipe_name(recipe.subject)


@recipe_name.register
def _(recipe: PhotoRecipe) -> str:
    return ready_name(recipe.photo.hash) or _stem(recipe.photo) or QCoreApplication.translate("RecipeText", "Photo")


@recipe_name.register
def _(recipe: SampleRecipe) -> str:
    name, edits = latent_name(recipe.latent), sample_edits(recipe)
    return ", ".join([name, *edits[:2], *(["…"] if len(edits) > 2 else [])])


def sample_edits(recipe: SampleRecipe) -> list[str]:
    """The changes of a sample beside its latent, a few words each."""
    translate = QCoreApplication.translate
    edits = []
    if recipe.label:
        edits.append(translate("RecipeText", "class {number}").format(number=recipe.label))
    if recipe.truncation != SampleRecipe.model_fields["truncation"].default or recipe.truncation_cutoff is not None:
        edits.append(translate("RecipeText", "variety {amount}").format(amount=_number(recipe.truncation)))
    if recipe.blend is not None:
        edits.append(
            QCoreApplication.translate("RecipeText", "with {model}").format(
                model=starter_text(_stem(recipe.blend.model))
            )
        )
    moved = [move for move in recipe.directions if move.amount]
    if len(moved) == 1:
        edits.append(" ".join(_move_row(moved[0])[:2]).partition("  ·  ")[0])
    elif moved:
        edits.append(translate("RecipeText", "{count} directions").format(count=len(moved)))
    for mix in recipe.style_mix:
        edits.append(translate("RecipeText", "mixed with {latent}").format(latent=latent_name(mix.latent)))
    if recipe.noise == "random":
        edits.append(translate("RecipeText", "noise {seed}").format(seed=recipe.noise_seed))
    elif recipe.noise == "none":
        edits.append(translate("RecipeText", "no noise"))
    if recipe.noise != "none" and recipe.noise_strength != 1:
        edits.append(translate("RecipeText", "noise × {amount}").format(amount=_number(recipe.noise_strength)))
    return edits


@recipe_name.register
def _(recipe: StylizeRecipe) -> str:
    return QCoreApplication.translate("RecipeText", "{content} in {style}").format(
        content=recipe_name(recipe.content), style=recipe_name(recipe.styles[0].source)
    )


@recipe_name.register
def _(recipe: FinishingStep) -> str:
    return QCoreApplication.translate("RecipeText", "{content}, {done}").format(
        content=recipe_name(recipe.content), done=finished_text(recipe)
    )


@singledispatch
def finished_text(step: Recipe) -> str:
    """What a finishing step leaves a picture as, "repaired"; empty for steps of other kinds."""
    return ""


@finished_text.register
def _(step: EnlargeRecipe) -> str:
    return QCoreApplication.translate("RecipeText", "enlarged")


@finished_text.register
def _(step: RepairRecipe) -> str:
    return QCoreApplication.translate("RecipeText", "repaired")


@finished_text.register
def _(step: CleanRecipe) -> str:
    return QCoreApplication.translate("RecipeText", "cleaned")


def latent_name(latent: Latent) -> str:
    """A latent in a few words."""
    if isinstance(latent, LatentSeed):
        return QCoreApplication.translate("RecipeText", "Seed {seed}").format(seed=latent.seed)
    if isinstance(latent, LatentMix):
        if isinstance(latent.a, LatentMix):
            first: Latent = latent.a
            steps = 1
            while isinstance(first, LatentMix):
                first, steps = first.a, steps + 1
            return QCoreApplication.translate("RecipeText", "{latent}, varied {times} times").format(
                latent=latent_name(first), times=steps
            )
        return QCoreApplication.translate("RecipeText", "{a} to {b}, {percent} %").format(
            a=latent_name(latent.a), b=latent_name(latent.b), percent=f"{latent.amount * 100:.0f}"
        )
    return QCoreApplication.translate("RecipeText", "Own latent")


def file_title(recipe: Recipe) -> str:
    """Words for the name of a picture's file: as the recipe says it, but in the language of the window."""
    template = "Seed {seed}"
    translated = QCoreApplication.translate("RecipeText", template) != template
    return recipe_name(recipe) if translated else recipe.title


@singledispatch
def seed_of(recipe: Recipe) -> int | None:
    """The seed a person would copy: a sample's, a stylization's, of what a step changes; None where there is none."""
    return None if recipe.subject is None else seed_of(recipe.subject)


@seed_of.register
def _(recipe: SampleRecipe) -> int | None:
    return recipe.latent.seed if isinstance(recipe.latent, LatentSeed) else None


@seed_of.register
def _(recipe: StylizeRecipe) -> int | None:
    return recipe.seed if recipe.method == "optimise" else seed_of(recipe.content)


def shares(weights: list[float]) -> list[float]:
    """Relative weights as shares of the blend; all zero counts as all equal, as in the stylization itself."""
    total = sum(weights)
    return [weight / total for weight in weights] if total > 0 else [1 / len(weights)] * len(weights)


@singledispatch
def recipe_rows(recipe: Recipe) -> list[Row]:
    """Rows of label and value on how a picture was made; by default the fields of a step, then what it changes."""
    rows: list[Row] = []
    for name, field in describe_fields(type(recipe)).items():
        value = getattr(recipe, name)
        if field.about.label and (field.required or value != field.default):
            text = _field_value(value, field)
            if text:
                rows.append((QCoreApplication.translate("Fields", field.about.label), text))
    return rows if recipe.subject is None else rows + recipe_rows(recipe.subject)


def _field_value(value: object, field: FieldDescription) -> str:
    """The value of a field in words; empty for what takes more than a word."""
    if isinstance(value, Step):
        return recipe_name(cast(Recipe, value))  # every step is one of them
    if isinstance(value, FileRef):
        return _stem(value)
    if isinstance(value, bool):
        return QCoreApplication.translate("RecipeText", "Yes") if value else ""
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str | int):
        return QCoreApplication.translate("Fields", field.about.value_labels.get(str(value), str(value)))
    return ""


@recipe_rows.register
def _(recipe: PhotoRecipe) -> list[Row]:
    return [(QCoreApplication.translate("RecipeText", "Photo"), recipe.photo.name or recipe.photo.hash[:12])]


@recipe_rows.register
def _(recipe: StylizeRecipe) -> list[Row]:
    rows: list[Row] = [(QCoreApplication.translate("RecipeText", "Photo"), recipe_name(recipe.content))]
    if recipe.content.opened_photo is None:
        rows = [(QCoreApplication.translate("RecipeText", "Content"), recipe_name(recipe.content))]
    for use, share in zip(recipe.styles, shares([use.weight for use in recipe.styles]), strict=True):
        value = recipe_name(use.source)
        if len(recipe.styles) > 1:
            value = f"{value}  ·  {round(share * 100)}\N{NO-BREAK SPACE}%"
        if use.scale != 1:
            value = f"{value}  ·  × {QLocale().toString(use.scale, 'g', 3)}"
        rows.append((QCoreApplication.translate("RecipeText", "Style"), value))
    if recipe.method != "optimise":
        quick = QCoreApplication.translate("RecipeText", "Instant preview")
        if recipe.method == "refined":
            quick = QCoreApplication.translate("RecipeText", "Refined preview")
        rows.append((QCoreApplication.translate("RecipeText", "Method"), quick))
    else:
        method = QCoreApplication.translate("RecipeText", "Optimised, {steps} steps").format(steps=recipe.steps)
        if recipe.stop_after is not None:
            text = QCoreApplication.translate("RecipeText", "Optimised, {steps} of {total} steps")
            method = text.format(steps=recipe.stop_after, total=recipe.steps)
        rows.append((QCoreApplication.translate("RecipeText", "Method"), method))
        rows.append((QCoreApplication.translate("RecipeText", "Network"), network_name(recipe.network)))
        rows.append((QCoreApplication.translate("RecipeText", "Seed"), str(recipe.seed)))
    rows.append((QCoreApplication.translate("RecipeText", "Likeness to the photo"), _number(recipe.content_strength)))
    rows.append((QCoreApplication.translate("RecipeText", "Strength of the style"), _number(recipe.style_strength)))
    if recipe.keep_colors:
        kept = QCoreApplication.translate("RecipeText", "Kept from the photo")
        if recipe.color_transfer == "linear":
            kept = QCoreApplication.translate("RecipeText", "Matched to the photo (linear)")
        elif recipe.color_transfer == "histogram":
            kept = QCoreApplication.translate("RecipeText", "Matched to the photo (histogram)")
        rows.append((QCoreApplication.translate("RecipeText", "Colours"), kept))
    rows += _where_rows(recipe)
    # A photo has been told already, and what an inner stylization did would look like more of this one.
    told = isinstance(recipe.content, PhotoRecipe | StylizeRecipe)
    return rows if told else rows + recipe_rows(recipe.content)


@recipe_rows.register
def _(recipe: EnlargeRecipe) -> list[Row]:
    network = _choice(recipe, "network") if recipe.file is None else _stem(recipe.file)
    rows = [
        (QCoreApplication.translate("RecipeText", "Enlarged"), enlarged_to(recipe)),
        (QCoreApplication.translate("RecipeText", "Network"), network),
    ]
    if recipe.quality != "quick":
        rows.append((_field_label(recipe, "quality"), _choice(recipe, "quality")))
    return rows + recipe_rows(recipe.content)


def enlarged_to(settings: EnlargeSettings) -> str:
    """The size that is asked for: "× 2", "long side 4096 px", "long side 30 cm at 300 dpi"."""
    match settings.measure:
        case "times":
            return f"× {QLocale().toString(settings.factor, 'g', 3)}"
        case "pixels":
            return QCoreApplication.translate("RecipeText", "long side {pixels} px").format(pixels=settings.pixels)
    text = QCoreApplication.translate("RecipeText", "long side {length} cm at {dpi} dpi")
    if settings.measure == "inch":
        text = QCoreApplication.translate("RecipeText", "long side {length} inches at {dpi} dpi")
    return text.format(length=QLocale().toString(settings.length, "g", 4), dpi=settings.dpi)


@recipe_rows.register
def _(recipe: RepairRecipe) -> list[Row]:
    label = QCoreApplication.translate("RecipeText", "Repaired")
    rows = []
    if recipe.mask is not None:
        rows.append((label, QCoreApplication.translate("RecipeText", "Painted mask")))
        rows.append((_field_label(recipe, "method"), _choice(recipe, "method")))
        for field in ("model", "inpainter"):
            used = getattr(recipe, field)
            if used is not None and is_shown(type(recipe), field, dict(recipe)):
                rows.append((_field_label(recipe, field), used.name or used.hash[:12]))
        if recipe.method == "generator":
            rows.append((_field_label(recipe, "steps"), str(recipe.steps)))
        if recipe.method in PROPOSING:
            rows.append((_field_label(recipe, "seed"), str(recipe.seed)))
    added = [(edge, getattr(recipe, edge)) for edge in EDGES if getattr(recipe, edge) > 0]
    if added:
        parts = [f"{_field_label(recipe, edge)} {round(share * 100)}\N{NO-BREAK SPACE}%" for edge, share in added]
        rows.append((QCoreApplication.translate("RecipeText", "New canvas"), listed(parts)))
    return rows + recipe_rows(recipe.content)


@recipe_rows.register
def _(recipe: CleanRecipe) -> list[Row]:
    rows = []
    for name in CleanSettings.model_fields:
        if share := getattr(recipe, name):
            rows.append((_field_label(recipe, name), f"{round(share * 100)}\N{NO-BREAK SPACE}%"))
    return rows + recipe_rows(recipe.content)


def _field_label(recipe: Step, name: str) -> str:
    return QCoreApplication.translate("Fields", describe_field(type(recipe), name).about.label)


def _choice(recipe: Step, name: str) -> str:
    """The choice in a field, in words."""
    value = str(getattr(recipe, name))
    labels = describe_field(type(recipe), name).about.value_labels
    return QCoreApplication.translate("Fields", labels.get(value, value))


def _where_rows(recipe: StylizeRecipe) -> list[Row]:
    """Controls that most pictures leave alone."""
    yes = QCoreApplication.translate("RecipeText", "Yes")
    rows: list[Row] = []
    if recipe.mask is not None or any(use.region is not None for use in recipe.styles):
        painted = QCoreApplication.translate("RecipeText", "Painted mask")
        rows.append((QCoreApplication.translate("RecipeText", "Where"), painted))
    if recipe.detail:
        rows.append((QCoreApplication.translate("RecipeText", "Fine detail"), _number(recipe.detail)))
    if recipe.faces:
        rows.append((QCoreApplication.translate("Fields", "Likeness of faces"), _number(recipe.faces)))
    if recipe.loss != "nearest":
        rows.append((QCoreApplication.translate("RecipeText", "Strokes"), recipe.loss.capitalize()))
    if recipe.seamless:
        rows.append((QCoreApplication.translate("RecipeText", "Seamless"), yes))
    if recipe.texture:
        rows.append((QCoreApplication.translate("RecipeText", "Texture only"), yes))
    return rows


def network_name(network: str) -> str:
    """The name of a perceptual network for the artist."""
    return {"vgg16-hed": "VGG-16", "vgg19": "VGG-19"}.get(network, network)


def _shares(amounts: Sequence[float]) -> str:
    """Shares of layers, runs of equal ones together: "layers 0-5 100 %, 6-12 0 %"."""
    starts = [n for n, amount in enumerate(amounts) if n == 0 or amount != amounts[n - 1]]
    parts = []
    for first, end in zip(starts, [*starts[1:], len(amounts)], strict=True):
        where = f"{first}–{end - 1}: " if len(starts) > 1 else ""
        parts.append(f"{where}{round(amounts[first] * 100)}\N{NO-BREAK SPACE}%")
    return listed(parts[:6]) + (", …" if len(parts) > 6 else "")


@recipe_rows.register
def _(recipe: SampleRecipe) -> list[Row]:
    rows: list[Row] = [(QCoreApplication.translate("RecipeText", "Model"), starter_text(_stem(recipe.model)))]
    if recipe.blend is not None:
        second = QCoreApplication.translate("RecipeText", "Second model")
        rows.append((second, f"{starter_text(_stem(recipe.blend.model))}  ·  {_shares(recipe.blend.amounts)}"))
    if isinstance(recipe.latent, LatentSeed):
        rows.append((QCoreApplication.translate("RecipeText", "Seed"), str(recipe.latent.seed)))
    else:
        rows.append((QCoreApplication.translate("RecipeText", "Latent"), latent_name(recipe.latent)))
    rows.append((QCoreApplication.translate("RecipeText", "Variety (truncation)"), _number(recipe.truncation)))
    if recipe.noise == "none":
        rows.append(
            (QCoreApplication.translate("RecipeText", "Noise"), QCoreApplication.translate("RecipeText", "Off"))
        )
    elif recipe.noise == "random":
        noise = QCoreApplication.translate("RecipeText", "Seed {seed}").format(seed=recipe.noise_seed)
        rows.append((QCoreApplication.translate("RecipeText", "Noise"), noise))
    if recipe.noise != "none" and recipe.noise_strength != 1:
        rows.append((QCoreApplication.translate("RecipeText", "Noise strength"), _number(recipe.noise_strength)))
    if recipe.label is not None:
        rows.append((QCoreApplication.translate("RecipeText", "Class"), str(recipe.label)))
    moved = [move for move in recipe.directions if move.amount]
    rows += [_move_row(move) for move in moved[:8]]
    if len(moved) > 8:
        more = QCoreApplication.translate("RecipeText", "and {count} more").format(count=len(moved) - 8)
        rows.append((QCoreApplication.translate("RecipeText", "Directions"), more))
    for mix in recipe.style_mix:
        layers = listed(str(layer + 1) for layer in mix.layers)
        value = QCoreApplication.translate("RecipeText", "{latent}, layers {layers}").format(
            latent=latent_name(mix.latent), layers=layers
        )
        rows.append((QCoreApplication.translate("RecipeText", "Mixed with"), value))
    return rows


def _move_row(move: DirectionMove) -> Row:
    """A move along a direction: which one, and how far on which layers."""
    if move.basis == "principal":
        label = QCoreApplication.translate("RecipeText", "Direction {number}").format(number=move.index + 1)
    elif move.basis == "style":
        label = QCoreApplication.translate("RecipeText", "Style direction {number}").format(number=move.index + 1)
    else:
        label = QCoreApplication.translate("RecipeText", "Own direction")
    value = f"× {_number(move.amount)}" if move.basis == "own" else f"{_number(move.amount)} σ"
    if move.layers is not None:
        first, last = (layer + 1 for layer in move.layers)
        layers = QCoreApplication.translate("RecipeText", "layers {first} to {last}").format(first=first, last=last)
        value = f"{value}  ·  {layers}"
    return label, value


def without_date(stem: str) -> str:
    """A file's name without the date and time that saving puts before it."""
    return _DATED.sub("", stem) or stem


def _stem(ref: FileRef) -> str:
    return without_date(Path(ref.name).stem) if ref.name else ref.hash[:12]


def _number(value: float) -> str:
    return QLocale().toString(value, "f", 2)
