"""Two models as one: which fit together, and the blend kept as a model of its own.

The Explore room knows this module, so that torch is imported only by what runs on the device thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import scratch_folder
from studio.base.names import fitting_stem
from studio.checkpoints.info import ModelCard, ModelInfo, read_card
from studio.engine.jobs.mixing import settled
from studio.recipes import FileRef, LatentSeed, NetworkBlend, SampleRecipe

if TYPE_CHECKING:
    from studio.engine.engine import Engine


@dataclass(frozen=True)
class Partner:
    """A model that another one may be mixed with.

    Attributes
    ----------
    reason : why it cannot be; None: it can.
    mappings_compatible : whether the mappings can be mixed, too; else there is one or the other.
    """

    info: ModelInfo
    reason: Message | None
    mappings_compatible: bool


@dataclass(frozen=True)
class Partners:
    """All other models of the library, and the resolutions of the layers of the one they are asked for."""

    resolutions: tuple[int, ...]
    models: tuple[Partner, ...]


def partners(engine: Engine, model: FileRef) -> Partners:
    """Models of the library that can be mixed with ``model``. Reads no weights.

    Raises
    ------
    StudioError
        When the model is missing or damaged.
    """
    from studio.checkpoints.store import config_of
    from studio.synthesis.network_blending import blend_layers, mappings_compatible, shape_difference

    own = engine.library.find(model)
    config = config_of(read_card(own.path))
    found = []
    for info in engine.library.models():
        if info.hash == own.hash:
            continue
        try:
            other = config_of(read_card(info.path))
        except StudioError as error:
            found.append(Partner(info, error.message, False))
            continue
        reason = shape_difference(config, other)
        found.append(Partner(info, reason, reason is None and mappings_compatible(config, other)))
    return Partners(tuple(layer.resolution for layer in blend_layers(config)), tuple(found))


def amounts_by_resolution(
    engine: Engine, model: FileRef, shares: Sequence[tuple[float, int, int]]
) -> tuple[float, ...]:
    """The amounts of a :class:`NetworkBlend` from shares of ranges of resolutions, of which later ones count.

    Parameters
    ----------
    shares : share, first and last resolution in pixels.
    """
    from studio.checkpoints.store import config_of
    from studio.synthesis.network_blending import blend_layers

    config = config_of(read_card(engine.library.find(model).path))
    amounts = []
    for layer in blend_layers(config):
        fitting = [share for share, first, last in shares if first <= layer.resolution <= last]
        amounts.append(fitting[-1] if fitting else 0.0)
    return tuple(amounts)


def blended_model(engine: Engine, recipe: SampleRecipe, name: str = "") -> Work[tuple[ModelInfo, SampleRecipe]]:
    """Keep the blend of ``recipe`` as a model in the library, and return it with the recipe of the picture from it.

    Its card names its parents and their shares, layer by layer. A model has one mapping: with ``own_styles`` the
    picture keeps its w as numbers, and other seeds look otherwise than they did in the blend.

    Raises
    ------
    StudioError
        When the recipe has no blend, a model is missing, the two do not fit, or the file cannot be written.
    """
    from studio.checkpoints.store import save_model

    blend = recipe.blend
    if blend is None:
        raise StudioError("This picture is drawn by one model alone.", "Choose a second model first.")
    yield Progress(0, 1, Message("Mixing the models"))
    space = engine.lasting_space(recipe)
    parents = [engine.library.find(ref) for ref in (recipe.model, blend.model)]
    # Directions that are found in weights would be found elsewhere in the mixed ones.
    # So would the styles of seeds that had both mappings: a model has one.
    if blend.own_styles or any(move.basis != "own" and move.amount for move in recipe.directions):
        recipe = settled(engine, recipe)
    card = _card(parents, blend, space.generator.config.to_dict(), recipe, name)
    with scratch_folder() as folder:
        path = folder / f"{fitting_stem(card.name, '.safetensors')}.safetensors"
        save_model(path, space.generator, card)
        info = engine.library.add(path)
    return info, recipe.model_copy(update={"model": info.ref, "blend": None})


def _card(
    parents: Sequence[ModelInfo], blend: NetworkBlend, config: Mapping[str, Any], recipe: SampleRecipe, name: str
) -> ModelCard:
    first, second = (read_card(info.path) for info in parents)
    licences = [card.licence for card in (first, second)]
    same = licences[0] == licences[1]
    shares = sum(blend.amounts) / len(blend.amounts)
    title = name.strip() or f"{first.name} + {second.name}"
    seed = recipe.latent.seed if isinstance(recipe.latent, LatentSeed) else None
    return ModelCard(
        name=title[:200],
        architecture=first.architecture,
        config=dict(config),
        licence=licences[0] if same else "; ".join(f"{c.name}: {c.licence or '?'}" for c in (first, second)),
        description=f"“{first.name}” and “{second.name}” as one network: {shares:.0%} of the latter.",
        data="; ".join(dict.fromkeys(card.data for card in (first, second) if card.data)),
        training={
            "program": "Latent Studio",
            "parents": [{"name": info.name, "hash": info.hash} for info in parents],
            "amounts": list(blend.amounts),
            "mapping": 0.0 if blend.own_styles else blend.mapping,
            "own_styles": blend.own_styles,
        },
        covers=() if seed is None else (seed,),
    )
