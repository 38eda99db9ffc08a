"""Pickles of NVIDIA's TensorFlow programs: the same pictures as with their own converter, or a clear message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.base import StudioError
from studio.checkpoints import ModelLibrary
from studio.checkpoints.foreign import import_network
from studio.networks.stylegan2 import StyleGAN2Config
from tests.support.paths import DATA
from tests.support.tensorflow_files import (
    CONDITIONAL,
    PLAIN,
    reference_pickles,
    settings,
    tensorflow_pickle,
    variables,
    write,
)

REFERENCE = json.loads((DATA / "reference_tensorflow.json").read_text())
SMALL = StyleGAN2Config(resolution=8, z_dim=8, w_dim=8, mapping_layers=1, channel_base=64, channel_max=8)


def picture(path: Path, config: StyleGAN2Config) -> torch.Tensor:
    net, _ = import_network(path)
    z = torch.from_numpy(np.random.RandomState(3).randn(2, config.z_dim)).float()
    label = torch.eye(5)[[1, 4]] if config.labels else None
    step = config.resolution // 4
    return net.synthesis(net.w_to_ws(net.mapping(z, label), 0.7, 5), noise_mode="const")[0, :, ::step, ::step]


@pytest.mark.parametrize(("tag", "config"), [("plain", PLAIN), ("conditional", CONDITIONAL)])
def test_pictures_are_those_of_nvidias_converter(tmp_path: Path, tag: str, config: StyleGAN2Config) -> None:
    path = write(tmp_path / "cats.pkl", reference_pickles()[tag][1])
    net, card = import_network(path)
    assert net.config == config
    assert (card.name, card.architecture, card.training) == ("cats", "stylegan2", {"program": "stylegan2 (TensorFlow)"})
    assert (picture(path, config) - torch.tensor(REFERENCE[tag])).abs().max() < 1e-4


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_every_protocol_opens(tmp_path: Path, protocol: int) -> None:
    data = tensorflow_pickle(settings(PLAIN), variables(PLAIN), protocol=protocol, alone=protocol == 3)
    found = picture(write(tmp_path / "cats.pkl", data), PLAIN)
    assert (found - torch.tensor(REFERENCE["plain"])).abs().max() < 1e-4


def test_the_names_of_old_and_new_numpy_open(tmp_path: Path) -> None:
    data = tensorflow_pickle(settings(PLAIN), variables(PLAIN), protocol=2)
    assert b"numpy._core" in data or b"numpy.core" in data
    for one, other in ((b"numpy._core.", b"numpy.core."), (b"numpy.core.", b"numpy._core.")):
        net, _ = import_network(write(tmp_path / "cats.pkl", data.replace(one, other)))
        assert net.config == PLAIN


def test_the_library_takes_one(tmp_path: Path) -> None:
    library = ModelLibrary([tmp_path / "own", tmp_path / "mine"])
    info = library.add(write(tmp_path / "cats.pkl", reference_pickles()["conditional"][1]))
    assert (info.name, info.resolution, info.labels, info.path.name) == ("cats", 64, 5, "cats.safetensors")


def test_networks_without_noise_draw_none(tmp_path: Path) -> None:
    values = {name: value for name, value in variables(SMALL).items() if "noise_strength" not in name}
    path = write(tmp_path / "still.pkl", tensorflow_pickle(settings(SMALL, use_noise=False), values))
    net, _ = import_network(path)
    z = torch.randn(1, 8)
    assert torch.equal(net(z, noise_mode="const"), net(z, noise_mode="none"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"architecture": "resnet"}, "architecture “resnet”"),
        ({"architecture": "orig"}, "architecture “orig”"),
        ({"fmap_decay": 1.0}, "setting “fmap_decay” is not known"),
        ({"fused_modconv": False}, "“fused_modconv”"),
        ({"nonlinearity": "relu"}, "nonlinearity “relu”"),
        ({"mapping_nonlinearity": "relu"}, "mapping_nonlinearity “relu”"),
        ({"resample_kernel": [1, 2, 1]}, r"\[1, 3, 3, 1\]"),
        ({"resample_kernel": "1331"}, "numbers"),
        ({"mapping_lrmul": -1}, "mapping_lrmul"),
        ({"mapping_lrmul": "x"}, "mapping_lrmul"),
        ({"mapping_lrmul": float("nan")}, "mapping_lrmul"),
        ({"conv_clamp": 2.5}, "odd value"),
        ({"conv_clamp": float("inf")}, "odd value"),
        ({"conv_clamp": float("nan")}, "odd value"),
    ],
)
def test_settings_we_cannot_draw_are_refused_by_name(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    path = write(tmp_path / "odd.pkl", tensorflow_pickle(settings(SMALL, **changes), variables(SMALL)))
    with pytest.raises(StudioError, match=said):
        import_network(path)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"version": 3, "func": "G_style"}, "the first StyleGAN "),
        ({"version": 2, "module": "tfutil", "func": "G_paper"}, "progressive GAN"),
        ({"version": 1, "module": "network", "func": "G_paper"}, "progressive GAN"),
        ({"version": None}, "version of its TensorFlow network is missing"),
    ],
)
def test_older_tensorflow_networks_are_named(tmp_path: Path, made: dict[str, Any], said: str) -> None:
    path = write(tmp_path / "old.pkl", tensorflow_pickle(settings(SMALL), variables(SMALL), **made))
    with pytest.raises(StudioError, match=said) as caught:
        import_network(path)
    assert caught.value.action


def odd_variables() -> dict[str, tuple[dict[str, Any], str]]:
    """Variables that are no StyleGAN2's, and what is said of them."""
    good = variables(SMALL)
    weight, mod = "synthesis/8x8/Conv1/weight", "synthesis/8x8/Conv1/mod_weight"
    nan = good[weight].copy()
    nan[0, 0, 0, 0] = np.nan
    return {
        "configuration D": (good | {"synthesis/ToRGB_lod0/weight": good["synthesis/8x8/ToRGB/weight"]}, "A to D"),
        "joined labels": (good | {"mapping/LabelConcat/weight": np.zeros((3, 8), np.float32)}, "with classes"),
        "a skip layer": (good | {"synthesis/8x8/Skip/weight": good[weight]}, "Skip/weight is not one of"),
        "a missing layer": ({name: value for name, value in good.items() if name != weight}, "Conv1/weight is missing"),
        "no constant": ({"dlatent_avg": good["dlatent_avg"]}, "not a StyleGAN2 generator"),
        "a transposed layer": (good | {mod: np.zeros((3, 8), np.float32)}, "shape"),
        "too few dimensions": (good | {weight: good[weight][0]}, "odd shape"),
        "whole numbers": (good | {weight: good[weight].astype(np.int32)}, "odd shape or kind"),
        "no number": (good | {weight: nan}, "no numbers"),
        "texts": (good | {weight: "text"}, "something in the place of numbers"),
        "a gap": (
            {name.replace("8x8", "16x16"): value for name, value in good.items()},
            "resolutions are not those",
        ),
        "noise for two": (good | {"synthesis/noise1": np.zeros((1, 2, 8, 8), np.float32)}, "odd shape"),
    }


@pytest.mark.parametrize("case", sorted(odd_variables()))
def test_variables_that_are_no_stylegan2_are_refused(tmp_path: Path, case: str) -> None:
    values, said = odd_variables()[case]
    path = write(tmp_path / "odd.pkl", tensorflow_pickle(settings(SMALL), values))
    with pytest.raises(StudioError, match=said):
        import_network(path)
