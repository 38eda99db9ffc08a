"""Model files and the library."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from studio.base import StudioError
from studio.base.paths import resources_dir
from studio.checkpoints import store
from studio.checkpoints.info import CARD_KEY, ModelCard, read_card
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import load_model, save_model
from studio.networks import dcgan, stylegan2
from studio.recipes import FileRef

CONFIG = stylegan2.StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=16)
CARD = ModelCard(name="Tiny", architecture="stylegan2", config=CONFIG.to_dict(), licence="Apache-2.0")


def write_tiny(path: Path, card: ModelCard = CARD) -> stylegan2.Generator:
    torch.manual_seed(0)
    net = stylegan2.Generator(CONFIG)
    save_model(path, net, card)
    return net


def test_round_trip_gives_the_same_pictures(tmp_path: Path) -> None:
    net = write_tiny(tmp_path / "tiny.safetensors").eval()
    again = load_model(tmp_path / "tiny.safetensors")
    z = torch.randn(2, 8)
    assert torch.allclose(again(z, noise_mode="const"), net(z, noise_mode="const"), atol=1e-5)
    assert read_card(tmp_path / "tiny.safetensors") == CARD


def test_half_precision_file_is_half_as_big_and_close(tmp_path: Path) -> None:
    net = write_tiny(tmp_path / "full.safetensors").eval()
    save_model(tmp_path / "half.safetensors", net, CARD, half=True)
    assert (tmp_path / "half.safetensors").stat().st_size < 0.65 * (tmp_path / "full.safetensors").stat().st_size
    z = torch.randn(2, 8)
    half = load_model(tmp_path / "half.safetensors")(z, noise_mode="const")
    assert (half - net(z, noise_mode="const")).abs().max() < 0.05


def test_dcgan_round_trip(tmp_path: Path) -> None:
    config = dcgan.DCGANConfig(resolution=32, width=8)
    net = dcgan.Generator(config).eval()
    save_model(tmp_path / "d.safetensors", net, ModelCard(name="d", architecture="dcgan", config=config.to_dict()))
    z = torch.randn(2, 100)
    assert torch.allclose(load_model(tmp_path / "d.safetensors")(z), net(z), atol=1e-5)


def test_library_lists_finds_and_notices_changes(tmp_path: Path) -> None:
    own, mine = tmp_path / "own", tmp_path / "mine"
    own.mkdir()
    mine.mkdir()
    library = ModelLibrary([own, mine])
    assert library.models() == []
    write_tiny(own / "tiny.safetensors")
    write_tiny(mine / "other.safetensors", CARD.model_copy(update={"name": "A model of mine"}))
    (mine / "notes.safetensors").write_text("not a model")
    first, second = library.models()
    assert (first.name, first.starter, second.name, second.starter) == ("Tiny", True, "A model of mine", False)
    assert first.num_ws == CONFIG.num_ws and first.resolution == 16 and first.w_dim == 8
    assert library.find(first.ref) == first
    assert library.find("Tiny") == first and library.find("other.safetensors") == second
    (mine / "other.safetensors").unlink()
    with pytest.raises(StudioError, match="A model of mine"):
        library.find(second.ref)


def test_a_used_starter_model_stays_after_an_update(tmp_path: Path) -> None:
    own, mine, kept = tmp_path / "own", tmp_path / "mine", tmp_path / "mine" / "starter"
    own.mkdir()
    mine.mkdir()
    write_tiny(own / "tiny.safetensors")
    write_tiny(mine / "mine.safetensors", CARD.model_copy(update={"name": "A model of mine"}))
    library = ModelLibrary([own, mine], kept)
    before = library.models()
    used = before[0].ref
    for info in before:
        library.keep(info)
    assert library.models() == before and len(list(kept.iterdir())) == 1
    # The next version of the program brings another network of that name.
    write_tiny(own / "tiny.safetensors", CARD.model_copy(update={"description": "Better"}))
    newer, *others = library.models()
    assert newer.starter and library.find("Tiny") == newer and newer.hash != used.hash
    assert [info.name for info in others] == ["A model of mine", "Tiny"]
    assert library.find(used).hash == used.hash and not library.find(used).starter
    # A folder that cannot be written costs nobody a picture.
    ModelLibrary([own, mine], own / "tiny.safetensors" / "in a file").keep(newer)


def test_missing_model_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(StudioError) as caught:
        ModelLibrary([tmp_path]).find(FileRef(hash="0" * 64, name="Lost"))
    assert "Lost" in caught.value.message and str(tmp_path) in caught.value.action


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    wrong = CARD.model_copy(update={"config": {**CARD.config, "w_dim": 12}})
    write_tiny(tmp_path / "wrong.safetensors", wrong)
    with pytest.raises(StudioError, match=r"wrong\.safetensors"):
        load_model(tmp_path / "wrong.safetensors")


@pytest.mark.parametrize(
    "config", [{"resolution": 2**40}, {"resolution": -4}, {"resolution": 24}, {"resolution": 64, "unknown": 3}]
)
def test_absurd_shapes_are_refused_before_any_memory_is_taken(tmp_path: Path, config: dict[str, int]) -> None:
    card = CARD.model_copy(update={"config": config})
    save_file({"x": torch.zeros(1)}, tmp_path / "absurd.safetensors", metadata={CARD_KEY: card.model_dump_json()})
    with pytest.raises(StudioError):
        load_model(tmp_path / "absurd.safetensors")


def test_newer_and_unknown_cards_are_refused(tmp_path: Path) -> None:
    for update, word in (({"version": 99}, "newer"), ({"architecture": "oracle"}, "oracle")):
        card = CARD.model_copy(update=update)
        save_file({"x": torch.zeros(1)}, tmp_path / "m.safetensors", metadata={CARD_KEY: card.model_dump_json()})
        with pytest.raises(StudioError, match=word):
            read_card(tmp_path / "m.safetensors")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(
        st.binary(max_size=200),
        st.builds(lambda n, b: n.to_bytes(8, "little") + b, st.integers(0, 2**64 - 1), st.binary(max_size=64)),
    )
)
@example(data=b"\x08")
def test_any_bytes_are_refused_with_a_message(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.safetensors"
    path.write_bytes(data)
    with pytest.raises(StudioError):
        load_model(path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 0.999))
def test_truncated_files_are_refused(tmp_path: Path, cut: float) -> None:
    path = tmp_path / "cut.safetensors"
    write_tiny(path)
    os.truncate(path, int(path.stat().st_size * cut))
    with pytest.raises(StudioError):
        load_model(path)


def test_every_starter_model_opens_and_says_what_it_is() -> None:
    models = ModelLibrary().models()
    starters = [info for info in models if info.starter]
    assert starters, "no starter model travels with the program"
    for info in starters:
        card = read_card(info.path)
        assert card.licence and card.data and card.description and card.training["images_shown"] > 10_000
        pictures = load_model(info.path)(torch.randn(4, info.z_dim, generator=torch.Generator().manual_seed(1)))
        assert pictures.shape == (4, 3, info.resolution, info.resolution)
        # A random-weight generator draws grey noise around 0; a trained one uses the whole range.
        assert pictures.min() < -0.5 and pictures.max() > 0.8
        assert (info.path.with_suffix(".md")).is_file(), "the model card for people is missing"


def test_no_other_files_lie_among_the_starter_models() -> None:
    allowed = {".safetensors", ".md", ".png", ".jpg"}
    assert {path.suffix for path in (resources_dir() / "models").rglob("*") if path.is_file()} <= allowed
    for path in (resources_dir() / "models").glob("*.safetensors"):
        header = path.read_bytes()[8 : 8 + int.from_bytes(path.read_bytes()[:8], "little")]
        assert CARD_KEY in json.loads(header)["__metadata__"]


def test_adding_a_model_copies_it_once_and_refuses_others(tmp_path: Path) -> None:
    own, mine = tmp_path / "own", tmp_path / "mine"
    own.mkdir()
    library = ModelLibrary([own, mine])
    write_tiny(tmp_path / "tiny.safetensors")
    added = library.add(tmp_path / "tiny.safetensors")
    assert added.path == mine / "tiny.safetensors" and library.models() == [added]
    assert library.add(tmp_path / "tiny.safetensors") == added and len(list(mine.iterdir())) == 1
    write_tiny(tmp_path / "tiny.safetensors", CARD.model_copy(update={"name": "Another"}))
    assert library.add(tmp_path / "tiny.safetensors").path.name.startswith("tiny-")
    assert [info.name for info in library.models()] == ["Another", "Tiny"]
    (tmp_path / "text.safetensors").write_text("no model")
    with pytest.raises(StudioError, match=r"text\.safetensors"):
        library.add(tmp_path / "text.safetensors")


@pytest.mark.parametrize("half", [False, True])
def test_an_opened_network_is_what_was_read_and_no_copy_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, half: bool
) -> None:
    """A network of a gigabyte takes no second one: nothing is made beside its file's tensors, one at a time."""
    save_model(tmp_path / "net.safetensors", stylegan2.Generator(CONFIG), CARD, half=half)
    read: dict[str, torch.Tensor] = {}
    reading = store._read_tensors

    def noted(path: Path) -> Iterator[tuple[str, torch.Tensor]]:
        for name, tensor in reading(path):
            read[name] = tensor
            yield name, tensor

    monkeypatch.setattr(store, "_read_tensors", noted)
    opened = load_model(tmp_path / "net.safetensors").state_dict()
    assert opened.keys() == read.keys() and all(opened[name].data_ptr() == read[name].data_ptr() for name in read)
    assert {tensor.untyped_storage().nbytes() - tensor.nbytes for tensor in read.values()} == {0}
