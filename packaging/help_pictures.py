"""Draw the small pictures of the help, from the starter models and a free photo.

    python packaging/help_pictures.py          (in the environment that has Latent Studio and scikit-image)

They go into ``resources/help/pictures`` and show what a control does: strips of 512 x 128 pixels.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import drain
from studio.base.paths import resources_dir
from studio.engine import TorchEngine
from studio.gallery import SourceStore
from studio.recipes import LatentSeed, PhotoRecipe, Recipe, SampleRecipe, StyleMix, StyleUse, StylizeRecipe

SIDE = 128
QUALITY = 88
SEEDS = (45, 2)
"""Of the first starter model: the second gives the first its coarse or its fine layers."""


def strip(pictures: Sequence[NDArray[np.uint8]]) -> Image.Image:
    """The pictures side by side, each ``SIDE`` high."""
    small = [Image.fromarray(each).convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS) for each in pictures]
    whole = Image.new("RGB", (SIDE * len(small), SIDE))
    for place, picture in enumerate(small):
        whole.paste(picture, (SIDE * place, 0))
    return whole


def main() -> None:
    """Draw all of them."""
    from skimage import data

    folder = resources_dir() / "help" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        engine = TorchEngine(SourceStore(Path(scratch)), device="cpu")
        model = engine.library.models()[0]
        layers = model.num_ws

        def drawn(recipe: Recipe) -> NDArray[np.uint8]:
            return drain(engine.render(recipe)).image

        def sample(seed: int, truncation: float = 0.9, mix: tuple[StyleMix, ...] = ()) -> NDArray[np.uint8]:
            return drawn(
                SampleRecipe(model=model.ref, latent=LatentSeed(seed=seed), truncation=truncation, style_mix=mix)
            )

        def mixed(first: int, last: int) -> NDArray[np.uint8]:
            mix = StyleMix(latent=LatentSeed(seed=SEEDS[1]), layers=tuple(range(first, last)))
            return sample(SEEDS[0], mix=(mix,))

        photo = Path(scratch) / "photo.png"
        Image.fromarray(data.cat()).crop((80, 0, 380, 300)).save(photo)  # Stéfan van der Walt, CC0
        content = PhotoRecipe(photo=engine.sources.add(photo))
        style = PhotoRecipe(photo=engine.sources.add(style_file()))

        def restyled(content_strength: float) -> NDArray[np.uint8]:
            return drawn(
                StylizeRecipe(
                    content=content,
                    styles=(StyleUse(source=style),),
                    size=256,
                    method="preview",
                    content_strength=content_strength,
                )
            )

        plain = np.asarray(Image.open(photo).convert("RGB"))
        strips = {
            "truncation": [sample(SEEDS[0], psi) for psi in (0.2, 0.6, 1.0, 1.4)],
            "style-mixing": [sample(SEEDS[0]), sample(SEEDS[1]), mixed(0, layers // 3), mixed(layers // 2, layers)],
            "content": [plain, np.asarray(Image.open(style_file())), restyled(0.9), restyled(0.1)],
        }
    for name, pictures in strips.items():
        strip(pictures).save(folder / f"{name}.jpg", quality=QUALITY, optimize=True)


def style_file() -> Path:
    """The picture of the style."""
    return resources_dir() / "styles" / "Night swirls.jpg"


if __name__ == "__main__":
    main()
