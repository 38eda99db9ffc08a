"""A smaller, faster copy of a model of the library, into the library."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from studio.base import Message, StudioError, Work
from studio.base.files import scratch_folder
from studio.checkpoints.info import ModelInfo, read_card
from studio.checkpoints.store import load_model, save_model
from studio.engine.memory import retried
from studio.networks.stylegan2 import Generator
from studio.training.shrink import Loss, shrink

if TYPE_CHECKING:
    from studio.engine.engine import Engine


def smaller_copy(
    engine: Engine, info: ModelInfo, keep: float, images: int, *, name: str = ""
) -> Work[tuple[ModelInfo, Loss]]:
    """Make a copy with ``keep`` of the channels and take it into the library (see ``studio.training.shrink``).

    Its card says what it was made from, and what it lost. Cancelling leaves nothing behind.

    Raises
    ------
    StudioError
        When the model is none of StyleGAN2, too small or damaged, memory does not suffice or the disk is full.
    """
    generator = load_model(info.path, engine.device)
    if not isinstance(generator, Generator):
        raise StudioError(
            Message("“{name}” is no StyleGAN2 network; smaller copies are made of those only.", name=info.name),
            "Choose another model.",
        )
    small, loss = yield from retried(partial(shrink, generator, keep, images), engine)
    card = read_card(info.path)
    title = name.strip() or f"{info.name}, {keep:.0%} of the channels"
    changed = {
        "name": title[:200],
        "config": small.config.to_dict(),
        "training": {"program": "Latent Studio", "smaller_copy_of": info.hash, "keep": keep, "images": images},
        "metrics": {"psnr_db": round(loss.psnr, 2), "difference": round(loss.difference, 2)},
        "former": (),
    }
    with scratch_folder() as folder:
        path = folder / f"{info.path.stem}-{round(keep * 100)}.safetensors"
        save_model(path, small, card.model_copy(update=changed))
        return engine.library.add(path), loss
