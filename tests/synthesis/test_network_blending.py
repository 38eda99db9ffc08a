"""Two networks as one: the weights, the pictures of the quick form, the model that is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.base import StudioError, drain
from studio.checkpoints.info import ModelCard, read_card
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import Config, GeneratorNet, architecture_of, save_model
from studio.engine import TorchEngine
from studio.engine.jobs.network_blend import amounts_by_resolution, blended_model, partners
from studio.gallery import SourceStore
from studio.networks import dcgan, stylegan2, stylegan3
from studio.recipes import FileRef, LatentSeed, NetworkBlend, SampleRecipe
from studio.synthesis.latents import LatentSpace
from studio.synthesis.network_blending import BlendedSpace, blend_layers, shape_difference

OTHER = FileRef(hash="1" * 64, name="other")
STYLE2 = stylegan2.StyleGAN2Config(resolution=32, z_dim=8, w_dim=8, channel_base=256, channel_max=16)
STYLE3 = stylegan3.StyleGAN3Config(resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=16, num_layers=4)
NETS: list[tuple[type[GeneratorNet], Config]] = [
    (stylegan2.Generator, STYLE2),
    (stylegan2.Generator, stylegan2.StyleGAN2Config(8, 8, 8, channel_base=64, channel_max=8, architecture="resnet")),
    (stylegan3.Generator, STYLE3),
    (dcgan.Generator, dcgan.DCGANConfig(resolution=16, width=4)),
]


def made(kind: type[GeneratorNet], config: Config, seed: int) -> GeneratorNet:
    torch.manual_seed(seed)
    net = kind(config)  # type: ignore[arg-type]
    for name, value in net.named_parameters():
        if "noise_strength" in name:
            torch.nn.init.normal_(value)
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def picture(space: LatentSpace) -> torch.Tensor:
    recipe = SampleRecipe(model=OTHER, latent=LatentSeed(seed=3))
    return space.picture(space.recipe_code(recipe), recipe).float()


@pytest.mark.parametrize(("kind", "config"), NETS)
def test_every_weight_but_the_mapping_belongs_to_one_layer(kind: type[GeneratorNet], config: Config) -> None:
    names = [name for name in made(kind, config, 0).state_dict() if not name.startswith("mapping.")]
    layers = blend_layers(config)
    for name in names:
        assert sum(name.startswith(layer.prefixes) for layer in layers) == 1, name
    assert all(any(name.startswith(layer.prefixes) for name in names) for layer in layers)
    assert [layer.resolution for layer in layers] == sorted(layer.resolution for layer in layers)
    assert layers[-1].resolution == config.resolution


@pytest.mark.parametrize(("kind", "config"), NETS)
def test_a_blend_draws_what_a_network_with_the_mixed_weights_draws(kind: type[GeneratorNet], config: Config) -> None:
    a, b = made(kind, config, 1), made(kind, config, 2)
    space = BlendedSpace(LatentSpace(a), LatentSpace(b))
    count = len(space.layers)
    steps = [
        NetworkBlend(model=OTHER, amounts=(0.3,) * count, mapping=0.5 if "w_dim" in config.to_dict() else 0),
        NetworkBlend(model=OTHER, amounts=(1.0, *(0.25,) * (count - 2), 0.0)),
        NetworkBlend(model=OTHER, amounts=(0.0,) * count),
        NetworkBlend(model=OTHER, amounts=(1.0,) * count, mapping=1),
    ]
    for blend in steps:
        space.set(blend)
        mixed = made(kind, config, 1)
        one, two, both = a.state_dict(), b.state_dict(), mixed.state_dict()
        for name, value in both.items():
            found = [n for n, layer in enumerate(space.layers) if name.startswith(layer.prefixes)]
            if value.is_floating_point():
                amount = blend.amounts[found[0]] if found else blend.mapping
                value.copy_(one[name] + (two[name] - one[name]) * amount)
        assert (picture(space) - picture(LatentSpace(mixed))).abs().max() <= 1
    assert torch.equal(picture(space), picture(LatentSpace(b)))
    space.set(NetworkBlend(model=OTHER, amounts=(1.0,) * count, own_styles=True))
    assert torch.equal(picture(space), picture(LatentSpace(b)))
    space.set(NetworkBlend(model=OTHER, amounts=(0.0, *(1.0,) * (count - 1)), own_styles=True))
    if not isinstance(a, dcgan.Generator):
        recipe = SampleRecipe(model=OTHER, latent=LatentSeed(seed=3))
        code, *ends = (one.recipe_code(recipe)[0] for one in (space, LatentSpace(a), LatentSpace(b)))
        assert torch.equal(code[0], ends[0][0]) and torch.equal(code[-1], ends[1][-1])


def test_the_same_blend_is_the_same_picture_whatever_was_drawn_before() -> None:
    a, b = (LatentSpace(made(*NETS[0], seed)) for seed in (1, 2))  # type: ignore[arg-type]
    first, second = BlendedSpace(a, b), BlendedSpace(a, b)
    blend = NetworkBlend(model=OTHER, amounts=tuple(n / 10 for n in range(len(first.layers))))
    first.set(blend)
    for amount in (0.9, 0.1):
        second.set(NetworkBlend(model=OTHER, amounts=(amount,) * len(second.layers)))
        picture(second)
    second.set(blend)
    assert torch.equal(picture(first), picture(second))


def test_what_does_not_fit_is_refused_with_a_reason() -> None:
    others: list[Config] = [
        STYLE3,
        stylegan2.StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, channel_base=256, channel_max=16),
        stylegan2.StyleGAN2Config(resolution=32, z_dim=8, w_dim=8, channel_base=256, channel_max=8),
        stylegan2.StyleGAN2Config(32, 8, 8, channel_base=256, channel_max=16, img_channels=1),
        stylegan2.StyleGAN2Config(32, 8, 8, channel_base=256, channel_max=16, architecture="resnet"),
    ]
    said = [str(shape_difference(STYLE2, other)) for other in others]
    assert "None" not in said
    assert len(set(said)) == len(said)
    assert shape_difference(STYLE2, stylegan2.StyleGAN2Config(32, 9, 8, 0, 2, 256, 16)) is None
    small = made(stylegan2.Generator, others[2], 0)
    with pytest.raises(StudioError, match="width"):
        BlendedSpace(LatentSpace(made(stylegan2.Generator, STYLE2, 0)), LatentSpace(small))


def save(folder: Path, name: str, net: GeneratorNet) -> None:
    card = ModelCard(
        name=name, architecture=architecture_of(net), config=net.config.to_dict(), licence=f"terms of {name}"
    )
    save_model(folder / f"{name}.safetensors", net, card)


def test_a_blend_is_kept_as_a_model_that_names_its_parents(tmp_path: Path) -> None:
    wide = stylegan2.StyleGAN2Config(resolution=32, z_dim=12, w_dim=8, channel_base=256, channel_max=16)
    save(tmp_path, "One", made(stylegan2.Generator, STYLE2, 1))
    save(tmp_path, "Two", made(stylegan2.Generator, wide, 2))
    save(tmp_path, "Third", made(*NETS[3], 3))
    library = ModelLibrary([tmp_path])
    engine = TorchEngine(SourceStore(tmp_path / "sources"), library, device="cpu")
    one, two = library.find("One").ref, library.find("Two").ref
    found = partners(engine, one)
    assert {p.info.name: (p.reason is None, p.mappings_compatible) for p in found.models} == {
        "Two": (True, False),
        "Third": (False, False),
    }
    amounts = amounts_by_resolution(engine, one, [(0.5, 0, 64), (1.0, 4, 8)])
    assert amounts == tuple(1.0 if side <= 8 else 0.5 for side in found.resolutions)
    half = NetworkBlend(model=two, amounts=amounts, mapping=0.5)
    with pytest.raises(StudioError, match="size"):
        drain(engine.render(SampleRecipe(model=one, blend=half)))
    blend = NetworkBlend(model=two, amounts=amounts, mapping=1)
    recipe = SampleRecipe(model=one, latent=LatentSeed(seed=5), blend=blend)
    drawn = drain(engine.render(recipe)).image
    assert not np.array_equal(drawn, drain(engine.render(SampleRecipe(model=one, latent=LatentSeed(seed=5)))).image)
    kept, same = drain(blended_model(engine, recipe, "Child"))
    assert (kept.name, same.model, same.blend) == ("Child", kept.ref, None)
    card = read_card(kept.path)
    assert [parent["hash"] for parent in card.training["parents"]] == [one.hash, two.hash]
    assert card.training["amounts"] == list(amounts)
    assert card.licence == "One: terms of One; Two: terms of Two"
    assert card.covers == (5,)
    assert np.abs(drain(engine.render(same)).image.astype(int) - drawn).max() <= 1
    own = recipe.model_copy(update={"blend": NetworkBlend(model=two, amounts=amounts, mapping=1, own_styles=True)})
    drawn = drain(engine.render(own)).image
    kept, same = drain(blended_model(engine, own, "Own"))
    assert np.abs(drain(engine.render(same)).image.astype(int) - drawn).max() <= 1
    assert read_card(kept.path).covers == (), "the seed is another picture there"
