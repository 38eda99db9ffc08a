"""The command that looks through a folder before anything is trained on it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.app import JsonOption, OverwriteOption, app, drive, print_json, print_table
from studio.cli.field_options import NOTHING_GIVEN, with_given_options
from studio.cli.results import check_free, is_file_name
from studio.cli.training_options import FRAMING, TIPS, train_settings, with_named_background
from studio.training.settings import TrainSettings

if TYPE_CHECKING:
    from studio.training.findings import FolderReport, PictureFinding
    from studio.training.framing import Framing
    from studio.training.prepared import Cut
    from studio.training.summary import Summary

MOSAIC_SQUARES = 400
MOSAIC_COLUMNS = 20
MOSAIC_SIDE = 128
REASONS = {
    "unreadable": "unreadable",
    "too_small": "smaller than 32 pixels",
    "too_narrow": "too narrow",
    "blank": "empty frame",
    "blurred": "blurred frame",
    "dropped": "left out by you",
    "duplicate": "the same as",
    "near_duplicate": "nearly the same as",
    "exif_rotation": "turned upright",
    "cmyk": "CMYK converted",
    "sixteen_bit": "16 bits reduced to 8",
    "alpha": "transparent",
    "animated": "first frame only",
    "grey": "without colour",
}


@app.command("folder")
@with_given_options(
    "given",
    TrainSettings,
    ("resolution", *FRAMING),
    tips={**TIPS, "resolution": "Side of the squares. Default: what is proposed"},
    show_defaults=False,
)
def inspect(
    folder: Annotated[Path, typer.Argument(help="The folder with your pictures.")],
    given: Mapping[str, Any] = NOTHING_GIVEN,
    mosaic: Annotated[
        Path | None, typer.Option(help="Write a picture of what the network will see.", show_default=False)
    ] = None,
    augmented: Annotated[bool, typer.Option("--augmented", help="In it, show augmentations and mirroring.")] = False,
    ada: Annotated[
        float | None,
        typer.Option("--ada", min=0, max=1, help="In it, show ADA at this probability instead of DiffAugment."),
    ] = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
) -> None:
    """Look through a folder: what would be trained on, what not and why, look-alikes, the resolution proposed."""
    from studio.training.folder import inspect_folder
    from studio.training.framing import Framing
    from studio.training.picture_decisions import PictureDecisions
    from studio.training.prepared import cuts_of
    from studio.training.summary import summarise

    settings = train_settings({"name": "folder", "folder": str(folder), **with_named_background(given)}, ())
    if mosaic is not None and not is_file_name(mosaic):
        raise typer.BadParameter("--mosaic needs the name of a picture file (.png, .jpg, .webp).")
    check_free(mosaic, overwrite)
    decisions = PictureDecisions.load()
    report = drive(
        inspect_folder(folder, every=settings.every, near=settings.near, decisions=decisions),
        "Looking through the folder",
    )
    proposal = summarise(report, Framing.of(settings), decisions).proposal
    if "resolution" not in given:
        settings = settings.model_copy(update={"resolution": proposal.resolution})
    framing = Framing.of(settings)
    summary = summarise(report, framing, decisions)
    cuts = cuts_of(report, framing, decisions)
    if mosaic is not None and cuts:
        write_mosaic(mosaic, cuts, framing, augmented, ada, overwrite=overwrite)
    if as_json:
        print_json(report_properties(report, summary, framing.resolution, len(cuts)))
        return
    rows = []
    for index, found in enumerate(report.findings):
        size = f"{found.width} x {found.height}" if found.width else ""
        rows.append((relative_name(report, found), size, found.verdict, reasons_text(report, index, summary)))
    print_table(("File", "Size", "Verdict", "Remarks"), rows, "")
    print(
        f"{len(report.used)} used, {len(report.skipped)} left out, {len(report.near_duplicates)} look-alikes, "
        f"{len(report.others)} other files; {len(cuts)} squares of {framing.resolution} pixels; "
        f"{proposal.resolution} pixels proposed: {proposal.enlarged:.0%} would be enlarged"
        + (f", {proposal.next_enlarged:.0%} at the next size." if proposal.next_enlarged is not None else ".")
    )
    for said in report.contents.passed_over():
        print(said)


def write_mosaic(
    path: Path,
    cuts: list[Cut],
    framing: Framing,
    augmented: bool = False,
    ada: float | None = None,
    *,
    overwrite: bool = False,
) -> None:
    """Save a sheet of what the network will see of an even choice of the cuts.

    ``augmented``: with DiffAugment and mirroring as they are by default; ``ada``: with ADA at this probability.

    Raises
    ------
    StudioError
        When it cannot be written.
    """
    from PIL import Image

    from studio.base.files import artists_path
    from studio.training.mosaic import Changes, evenly, network_view, sheet

    defaults = TrainSettings(name="defaults", folder="")
    changes = Changes(defaults.augment, defaults.augment_share, mirror=True) if augmented else None
    if ada is not None:
        changes = Changes(mirror=augmented, ada_parts=defaults.ada_parts, ada_p=ada)
    squares: list[Any] = []

    def collect() -> Any:
        for progress in network_view(evenly(cuts, MOSAIC_SQUARES), framing, MOSAIC_SIDE, changes):
            squares.append(progress.preview)
            yield progress

    drive(collect(), "Mosaic")
    with artists_path(path, overwrite=overwrite) as temporary:
        Image.fromarray(sheet(squares, MOSAIC_COLUMNS)).save(temporary)


def relative_name(report: FolderReport, found: PictureFinding) -> str:
    """The name within the folder, for frames with their time."""
    return str(found.path.relative_to(report.folder).parent / found.name)


def reasons_text(report: FolderReport, index: int, summary: Summary) -> str:
    """Everything that is to be said about a picture."""
    parts, found = [], report.findings[index]
    for reason in found.reasons:
        match reason:
            case "unreadable":
                parts.append(str(found.problem))
            case "duplicate" | "near_duplicate":
                other = relative_name(report, report.findings[found.duplicate_of])
                parts.append(f"{REASONS[reason]} {other}" + (f" ({found.distance} bits)" if found.distance else ""))
            case "cropped":
                pass  # said below, with how much
            case _:
                parts.append(REASONS[reason])
    if summary.cropped[index]:
        parts.append(f"{summary.lost[index]:.0%} cut off")
    if summary.enlarged[index]:
        parts.append(f"enlarged {summary.scale[index]:.1f} times")
    return ", ".join(parts)


def report_properties(report: FolderReport, summary: Summary, resolution: int, squares: int) -> dict[str, Any]:
    """The description of a folder for ``--json``."""
    pictures = []
    for index, found in enumerate(report.findings):
        pictures.append(
            {
                "file": str(found.path),
                "seconds": found.seconds if found.frame is not None else None,
                "width": found.width,
                "height": found.height,
                "verdict": found.verdict,
                "reasons": list(found.reasons),
                "detail": str(found.problem) or found.detail,
                "like": str(report.findings[found.duplicate_of].path) if found.duplicate_of >= 0 else None,
                "distance": found.distance if found.duplicate_of >= 0 else None,
                "cut_off": round(float(summary.lost[index]), 4),
                "enlarged": round(float(summary.scale[index]), 3) if summary.enlarged[index] else None,
            }
        )
    return {
        "folder": str(report.folder),
        "used": len(report.used),
        "skipped": len(report.skipped),
        "counts": dict(report.counts),
        "other_files": [str(path) for path in report.others],
        "unreadable_folders": [str(path) for path in report.contents.unreadable],
        "linked_folders": [str(path) for path in report.contents.links],
        "squares": squares,
        "resolution": resolution,
        "proposed_resolution": summary.proposal.resolution,
        "pictures": pictures,
    }
