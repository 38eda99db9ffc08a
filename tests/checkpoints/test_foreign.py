"""Networks of other programs: the same pictures as theirs, and nothing in a file is ever run."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.base import StudioError
from studio.checkpoints import MODEL_SUFFIXES, ModelLibrary, torch_files
from studio.checkpoints.foreign import import_network
from studio.checkpoints.pickle_machine import Window
from studio.checkpoints.pickles import read_pickle
from studio.checkpoints.store import load_model
from studio.networks.stylegan2 import StyleGAN2Config
from tests.support.foreign_files import (
    discriminator_names,
    filled,
    nvidia_names,
    nvidia_network,
    rosinality_shapes,
    write_nvidia,
)
from tests.support.paths import DATA

REFERENCE = json.loads((DATA / "reference_stylegan2.json").read_text())
PLAIN = StyleGAN2Config(
    resolution=32, z_dim=32, w_dim=24, mapping_layers=2, channel_base=512, channel_max=32, conv_clamp=256
)
CONDITIONAL = StyleGAN2Config(
    resolution=64, z_dim=16, w_dim=16, labels=5, mapping_layers=8, channel_base=1024, channel_max=64, conv_clamp=2
)
ROSINALITY = StyleGAN2Config(resolution=32, z_dim=24, w_dim=24, mapping_layers=3, channel_base=512, channel_max=32)


def write_plain(path: Path, **changes: object) -> Path:
    write_nvidia(path, nvidia_network(PLAIN, filled(nvidia_names(PLAIN)), **changes))
    return path


def write_rosinality(path: Path) -> Path:
    average = torch.randn(24, generator=torch.Generator().manual_seed(9)) * 0.3
    weights = filled(rosinality_shapes(ROSINALITY))
    torch.save({"g": weights, "g_ema": weights, "latent_avg": average}, path)
    return path


@pytest.mark.parametrize(("tag", "config", "step"), [("plain", PLAIN, 8), ("cond", CONDITIONAL, 16)])
def test_nvidia_pictures_are_those_of_the_original(
    tmp_path: Path, tag: str, config: StyleGAN2Config, step: int
) -> None:
    path = tmp_path / "network.pkl"
    write_nvidia(path, nvidia_network(config, filled(nvidia_names(config))))
    net, card = import_network(path)
    assert net.config == config and card.name == "network"
    z = torch.from_numpy(np.random.RandomState(3).randn(2, config.z_dim)).float()
    label = torch.eye(5)[[1, 4]] if config.labels else None
    picture = net.synthesis(net.w_to_ws(net.mapping(z, label), 0.7, 5), noise_mode="const")[0, :, ::step, ::step]
    assert (picture - torch.tensor(REFERENCE[tag])).abs().max() < 1e-4


def test_a_refusal_names_every_kind_that_opens(tmp_path: Path) -> None:
    (tmp_path / "notes.pkl").write_text("dear diary")
    with pytest.raises(StudioError, match="text file") as caught:
        import_network(tmp_path / "notes.pkl")
    assert all(kind in caught.value.action for kind in (*MODEL_SUFFIXES, "StyleGAN2", "StyleGAN3", "DCGAN"))


def test_rosinality_pictures_are_those_of_the_original(tmp_path: Path) -> None:
    net, _ = import_network(write_rosinality(tmp_path / "ros.pt"))
    z = torch.from_numpy(np.random.RandomState(3).randn(2, 24)).float()
    picture = net.synthesis(net.w_to_ws(net.mapping(z), 0.7), noise_mode="const")[0, :, ::8, ::8]
    assert (picture - torch.tensor(REFERENCE["ros"])).abs().max() < 1e-4


class ExampleDCGAN(torch.nn.Module):
    """Layer for layer what DCGAN training scripts save, without a bias in the last layer."""

    def __init__(self, z_dim: int, width: int, steps: int) -> None:
        super().__init__()
        widths = [width * 2 ** (steps - 1 - i) for i in range(steps)]
        layers: list[torch.nn.Module] = [torch.nn.ConvTranspose2d(z_dim, widths[0], 4, 1, 0, bias=False)]
        for a, b in zip(widths, [*widths[1:], 3], strict=True):
            layers += [
                torch.nn.BatchNorm2d(a),
                torch.nn.ReLU(True),
                torch.nn.ConvTranspose2d(a, b, 4, 2, 1, bias=False),
            ]
        self.main = torch.nn.Sequential(*layers, torch.nn.Tanh())

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return self.main(z[:, :, None, None])


@pytest.mark.parametrize("wrap", [lambda s: s, lambda s: {"netG": s, "epoch": 3}, lambda s: {"state_dict": s}])
@pytest.mark.parametrize("prefix", ["", "module."])
def test_dcgan_states_open(tmp_path: Path, wrap: Callable[[object], object], prefix: str) -> None:
    torch.manual_seed(4)
    net = ExampleDCGAN(20, 6, 4)
    net(torch.randn(8, 20))  # so that the running statistics are not those of a new network
    state = {prefix + name: value for name, value in net.state_dict().items()}
    torch.save(wrap(state), tmp_path / "dcgan.pth")
    ours, card = import_network(tmp_path / "dcgan.pth")
    assert card.architecture == "dcgan" and card.config["resolution"] == 64 and card.config["z_dim"] == 20
    z = torch.randn(2, 20)
    torch.testing.assert_close(ours(z), net.eval()(z), atol=1e-6, rtol=0)


def test_a_dcgan_of_another_shape_is_refused(tmp_path: Path) -> None:
    state = ExampleDCGAN(20, 6, 4).state_dict()
    state["main.3.weight"] = torch.zeros(48, 24, 5, 5)
    torch.save(state, tmp_path / "odd.pth")
    with pytest.raises(StudioError, match="not the 4x4"):
        import_network(tmp_path / "odd.pth")
    state = ExampleDCGAN(20, 6, 4).state_dict()
    state["main.1.weight"] = torch.zeros(5)
    torch.save(state, tmp_path / "odd.pth")
    with pytest.raises(StudioError, match="cannot be used"):
        import_network(tmp_path / "odd.pth")


def test_the_library_takes_a_network_once(tmp_path: Path) -> None:
    library = ModelLibrary([tmp_path / "own", tmp_path / "mine"])
    (tmp_path / "mine").mkdir()
    info = library.add(write_plain(tmp_path / "birds.pkl"))
    assert (info.name, info.resolution, info.path.name) == ("birds", 32, "birds.safetensors")
    assert library.add(tmp_path / "birds.pkl") == info and library.models() == [info]
    z = torch.randn(1, 32)
    before = import_network(tmp_path / "birds.pkl")[0](z, noise_mode="const")
    assert torch.allclose(load_model(info.path)(z, noise_mode="const"), before, atol=1e-5)


def test_half_precision_weights_open(tmp_path: Path) -> None:
    write_nvidia(tmp_path / "half.pkl", nvidia_network(PLAIN, filled(nvidia_names(PLAIN)), half=True))
    net, _ = import_network(tmp_path / "half.pkl")
    assert all(value.dtype == torch.float32 for value in net.parameters())


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"architecture": "swin"}, "swin"), ({"activation": "relu"}, "relu"), ({"conv_clamp": 2.5}, "odd value")],
)
def test_networks_we_cannot_draw_are_refused(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(StudioError, match=said):
        import_network(write_plain(tmp_path / "odd.pkl", **changes))


# ---- hostile files


class Call:
    """Pickles as a call of any function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.function, self.arguments


