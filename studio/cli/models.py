"""The command that lists the models and takes new ones in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

if TYPE_CHECKING:
    pass

from studio.cli.app import JsonOption, app, print_json, print_table, stderr


@app.command()
def models(
    add: Annotated[
        list[Path] | None,
        typer.Option(
            "--add", help="First take this file into the library: .safetensors, StyleGAN2 .pkl or .pt, DCGAN .pth."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the models, or add some."""
    from studio.checkpoints import ModelLibrary

    library = ModelLibrary()
    for path in add or ():
        stderr().print(escape(f"Added {library.add(path).name}."))
    found = library.models()
    if as_json:
        print_json(
            {
                "models": [
                    {
                        "name": info.name,
                        "path": str(info.path),
                        "hash": info.hash,
                        "architecture": info.architecture,
                        "resolution": info.resolution,
                        "labels": info.labels,
                        "licence": info.licence,
                        "description": info.description,
                        "starter": info.starter,
                    }
                    for info in found
                ]
            }
        )
        return
    rows = [
        (info.name, info.architecture, f"{info.resolution} px", info.licence, "starter" if info.starter else "yours")
        for info in found
    ]
    print_table(("Name", "Network", "Size", "Licence", ""), rows, f"No models yet in {library.folders[-1]}.")
