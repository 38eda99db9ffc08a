"""The command that finds the faces in a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.base import Message, StudioError, Work
from studio.cli.app import app, drive, print_json, print_table
from studio.cli.field_options import with_shared_options
from studio.cli.results import given_file
from studio.cli.shared_options import Computing

if TYPE_CHECKING:
    from studio.faces import Face

MARKS = ("left eye", "right eye", "nose", "mouth left", "mouth right")


@app.command()
@with_shared_options("computing")
def faces(
    picture: Annotated[Path, typer.Argument(help="A photo or drawing.")],
    smallest: Annotated[int, typer.Option("--smallest", min=12, max=4096, help="Pixels of the smallest faces.")] = 20,
    computing: Computing = Computing(),
) -> None:
    """Find faces with eyes, nose and mouth, in pixels. The networks for it are fetched the first time (1.9 MB)."""
    from studio.media.photos import rgb_pixels

    pixels = rgb_pixels(given_file(picture))  # before PyTorch is loaded
    from studio.checkpoints.face_networks import load_faces
    from studio.faces import find_faces
    from studio.networks.device import choose_device

    def finding() -> Work[list[Face]]:
        networks = yield from load_faces(choose_device(computing.device))
        return find_faces(networks, pixels, smallest=smallest)

    found = drive(finding(), "Finding faces")
    if not found and not computing.as_json:
        raise StudioError(
            Message("No face was found in {name}.", name=picture.name),
            "Only faces seen from the front are found; try --smallest 12 for small ones.",
        )
    if computing.as_json:
        print_json({"faces": [_properties(face) for face in found]})
        return
    rows = [
        (
            f"{face.score:.3f}",
            *(f"{number:.0f}" for number in face.box),
            *(f"{x:.0f},{y:.0f}" for x, y in face.landmarks),
        )
        for face in found
    ]
    print_table(("Sure", "Left", "Top", "Right", "Bottom", *(mark.capitalize() for mark in MARKS)), rows, "")


def _properties(face: Face) -> dict[str, Any]:
    marks = {name: [round(x, 2), round(y, 2)] for name, (x, y) in zip(MARKS, face.landmarks, strict=True)}
    return {"box": [round(edge, 2) for edge in face.box], "score": round(face.score, 5), "landmarks": marks}