def touch(path: Path) -> Call:
    return Call(os.system, f"touch {path}")


def zipped(member: bytes, compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        archive.writestr("archive/data.pkl", member)
        archive.writestr("archive/version", "3\n")
    return buffer.getvalue()


def hostile_files(mark: Path) -> dict[str, bytes]:
    call = pickle.dumps(touch(mark))
    return {
        "a call": call,
        "a call inside": pickle.dumps({"G_ema": [touch(mark)]}),
        "a call, protocol 0": pickle.dumps(touch(mark), protocol=0),
        "eval": pickle.dumps(Call(eval, f"open({str(mark)!r}, 'w')")),
        "getattr": pickle.dumps(Call(getattr, mark, "touch")),
        "opens a file": pickle.dumps(Call(open, str(mark), "w")),
        "import machinery": b"cimportlib\nimport_module\n(S'antigravity'\ntR.",
        "a nested payload": pickle.dumps(Call(torch.storage._load_from_bytes, call)),
        "a nested archive": pickle.dumps(Call(torch.storage._load_from_bytes, zipped(call))),
        "an archive": zipped(call),
        "a compressed archive": zipped(pickle.dumps(bytes(50_000_000)), zipfile.ZIP_DEFLATED),
        "an old instance": b"(ios\nsystem\nS'touch x'\no.",
        "an instance": b"(S'touch x'\nios\nsystem\n.",
        "an extension": b"\x82\x01.",
        "outside data": b"Pabc\n.",
        "a memory cell of 16 GB": b"\x80\x02]r\xff\xff\xff\x7f.",
        "a text of 4 GB": b"\x80\x02X\xff\xff\xff\xff.",
        "bytes of 2^60": b"\x80\x04\x8e" + struct.pack("<Q", 2**60) + b".",
        "a frame of 2^60": b"\x80\x04\x95" + struct.pack("<Q", 2**60) + b"N.",
        "a number of 2 GB": b"\x80\x02\x8b\xff\xff\xff\x7f.",
        "deep lists": b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b".",
        "nothing": b"",
        "no end": call[:-1],
        "text": b"these are not the networks you are looking for",
        "an empty dictionary": pickle.dumps({}),
        "a number": pickle.dumps(5),
        "attributes by BUILD": b"cdnnlib.util\nEasyDict\n)\x81}(S'__class__'\ncos\nsystem\nub.",
        "array of objects": b"cnumpy\ndtype\n(S'O8'\nI00\nI01\ntR.",
    }


CASES = sorted(hostile_files(Path("x")))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("suffix", [".pkl", ".pt"])
def test_hostile_files_are_refused_and_nothing_is_run(tmp_path: Path, case: str, suffix: str) -> None:
    mark = tmp_path / "was-run"
    path = tmp_path / f"hostile{suffix}"
    path.write_bytes(hostile_files(mark)[case])
    tracemalloc.start()
    try:
        with pytest.raises(StudioError) as caught:
            import_network(path)
        assert tracemalloc.get_traced_memory()[1] < 300 * 2**20
    finally:
        tracemalloc.stop()
    assert caught.value.message and caught.value.action
    assert sorted(tmp_path.iterdir()) == [path]


def test_what_is_refused_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.pkl"
    path.write_bytes(pickle.dumps(Call(os.system, "true")))
    with pytest.raises(StudioError, match=r"posix\.system|nt\.system"):
        read_pickle(path)


def test_a_tensor_larger_than_its_data_is_refused(tmp_path: Path) -> None:
    from torch._utils import _rebuild_tensor_v2

    storage = torch.arange(4.0).storage()
    for size, stride in (((10**6,), (0,)), ((4,), (2,)), ((2**33,), (1,)), ((2, -1), (1, 1))):
        path = tmp_path / "tensor.pkl"
        path.write_bytes(pickle.dumps(Call(_rebuild_tensor_v2, storage, 0, size, stride, False, None)))
        with pytest.raises(StudioError, match="tensor"):
            read_pickle(path)


def test_the_source_in_a_file_is_not_run(tmp_path: Path) -> None:
    mark = Path("/tmp/latent-studio-was-run")
    mark.unlink(missing_ok=True)
    import_network(write_plain(tmp_path / "network.pkl"))
    assert not mark.exists()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("good")
    return {
        "n.pkl": write_plain(folder / "n.pkl").read_bytes(),
        "r.pt": write_rosinality(folder / "r.pt").read_bytes(),
    }


@pytest.mark.parametrize("name", ["n.pkl", "r.pt"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_are_read_or_refused(
    tmp_path: Path, good: dict[str, bytes], name: str, data: st.DataObject
) -> None:
    """Cut anywhere or with bytes changed anywhere: a network or a message, never anything else."""
    content = bytearray(good[name])
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    else:
        # Most of a file is numbers, whose change is harmless: aim at the beginning and the end too.
        places = st.one_of(st.integers(0, 600), st.integers(1, 600).map(lambda n: -n), st.integers(0, len(content) - 1))
        for place in data.draw(st.lists(places, min_size=1, max_size=8)):
            content[place] = data.draw(st.integers(0, 255))
    path = tmp_path / name
    path.write_bytes(content)
    try:
        import_network(path)
    except StudioError as problem:
        assert problem.message and problem.action


def test_the_card_keeps_what_the_file_says_about_its_training(tmp_path: Path) -> None:
    card = import_network(write_plain(tmp_path / "network.pkl"))[1]
    assert card.data == "cats.zip"
    assert card.training == {"program": "stylegan2-ada-pytorch", "resolution": 8, "xflip": False, "max_size": 500}


@pytest.mark.parametrize("layout", ["nvidia", "archive", "old"])
def test_the_other_networks_of_a_file_are_not_read(
    tmp_path: Path, layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file holds the generator twice and a discriminator; reading them all would be three times as much."""
    config = replace(PLAIN, resolution=64, channel_base=64 * 128, channel_max=128, w_dim=128, z_dim=128)
    path = tmp_path / f"large.{'pkl' if layout == 'nvidia' else 'pt'}"
    if layout == "nvidia":
        first, second = (nvidia_network(config, filled(nvidia_names(config))) for _ in range(2))
        judge = nvidia_network(config, filled(discriminator_names(config, "resnet")), architecture="resnet")
        write_nvidia(path, first, judge, average=second)
    else:
        shapes = rosinality_shapes(config)
        content = {name: filled(shapes) for name in ("g", "g_ema", "d")} | {"latent_avg": torch.zeros(128)}
        torch.save(content, path, _use_new_zipfile_serialization=layout == "archive")
    read = 0
    fill, fill_member = Window.fill, torch_files._fill

    def counted(window: Window, room: Any) -> None:
        nonlocal read
        read += len(window)
        fill(window, room)

    def member_counted(archive: zipfile.ZipFile, member: zipfile.ZipInfo, data: np.ndarray) -> None:
        nonlocal read
        read += len(data)
        fill_member(archive, member, data)

    monkeypatch.setattr(Window, "fill", counted)
    monkeypatch.setattr(torch_files, "_fill", member_counted)
    generator = import_network(path)[0]
    needed = sum(value.nbytes for value in generator.state_dict().values())
    # Filters and noise are small, and read for every layer.
    assert 0.9 * needed < read < 1.4 * needed
    assert path.stat().st_size > 2 * read
