"""The command that lists and searches saved pictures."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.app import JsonOption, app, drive, open_gallery, print_json, print_table, stderr
from studio.recipes.steps import STEPS

if TYPE_CHECKING:
    Kind = str
else:  # the choices of an option are an enumeration to typer
    Kind = StrEnum("Kind", {kind: kind for kind in STEPS})


@app.command()
def gallery(
    search: Annotated[str, typer.Argument(help="Words to look for.")] = "",
    kind: Annotated[
        Kind | None,
        typer.Option(help="How a picture was made last."),
    ] = None,
    favourites: Annotated[bool, typer.Option("--favourites", help="Favourites only.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many, newest first.")] = None,
    rescan: Annotated[bool, typer.Option("--rescan", help="First bring the index up to date with the files.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List or search the pictures saved so far."""
    pictures_of = open_gallery()
    # A new index (of a gallery that was moved here, or in memory for want of a place) lists nothing yet.
    if rescan or pictures_of.needs_rescan:
        count = drive(pictures_of.rescan(), "Reading the gallery")
        if rescan:
            stderr().print(f"{count} pictures in the gallery.")
    found = pictures_of.pictures(search, kind=kind or (), favourites=favourites, limit=limit)
    if as_json:
        from studio.recipes import documents

        print_json(
            {
                "pictures": [
                    {
                        "path": str(picture.path),
                        "kind": picture.kind,
                        "width": picture.width,
                        "height": picture.height,
                        "created": picture.created.isoformat(),
                        "favourite": picture.favourite,
                        "size_bytes": picture.size_bytes,
                        "recipe": json.loads(documents.dumps(picture.recipe)) if picture.recipe is not None else None,
                    }
                    for picture in found
                ]
            }
        )
        return
    rows = [
        (
            f"{picture.created:%Y-%m-%d %H:%M}",
            picture.kind or "",
            f"{picture.width}×{picture.height}",
            "★" if picture.favourite else "",
            str(picture.path),
        )
        for picture in found
    ]
    print_table(("Saved", "Kind", "Size", "", "File"), rows, "No pictures found.")
