"""Model files as people have them: prefixes, larger checkpoints, averages of many kinds, relatives, and no networks."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from studio.base import StudioError
from studio.checkpoints.checks import channel_base_of
from studio.checkpoints.foreign import import_network
from studio.checkpoints.info import ModelCard
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.sniff import is_pickle
from studio.checkpoints.store import build_generator, load_model
from studio.networks import dcgan
from studio.networks.stylegan2 import StyleGAN2Config
from studio.networks.stylegan3 import StyleGAN3Config
from tests.support.foreign_files import (
    borrowed_names,
    filled,
    nvidia_names,
    nvidia_network,
    rosinality_shapes,
    stylegan3_names,
    stylegan3_network,
    write_nvidia,
)

CONFIG = StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, mapping_layers=2, channel_base=128, channel_max=16)
MEAN = torch.linspace(-1, 1, 8)
Content = Mapping[str, Any]


def saved(path: Path, content: object) -> Path:
    torch.save(content, path)
    return path


def rosinality(offset: float = 0.0) -> dict[str, Tensor]:
    return {name: value + offset for name, value in filled(rosinality_shapes(CONFIG)).items()}


def under(prefix: str, weights: Content) -> dict[str, Any]:
    return {prefix + name: value for name, value in weights.items()}


def const(path: Path) -> Tensor:
    """The constant at the bottom of the network in a file: tells which weights were taken."""
    network, _ = import_network(path)
    return network.synthesis.blocks["4"].const  # type: ignore[union-attr, return-value, index]


@pytest.mark.parametrize(
    "prefix", ["", "module.", "_orig_mod.", "G.", "generator.", "module._orig_mod.g_ema.", "netG_ema."]
)
@pytest.mark.parametrize(
    "wrap",
    [
        lambda weights: weights,
        lambda weights: {"g_ema": weights, "g": rosinality(9), "d": {"convs.0.0.weight": torch.ones(2, 3, 1, 1)}},
        lambda weights: {"state_dict": weights, "epoch": 3, "optimizer_states": [{"state": {}}]},
        lambda weights: {"models": {"ema": {"generator": weights}, "raw": {"generator": rosinality(9)}}},
        lambda weights: {
            "state_dict": {**weights, **under("discriminator.", {"convs.0.0.weight": torch.ones(2, 3, 1, 1)})}
        },
    ],
    ids=["alone", "rosinality", "lightning", "nested", "mixed"],
)
def test_generators_are_found_wherever_they_are(
    tmp_path: Path, prefix: str, wrap: Callable[[Content], Content]
) -> None:
    if prefix == "" and "discriminator" in str(wrap({}))[:200]:
        pytest.skip("a generator without a prefix of its own beside another network")
    weights = rosinality()
    path = saved(tmp_path / "net.pt", wrap(under(prefix, weights)))
    assert torch.equal(const(path), weights["input.input"][0])


@pytest.mark.parametrize("prefix", ["main.", "module.main.", "netG.main.", "generator.", "_orig_mod.main.", "G_ema."])
def test_dcgan_states_are_told_from_their_discriminators(tmp_path: Path, prefix: str) -> None:
    net = DCGAN
    state = {name.removeprefix("layers."): value for name, value in net.state_dict().items()}
    critic = {
        "0.weight": torch.ones(6, 1, 4, 4),
        "2.weight": torch.ones(12, 6, 4, 4),
        "4.weight": torch.ones(1, 12, 4, 4),
    }
    mixed = {**under("netD.main.", critic), **under(prefix, state)}
    for content in ({"netD": critic, "net": under(prefix, state)}, {"state_dict": mixed}):
        found, _ = import_network(saved(tmp_path / "net.pth", content))
        assert torch.equal(found.layers[0].weight, net.layers[0].weight)  # type: ignore[union-attr, index]
    with pytest.raises(StudioError, match="no StyleGAN or DCGAN generator"):
        import_network(saved(tmp_path / "critic.pth", under("main.", critic)))


AVERAGES: dict[str, Callable[[dict[str, Tensor]], Content]] = {
    "beside": lambda w: {"generator": rosinality(9), "generator_ema": w},
    "of parameters only": lambda w: {
        "g": rosinality(9),
        "ema": {name: value for name, value in w.items() if not name.startswith("noises.")},
    },
    "without dots": lambda w: {
        "state_dict": {
            **under("generator.", rosinality(9)),
            **{f"generator_ema.{name.replace('.', '')}": value for name, value in w.items()},
        }
    },
    "a list": lambda w: {
        "g": rosinality(9),
        "ema": {"decay": 0.99, "shadow_params": [v for n, v in w.items() if not n.startswith("noises.")]},
    },
    "in a shadow": lambda w: {"net": {"module": rosinality(9)}, "ema": {"decay": 0.9, "shadow": under("module.", w)}},
    "smooth": lambda w: {"models": {"generator": rosinality(9), "generator_smooth": w}},
    "fused": lambda w: {"g": rosinality(9), "gema": w},
    "beside the raw one": lambda w: {
        "model": rosinality(9),
        "ema": {**under("online_model.", rosinality(9)), **under("ema_model.", w), "initted": torch.tensor(True)},
    },
    "running": lambda w: {"generator": rosinality(9), "g_running": w},
    "beside that of the discriminator": lambda w: {
        "g": rosinality(9),
        "ema_d": {"shadow_params": [torch.ones(3)]},
        "ema_g": {"shadow_params": [v for n, v in w.items() if not n.startswith("noises.")]},
    },
    "double": lambda w: {"g": rosinality(9), "g_ema": {name: value.double() for name, value in w.items()}},
}


@pytest.mark.parametrize("kind", AVERAGES)
def test_averaged_weights_are_taken_whatever_their_form(tmp_path: Path, kind: str) -> None:
    weights = rosinality()
    path = saved(tmp_path / "net.pt", AVERAGES[kind](weights))
    assert torch.equal(const(path), weights["input.input"][0])


@pytest.mark.parametrize(
    "average",
    [
        {"shadow_params": [torch.ones(3), torch.ones(2)]},
        {"other.weight": torch.ones(3, 3)},
    ],
    ids=["list", "names"],
)
def test_averages_that_are_not_understood_are_never_dropped(tmp_path: Path, average: object) -> None:
    path = saved(tmp_path / "net.pt", {"g": rosinality(), "g_ema": average})
    with pytest.raises(StudioError, match=r"average of its weights .*is of a form that is not understood"):
        import_network(path)


def test_numbers_about_the_average_are_no_average(tmp_path: Path) -> None:
    content = {"g": rosinality(), "ema_decay": 0.999, "ema": {"decay": 0.99, "num_updates": torch.tensor(7)}}
    assert torch.equal(const(saved(tmp_path / "net.pt", content)), rosinality()["input.input"][0])


@pytest.mark.parametrize(
    "mean",
    [
        MEAN, MEAN[None], MEAN[None, None], MEAN.expand(6, 8).clone(), MEAN.double(), MEAN.half(), nn.Parameter(MEAN),
        MEAN.tolist(), MEAN.numpy(), MEAN.double().numpy()[None], [MEAN, MEAN],
    ],
    ids=["flat", "row", "deeper", "rows", "double", "half", "parameter", "list", "numpy", "numpy row", "tensors"],
)  # fmt: skip
@pytest.mark.parametrize(
    "place",
    [
        lambda w, mean: {"g_ema": w, "latent_avg": mean},
        lambda w, mean: {"state_dict": under("decoder.", w), "latent_avg": mean},
        lambda w, mean: {"state_dict": {**under("g.", w), "g.mean_latent": mean}},
        lambda w, mean: {"model": {"g_ema": {**w, "latent_avg": mean}}},
    ],
    ids=["beside", "outside", "prefixed", "inside"],
)
def test_the_mean_of_w_is_read_in_every_form(tmp_path: Path, mean: object, place: Callable[..., Content]) -> None:
    network, _ = import_network(saved(tmp_path / "net.pt", place(rosinality(), mean)))
    assert torch.allclose(network.mapping.w_avg, MEAN, atol=1e-3)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("mean", "said"),
    [
        (torch.randn(6, 8), "other numbers in each row"),
        (torch.zeros(7), "shape \\(7,\\)"),
        (torch.zeros(8, dtype=torch.int64), "not understood"),
        ({"a": 1}, "not understood"),
        ("none", "not understood"),
    ],
)
def test_a_mean_of_w_that_cannot_be_used_is_named(tmp_path: Path, mean: object, said: str) -> None:
    with pytest.raises(StudioError, match=f"mean of w.*{said}"):
        import_network(saved(tmp_path / "net.pt", {"g_ema": rosinality(), "latent_avg": mean}))


DCGAN = dcgan.Generator(dcgan.DCGANConfig(resolution=16, z_dim=8, width=6, img_channels=1))


def write_safetensors(path: Path, weights: Mapping[str, Tensor]) -> None:
    save_file({name: value.contiguous() for name, value in weights.items()}, path)


def noted(value: Tensor, kind: type[Tensor]) -> Tensor:
    made = kind(value) if kind is nn.Parameter else value.clone()
    made.no_decay = True  # type: ignore[attr-defined]
    return made


WRITERS: dict[str, Callable[[Path, dict[str, Tensor]], object]] = {
    "net.ckpt": lambda path, w: torch.save({"state_dict": under("G.", w), "callbacks": {}}, path),
    "net.pth.tar": lambda path, w: torch.save({"g_ema": w}, path),
    "NET.BIN": lambda path, w: torch.save(w, path, _use_new_zipfile_serialization=False),
    "net.model": lambda path, w: torch.save([{"g_ema": w}, 3], path),
    "noted.pt": lambda path, w: torch.save({n: noted(v, nn.Parameter) for n, v in w.items()}, path),
    "noted tensors.pt": lambda path, w: torch.save({n: noted(v, Tensor) for n, v in w.items()}, path),
    "net.safetensors": write_safetensors,
    "net.pt": write_safetensors,
    "arrays.pkl": lambda path, w: path.write_bytes(pickle.dumps({"g_ema": {n: v.numpy() for n, v in w.items()}})),
    "turned.pkl": lambda path, w: path.write_bytes(pickle.dumps({n: np.asfortranarray(v) for n, v in w.items()}, 2)),
}


@pytest.mark.parametrize("name", WRITERS)
def test_what_a_file_holds_decides_not_its_name(tmp_path: Path, name: str) -> None:
    weights = rosinality()
    WRITERS[name](tmp_path / name, weights)
    library = ModelLibrary([tmp_path / "library"])
    info = library.add(tmp_path / name)
    found = load_model(info.path).synthesis.blocks["4"].const  # type: ignore[union-attr, index]
    assert torch.equal(found, weights["input.input"][0])
    copy = tmp_path / "ours.pt"
    copy.write_bytes(info.path.read_bytes())
    assert library.add(copy).hash == info.hash
    with pytest.raises(StudioError, match="added to the library first"):
        library.find(str(saved(tmp_path / "other.pt", {"g_ema": weights})))


def test_normalisations_of_other_versions_give_the_same_pictures(tmp_path: Path) -> None:
    state = {name.removeprefix("layers."): value.clone() for name, value in DCGAN.state_dict().items()}
    old = {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}
    for number in (0, 3):  # a bias before a normalisation only moves the mean
        old[f"{number}.bias"] = torch.randn(len(old[f"{number + 1}.weight"]))
        old[f"{number + 1}.running_mean"] = old[f"{number + 1}.running_mean"] + old[f"{number}.bias"]
    found, _ = import_network(saved(tmp_path / "net.pth", under("main.", old)))
    z = torch.randn(2, 8)
    assert torch.allclose(found(z), DCGAN.eval()(z), atol=1e-5)


def test_two_generators_of_one_rank_are_not_chosen_from(tmp_path: Path) -> None:
    for one, two in (("G_A", "G_B"), ("g", "other"), ("g", "old.state")):
        path = saved(tmp_path / "net.pt", {one: rosinality(), two: rosinality(1)})
        with pytest.raises(StudioError, match=rf"several generators .*“{one}”, “{two}”"):
            import_network(path)
    same = rosinality()
    assert const(saved(tmp_path / "same.pt", {"G_A": same, "G_B": same})).shape == (16, 4, 4)


def test_networks_of_nvidia_in_larger_files_and_as_weights_alone(tmp_path: Path) -> None:
    tensors = filled(nvidia_names(CONFIG))
    whole = nvidia_network(CONFIG, tensors)
    other = nvidia_network(CONFIG, {name: value + 9 for name, value in tensors.items()})
    with borrowed_names():
        (tmp_path / "deep.pkl").write_bytes(pickle.dumps({"snapshot": {"nets": {"G": other, "G_ema": whole}}}))
    assert torch.equal(const(tmp_path / "deep.pkl"), tensors["synthesis.b4.const"])
    write_nvidia(tmp_path / "plain.pkl", whole)
    wanted, _ = import_network(tmp_path / "plain.pkl")
    for number, content in enumerate(
        (dict(tensors), {"G_ema": dict(tensors)}, {"state_dict": under("G_ema.", tensors)}, under("module.", tensors))
    ):
        found, _ = import_network(saved(tmp_path / f"{number}.pt", content))
        for one, two in zip(found.state_dict().values(), wanted.state_dict().values(), strict=True):
            assert torch.equal(one, two)
    # Averages of parameters only: what is no parameter comes from the network beside them.
    own = {name: value for name, value in tensors.items() if not name.endswith(("noise_const", "w_avg"))}
    raw = {**tensors, **{name: value + 9 for name, value in own.items()}}
    for average in (own, {"shadow_params": list(own.values())}):
        found, _ = import_network(saved(tmp_path / "average.pt", {"G": raw, "G_ema": average}))
        assert all(torch.equal(value, wanted.state_dict()[name]) for name, value in found.state_dict().items())
    # StyleGAN3's settings show in no weight.
    config = StyleGAN3Config(resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=8, num_layers=6)
    flat = filled(stylegan3_names(config))
    with pytest.raises(StudioError, match="StyleGAN3 network without its settings"):
        import_network(saved(tmp_path / "three.pt", flat))


@pytest.mark.parametrize("base", [100, 3000, 1000, 333, 128, 2048])
def test_widths_that_are_no_multiple_of_the_sizes(tmp_path: Path, base: int) -> None:
    config = StyleGAN2Config(resolution=32, z_dim=8, w_dim=8, mapping_layers=1, channel_base=base, channel_max=40)
    write_nvidia(tmp_path / "net.pkl", nvidia_network(config, filled(nvidia_names(config))))
    torch.save({"g_ema": filled(rosinality_shapes(config))}, tmp_path / "net.pt")
    for name in ("net.pkl", "net.pt"):
        found, _ = import_network(tmp_path / name)
        assert [found.config.channels(r) for r in (4, 8, 16, 32)] == [config.channels(r) for r in (4, 8, 16, 32)]  # type: ignore[union-attr]
        assert found(torch.randn(1, 8)).shape == (1, 3, 32, 32)


def test_widths_of_no_base_are_refused() -> None:
    assert channel_base_of({4: 16, 8: 16, 16: 8}) // 16 == 8
    with pytest.raises(ValueError, match="widths"):
        channel_base_of({4: 16, 8: 4, 16: 8})


def swagan() -> dict[str, Tensor]:
    weights = rosinality()
    return {**weights, "to_rgb1.iwt.ll": torch.ones(2, 2), "to_rgbs.0.dwt.lh": torch.ones(2, 2)}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"g_ema": swagan()}, "SWAGAN"),
        ({"state_dict": {"model.diffusion_model.input_blocks.0.0.weight": torch.ones(2)}}, "diffusion model"),
        ({"g": {"progression.0.conv1.weight": torch.ones(2)}}, "first generation"),
        ({"GAN": {"G.blocks.0.to_style1.weight": torch.ones(2)}}, "lucidrains"),
        ({"params_ema": {"stylegan_decoder.x.weight": torch.ones(2)}}, "GFPGAN"),
        ({"d": {"final_linear.0.weight": torch.ones(2, 2)}}, "discriminator without its generator"),
        ({"state_dict": {"decoder.conv_in.weight": torch.ones(2), "quant_conv.weight": torch.ones(2)}}, "autoencoder"),
        ({"double_blocks.0.img_attn.qkv.weight": torch.ones(2)}, "diffusion model"),
        ({"lora_te_text_model.lora_down.weight": torch.ones(2)}, "LoRA"),
        ({"control_model.input_blocks.0.0.weight": torch.ones(2)}, "ControlNet"),
        ({"model.layers.0.self_attn.q_proj.weight": torch.ones(2)}, "model of language"),
        ({"netG": {"scaleLayers.0.0.module.weight": torch.ones(2)}}, "progressive GAN"),
        ({"model.10.conv_block.1.weight": torch.ones(2)}, "CycleGAN"),
        ({"state": {}, "param_groups": []}, "state of an optimizer"),
        ({"w": torch.ones(1, 18, 512)}, "a latent without its network"),
        (torch.ones(1, 18, 512), "one tensor of the shape"),
        ({}, "there is nothing in it"),
    ],
)
def test_relatives_are_named(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(StudioError, match=said) as refused:
        import_network(saved(tmp_path / "net.pt", content))
    assert refused.value.action


def test_stylegan_xl_is_named(tmp_path: Path) -> None:
    config = StyleGAN3Config(resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=8, num_layers=6)
    tensors = filled(stylegan3_names(config))
    named = stylegan3_network(config, tensors)
    named.class_name = "SuperresGenerator"  # type: ignore[attr-defined]
    large = {**tensors, "mapping.embed_proj.weight": torch.ones(8, 4), "mapping.embed.weight": torch.ones(10, 4)}
    for number, network in enumerate((stylegan3_network(config, large),)):
        write_nvidia(tmp_path / f"{number}.pkl", network)
        with pytest.raises(StudioError, match="StyleGAN-XL"):
            import_network(tmp_path / f"{number}.pkl")


@pytest.mark.parametrize("gone", ["conv1.conv.weight", "style.1.weight", "to_rgb1.bias", "convs.1.noise.weight"])
def test_a_missing_tensor_is_a_sentence(tmp_path: Path, gone: str) -> None:
    weights = rosinality()
    del weights[gone]
    with pytest.raises(StudioError, match=r"net.pt cannot be used: .*(missing|not)") as refused:
        import_network(saved(tmp_path / "net.pt", {"g_ema": weights}))
    assert refused.value.action and "'" not in str(refused.value.message)


@pytest.mark.parametrize(
    "text",
    [
        "import torch\n\nprint(1)\n",
        "#!/usr/bin/env python\nfrom torch import nn\n",
        '"""Doc."""\n\nclass Generator(nn.Module):\n    pass\n',
        "def main():\r\n    pass\r\n",
    ],
)
@pytest.mark.parametrize("name", ["net.pkl", "net.pt", "net.safetensors", "NET.PKL"])
def test_a_python_program_is_named_and_not_run(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / name).write_bytes(text.encode())
    with pytest.raises(StudioError, match="Python program") as refused:
        ModelLibrary([tmp_path / "library"]).add(tmp_path / name)
    assert "weights" in str(refused.value.action)


@pytest.mark.parametrize("name", ["net.onnx", "net.safetensors", "net.pt"])
def test_onnx_is_named(tmp_path: Path, name: str) -> None:
    import onnx
    from onnx import TensorProto, helper

    node = helper.make_node("Identity", ["x"], ["y"])
    values = [helper.make_tensor_value_info(each, TensorProto.FLOAT, [1]) for each in "xy"]
    model = helper.make_model(helper.make_graph([node], "graph", values[:1], values[1:]))
    onnx.save(model, str(tmp_path / name))
    with pytest.raises(StudioError, match="ONNX model"):
        ModelLibrary([tmp_path / "library"]).add(tmp_path / name)
    made = onnx.load_from_string(model.SerializeToString())
    made.producer_name = "pytorch"
    (tmp_path / name).write_bytes(made.SerializeToString())
    with pytest.raises(StudioError, match="ONNX model"):
        ModelLibrary([tmp_path / "library"]).add(tmp_path / name)


@pytest.mark.parametrize(
    "values",
    [
        {"num_critical": 20}, {"first_cutoff": 0.0}, {"first_cutoff": 500.0, "first_stopband": 600.0},
        {"first_stopband": 1e6}, {"last_stopband_rel": 1e6}, {"output_scale": 0.0}, {"channel_base": 1},
        {"filter_size": 0}, {"first_cutoff": float("nan")}, {"resolution": 16, "first_stopband": 100.0},
    ],
    ids=str,
)  # fmt: skip
def test_a_stylegan3_card_with_impossible_values_is_a_sentence(values: dict[str, Any]) -> None:
    card = ModelCard(name="odd", architecture="stylegan3", config=values)
    with (
        pytest.raises(StudioError, match="“odd” describes a network that cannot be built") as refused,
        torch.device("meta"),
    ):
        build_generator(card)
    assert refused.value.action and "torch" not in str(refused.value).lower()


def test_published_stylegan3_shapes_are_possible() -> None:
    for values in (
        {"resolution": 256},
        {"resolution": 1024},
        {"resolution": 512, "conv_kernel": 1, "radial_filters": True},
    ):
        assert StyleGAN3Config(**values).bands()  # type: ignore[arg-type]


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_header_as_long_as_a_pickle_begins_is_no_pickle(protocol: int) -> None:
    length = 0x80 + 256 * protocol
    assert not is_pickle(length.to_bytes(8, "little") + b'{"__metadata__":')
    assert is_pickle(pickle.dumps({"generator": {"weight": [1.0]}}, protocol))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("net.pkl", b"Not Found", "text file.*Not Found"),
        ("net.pt", b"Forbidden\n", "text file.*Forbidden"),
        ("net.safetensors", (900).to_bytes(8, "little") + b'{"__metadata__":{"', "ends too early"),
    ],
)
def test_what_a_failed_download_left_is_named(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudioError, match=said):
        ModelLibrary([tmp_path / "library"]).add(tmp_path / name)
