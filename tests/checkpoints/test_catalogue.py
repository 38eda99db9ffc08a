"""The catalogue of published networks: its facts, and the way of a network into the library."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from studio.base import StudioError, drain
from studio.base.files import sha256_of
from studio.base.paths import downloads_dir
from studio.checkpoints import ModelLibrary
from studio.checkpoints import catalogue as module
from studio.checkpoints import download as download_module
from studio.checkpoints.acquire import fetch, forget, owned, place, take_in, waiting
from studio.checkpoints.catalogue import Catalogue, Memory, Network, accept, accepted, load_catalogue
from studio.checkpoints.info import read_card
from studio.cli import app
from studio.networks.stylegan2 import StyleGAN2Config
from tests.support.foreign_files import filled, nvidia_names, nvidia_network, write_nvidia
from tests.support.local_server import LocalServer, serve
from tests.support.paths import ROOT
from tests.support.waiting import until

PLAIN = StyleGAN2Config(resolution=32, z_dim=32, w_dim=24, mapping_layers=2, channel_base=512, channel_max=32)
HOSTS = {"nvlabs-fi-cdn.nvidia.com", "api.ngc.nvidia.com", "storage.googleapis.com"}
runner = CliRunner()


# ---- the facts


def test_every_entry_is_sound() -> None:
    catalogue = load_catalogue()
    assert len(catalogue.networks) >= 30
    for network in catalogue.networks:
        assert urlsplit(network.url).hostname in HOSTS and network.file.endswith(".pkl")
        assert urlsplit(catalogue.licence(network).text).scheme == "https"
        assert network.resolution & (network.resolution - 1) == 0 and 32 <= network.resolution <= 1024
        assert network.size == 0 or 100e6 < network.size < 500e6
        assert not (network.bytes and network.bytes_about)
        # Where nobody publishes a checksum the entry says so and has none.
        assert (network.sha256 is None) == (network.checksum_from == "none published that we know of")
        assert catalogue.licence(network).commercial == (urlsplit(network.url).hostname == "storage.googleapis.com")
    wanted = {"stylegan2-ffhq-1024", "stylegan2-metfaces-1024", "stylegan2-afhqcat-512", "stylegan2-afhqdog-512"}
    wanted |= {"stylegan2-afhqwild-512", "stylegan2-cifar10-32", "stylegan2-brecahad-512", "stylegan2-lsun-church-256"}
    wanted |= {f"stylegan3-{kind}-{data}-1024" for kind in "tr" for data in ("ffhq", "ffhqu", "metfaces", "metfacesu")}
    wanted |= {"stylegan3-t-afhqv2-512", "stylegan3-r-afhqv2-512", "self-distilled-lions-512"}
    assert wanted <= {network.id for network in catalogue.networks}


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://example.org/network.pkl"},
        {"licence": "unknown"},
        {"sha256": "ABC"},
        {"bytes": 0},
        {"id": "two words"},
        {"colour": "blue"},
        {"checksum_from": ""},
    ],
)
def test_wrong_facts_are_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    content = json.loads((module.resources_dir() / "catalogue" / "networks.json").read_text(encoding="utf-8"))
    content["networks"][0] |= change
    path = tmp_path / "networks.json"
    path.write_text(json.dumps(content))
    with pytest.raises(StudioError, match="catalogue"):
        load_catalogue(path)


@pytest.mark.parametrize("key", ["id", "url"])
def test_nothing_stands_in_it_twice(tmp_path: Path, key: str) -> None:
    content = json.loads((module.resources_dir() / "catalogue" / "networks.json").read_text(encoding="utf-8"))
    content["networks"][1][key] = content["networks"][0][key]
    path = tmp_path / "networks.json"
    path.write_text(json.dumps(content))
    with pytest.raises(StudioError):
        load_catalogue(path)


def test_searching_and_finding() -> None:
    catalogue = load_catalogue()
    assert {n.id for n in catalogue.search("painted stylegan3-r")} == {
        "stylegan3-r-metfaces-1024",
        "stylegan3-r-metfacesu-1024",
    }
    assert {n.id for n in catalogue.search("狮子")} == {"self-distilled-lions-512"}
    assert len(catalogue.search("", commercial=True)) == 7
    assert all(n.topic == "faces" for n in catalogue.search("", topic="faces"))
    assert catalogue.find("ffhq.pkl").id == catalogue.find("Stylegan2-FFHQ-1024").id == "stylegan2-ffhq-1024"
    with pytest.raises(StudioError, match=r"similar: .*self-distilled-lions-512"):
        catalogue.find("lion")


# ---- into the library


@pytest.fixture
def published(tmp_path: Path) -> bytes:
    path = tmp_path / "published" / "network.pkl"
    path.parent.mkdir()
    write_nvidia(path, nvidia_network(PLAIN, filled(nvidia_names(PLAIN))))
    return path.read_bytes()


@pytest.fixture
def server(published: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download_module, "PAUSES", (0.01,))
    with serve(published) as running:
        yield running


def local(server: LocalServer, **changes: Any) -> Catalogue:
    """The real catalogue, its first entries moved to the local server (the data file itself takes https only)."""
    real = load_catalogue()
    networks = [
        network.model_copy(update={"url": f"{server.base}/{network.file}", "sha256": None, "bytes": None} | changes)
        for network in (real.find("stylegan2-afhqcat-512"), real.find("self-distilled-lions-512"))
    ]
    return real.model_copy(update={"networks": tuple(networks)})


@pytest.fixture
def catalogue(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    found = local(server)
    monkeypatch.setattr(module, "load_catalogue", lambda: found)
    return found


def test_a_network_comes_into_the_library_with_its_card(catalogue: Catalogue, published: bytes) -> None:
    network = catalogue.find("stylegan2-afhqcat-512")
    library = ModelLibrary()
    path = drain(fetch(network))
    assert path == place(network) and path.read_bytes() == published and waiting(network) == len(published)
    info = take_in(library, network, path, catalogue=catalogue)
    assert not path.exists() and waiting(network) == 0, "the original is removed"
    assert info.name == "Cats, StyleGAN2 512" and info.catalogue == network.id and info.resolution == 32
    assert "Augmentation" in info.licence and "Karras" in info.description and "AFHQ" in info.data
    card = read_card(info.path)
    assert card.training["source"] == network.url and card.training["program"] == "stylegan2-ada-pytorch"
    assert card.training["home"] == network.home and card.training["credit"] == network.credit
    assert owned(library.models()) == {network.id: info}
    # It stays known when the artist renames it, and it is the same file on every machine.
    renamed = library.edit(info, name="My cats")
    assert owned(library.models())[network.id].hash == renamed.hash
    other = ModelLibrary((downloads_dir() / "other",))
    assert take_in(other, network, drain(fetch(network)), catalogue=catalogue).hash == info.hash


def test_the_first_good_download_is_remembered(catalogue: Catalogue, server: LocalServer, published: bytes) -> None:
    network = catalogue.find("stylegan2-afhqcat-512")
    library = ModelLibrary()
    info = take_in(library, network, drain(fetch(network)), catalogue=catalogue)
    assert Memory.load().seen == {network.id: server.sha256}
    info.path.unlink()
    server.behaviour.content = published + b"\0"
    with pytest.raises(StudioError, match="checksum differs"):
        drain(fetch(network))
    assert waiting(network) == 0
    server.behaviour.content = published
    assert sha256_of(drain(fetch(network))) == Memory.load().seen[network.id]


def test_a_checksum_of_the_catalogue_counts(server: LocalServer) -> None:
    [network, _] = local(server, sha256="0" * 64).networks
    with pytest.raises(StudioError, match="checksum differs"):
        drain(fetch(network))
    [network, _] = local(server, sha256=server.sha256).networks
    assert drain(fetch(network)).is_file()


def test_what_the_safe_reader_refuses_does_not_stay(catalogue: Catalogue, server: LocalServer) -> None:
    server.behaviour.content = b"\x80\x04cposix\nsystem\n(X\x04\x00\x00\x00trueT R."
    network = catalogue.find("stylegan2-afhqcat-512")
    with pytest.raises(StudioError):
        take_in(ModelLibrary(), network, drain(fetch(network)), catalogue=catalogue)
    assert waiting(network) == 0 and Memory.load().seen == {}


def test_a_full_disk_while_converting_costs_no_second_download(
    catalogue: Catalogue, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    network = catalogue.find("stylegan2-afhqcat-512")
    path = drain(fetch(network))
    with monkeypatch.context() as patch:
        patch.setattr("studio.checkpoints.library.shutil.copyfile", full)
        with pytest.raises(StudioError, match="No space left"):
            take_in(ModelLibrary(), network, path, catalogue=catalogue)
    assert take_in(ModelLibrary(), network, drain(fetch(network)), catalogue=catalogue).catalogue == network.id
    assert len(server.behaviour.requests) == 1


def test_leftovers_can_be_forgotten(catalogue: Catalogue, server: LocalServer) -> None:
    network = catalogue.find("stylegan2-afhqcat-512")
    server.behaviour.cuts = [20_000, 0]
    with pytest.raises(StudioError, match=r"cut|nothing"):
        drain(fetch(network))
    assert waiting(network) == 20_000
    forget(network)
    assert waiting(network) == 0


def test_licences_are_accepted_once(catalogue: Catalogue, latent_studio_home: Path) -> None:
    restricted, free = catalogue.networks
    assert accepted(catalogue, free) and not accepted(catalogue, restricted)
    accept(restricted)
    assert accepted(catalogue, restricted)
    (latent_studio_home / module.MEMORY_FILE).write_text("{damaged")
    assert not accepted(catalogue, restricted), "a damaged file counts as empty"


# ---- the command line


def cli(*arguments: object, code: int = 0, **more: Any) -> Any:
    result = runner.invoke(app, [str(argument) for argument in arguments], **more)
    assert result.exit_code == code, (result.exit_code, result.stdout, result.stderr, result.exception)
    return result


def test_the_list(latent_studio_home: Path) -> None:
    told = json.loads(cli("models", "catalogue", "--json").stdout)["networks"]
    assert len(told) == len(load_catalogue().networks)
    lions = next(entry for entry in told if entry["id"] == "self-distilled-lions-512")
    assert lions["licence"] == "CC BY 4.0" and lions["commercial_use"] and lions["sha256"] is None
    text = cli("models", "catalogue", "painted", "stylegan3-t").stdout
    assert "stylegan3-t-metfaces-1024" in text and "non-commercial" in text and "ffhq" not in text
    assert "~295 MB" in text
    assert "afhqcat" not in cli("models", "catalogue", "--free").stdout
    assert "No network" in cli("models", "catalogue", "unicorns").stderr


def test_getting_one(catalogue: Catalogue, server: LocalServer, tmp_path: Path, published: bytes) -> None:
    assert "unicorn" in cli("models", "get", "unicorn", code=3).stderr
    refused = cli("models", "get", "stylegan2-afhqcat-512", code=2)
    assert "--accept-licence" in refused.stderr and "not for commercial use" in refused.stderr.lower()
    assert not server.behaviour.requests, "nothing is fetched before the licence is accepted"
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "afhqcat.pkl").write_bytes(b"the artist's")
    result = cli("models", "get", "stylegan2-afhqcat-512", "--accept-licence", "--keep", kept)
    assert Path(result.stdout.strip()).is_file() and "is in your library" in result.stderr
    assert (kept / "afhqcat.pkl").read_bytes() == b"the artist's"
    assert (kept / "afhqcat (2).pkl").read_bytes() == published and not list(downloads_dir().glob("*.pkl*[!k]"))
    told = json.loads(cli("models", "get", "afhqcat.pkl", "--json").stdout)
    assert told["model"] == "Cats, StyleGAN2 512" and len(server.behaviour.requests) == 1
    shown = json.loads(cli("models", "--json").stdout)["models"]
    assert "Cats, StyleGAN2 512" in {entry["name"] for entry in shown}
    # Free ones ask nothing; both accepted licences are remembered.
    cli("models", "get", "self-distilled-lions-512")


def test_a_failed_download_ends_with_3_and_goes_on(catalogue: Catalogue, server: LocalServer) -> None:
    server.behaviour.cuts = [20_000, 0]
    failed = cli("models", "get", "self-distilled-lions-512", code=3)
    assert "kept" in failed.stderr and "Traceback" not in failed.stderr
    cli("models", "get", "self-distilled-lions-512")
    assert server.ranges_asked()[-1] == "bytes=20000-"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child process")
def test_ctrl_c_keeps_what_arrived_and_says_how_to_go_on(server: LocalServer, tmp_path: Path) -> None:
    server.behaviour.stall = 20_000
    program = tmp_path / "program.py"
    program.write_text(
        f"base = {server.base!r}\n"
        "from studio.checkpoints import catalogue\n"
        "from studio.cli import main\n"
        "real = catalogue.load_catalogue()\n"
        "networks = tuple(n.model_copy(update={'url': f'{base}/{n.file}'}) for n in real.networks)\n"
        "moved = real.model_copy(update={'networks': networks})\n"
        "catalogue.load_catalogue = lambda: moved\n"
        "main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(program), "models", "get", "self-distilled-lions-512"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        # A shell that runs the tests in the background makes them, and what they start, ignore Ctrl+C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    network = load_catalogue().find("self-distilled-lions-512")
    try:
        until(lambda: waiting(network) >= 20_000, process)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    finally:
        process.kill()
    assert process.returncode == 130, errors
    assert "models get self-distilled-lions-512” goes on" in errors and waiting(network) == 20_000


def test_the_memory_holds_only_what_it_should() -> None:
    accept(load_catalogue().find("ffhq.pkl"))
    accept(load_catalogue().find("ffhq.pkl"))
    assert Memory.load().accepted == ("nvidia-stylegan2-ada",)


def test_entries_do_not_change() -> None:
    network = load_catalogue().networks[0]
    with pytest.raises(ValueError, match="frozen"):
        network.url = "https://example.org"  # type: ignore[misc]
    assert isinstance(network, Network)
