"""Commands for published networks: list the catalogue, get one of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import DownloadColumn, TimeRemainingColumn, TransferSpeedColumn

from studio.base import Cancelled, drain
from studio.cli.app import JsonOption, print_json, print_table, progress_bar, stderr
from studio.cli.models import models
from studio.cli.results import check_folder

if TYPE_CHECKING:
    from studio.base import Progress
    from studio.checkpoints.catalogue import Catalogue, Network


def _properties(catalogue: Catalogue, network: Network, model: str) -> dict[str, Any]:
    licence = catalogue.licence(network)
    return {
        "id": network.id,
        "title": network.title.en,
        "draws": network.subject.en,
        "topic": network.topic,
        "architecture": network.architecture,
        "resolution": network.resolution,
        "classes": network.classes,
        "url": network.url,
        "bytes": network.bytes,
        "bytes_about": network.bytes_about,
        "sha256": network.sha256,
        "checksum_from": network.checksum_from,
        "licence": licence.name,
        "licence_means": licence.plain.en,
        "licence_text": licence.text,
        "commercial_use": licence.commercial,
        "credit": network.credit,
        "data": network.data,
        "home": network.home,
        "model": model,
    }


@models.command("catalogue")
def list_catalogue(
    words: Annotated[list[str] | None, typer.Argument(help="Only networks with all these words.")] = None,
    free: Annotated[bool, typer.Option("--free", help="Only networks that allow commercial use.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List published networks that `models get` fetches. Nothing is asked of the internet."""
    from studio.checkpoints import ModelLibrary
    from studio.checkpoints.acquire import owned
    from studio.checkpoints.catalogue import load_catalogue

    catalogue = load_catalogue()
    have = owned(ModelLibrary().models())
    found = catalogue.search(" ".join(words or ()), commercial=free)
    if as_json:
        names = {key: info.name for key, info in have.items()}
        print_json({"networks": [_properties(catalogue, network, names.get(network.id, "")) for network in found]})
        return
    rows = [
        (
            network.id,
            network.title.en,
            f"{network.architecture} {network.resolution}",
            _size(network),
            "free with credit" if catalogue.licence(network).commercial else "non-commercial",
            "yours" if network.id in have else "",
        )
        for network in found
    ]
    headers = ("Name", "Draws", "Network", "Download", "Licence", "")
    print_table(headers, rows, "No network has all these words.", ids=True)


def _size(network: Network) -> str:
    if not network.size:
        return "?"
    return f"{'' if network.bytes else '~'}{network.size / 1e6:.0f} MB"


AcceptOption = Annotated[
    bool, typer.Option("--accept-licence", help="You have read the licence and accept it; asked once otherwise.")
]


@models.command("get")
def get_network(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name in the catalogue.")],
    accept_licence: AcceptOption = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Also keep the file as it was published, in this folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Download a published network into the library. Ctrl+C keeps what has arrived; the same command goes on."""
    from studio.checkpoints import ModelLibrary
    from studio.checkpoints.acquire import owned, take_in, waiting
    from studio.checkpoints.catalogue import load_catalogue

    catalogue = load_catalogue()
    network = catalogue.find(name)
    library = ModelLibrary()
    info = owned(library.models()).get(network.id)
    if info is None or keep is not None:
        if keep is not None:
            check_folder(keep)
        _settle_licence(catalogue, network, accept_licence)
        try:
            path = _download(network)
        except KeyboardInterrupt:
            kept = waiting(network)
            if kept:
                stderr().print(
                    escape(
                        f"{kept / 1e6:.1f} MB are kept; “latent-studio models get {network.id}” goes on from there."
                    ),
                    soft_wrap=True,
                )
            raise
        with stderr().status("Converting ..."):
            if keep is not None:
                _copy(path, keep)
            if info is None:
                info = take_in(library, network, path, catalogue=catalogue)
            else:
                path.unlink()
        stderr().print(escape(f"“{info.name}” is in your library."))
    else:
        stderr().print(escape(f"“{info.name}” is in your library already."))
    if as_json:
        print_json(_properties(catalogue, network, info.name) | {"path": str(info.path)})
    else:
        print(info.path)


def _settle_licence(catalogue: Catalogue, network: Network, by_option: bool) -> None:
    """Say the terms; those that restrict the use are accepted once, by option or by answer.

    Raises
    ------
    typer.BadParameter
        When nobody is there to ask.
    """
    from studio.checkpoints.catalogue import accept, accepted

    licence = catalogue.licence(network)
    stderr().print(escape(f"{network.model_name}. By {network.credit}"), soft_wrap=True)
    use = "Commercial use is allowed." if licence.commercial else "Not for commercial use."
    stderr().print(escape(f"{licence.name}: {use} {licence.plain.en} ({licence.text})"), soft_wrap=True)
    if accepted(catalogue, network):
        return
    if not by_option:
        if not sys.stdin.isatty():
            raise typer.BadParameter("this licence restricts what you may do: add --accept-licence when you accept it.")
        try:
            agreed = typer.confirm("Do you accept that?", err=True)
        except typer.Abort as error:
            raise Cancelled from error
        if not agreed:
            raise Cancelled
    accept(network)


def _download(network: Network) -> Path:
    from studio.checkpoints.acquire import fetch

    work = fetch(network)
    columns = (DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with progress_bar(f"Downloading {network.file}", *columns) as (bar, task):

        def show(progress: Progress) -> None:
            bar.update(
                task, description=escape(str(progress.message)), completed=progress.step, total=progress.total or None
            )

        try:
            return drain(work, show)
        finally:
            work.close()


def _copy(path: Path, folder: Path) -> None:
    """Keep a copy in a folder of the artist; one that is there already is enough, and another file stays."""
    import shutil

    from studio.base.files import new_path, sha256_of

    there = folder / path.name
    if there.is_file() and sha256_of(there) == sha256_of(path):
        return
    with new_path(there, numbered=True) as taken:
        shutil.copyfile(path, taken.temporary)
