"""Commands for the model library: list, add, look at, edit, remove, export and make smaller."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from studio.base import StudioError
from studio.cli.app import JsonOption, OverwriteOption, app, drive, open_engine, print_json, print_table, stderr
from studio.cli.field_options import with_shared_options
from studio.cli.results import check_free
from studio.cli.shared_options import Computing, Writing

if TYPE_CHECKING:
    from studio.checkpoints import ModelInfo

models = typer.Typer(invoke_without_command=True, help="The model library: list, add, show, edit, export ...")
app.add_typer(models, name="models")

ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="Name, file name or hash of a model.")]
ADD_HELP = "First take this file into the library: .safetensors, StyleGAN2 or 3 .pkl, StyleGAN2 .pt, DCGAN .pth."


def _find(name: str) -> ModelInfo:
    from studio.checkpoints import ModelLibrary

    library = ModelLibrary()
    for info in library.models():
        if len(name) >= 8 and info.hash.startswith(name):
            return info
    return library.find(name)


def _properties(info: ModelInfo) -> dict[str, Any]:
    return {
        "name": info.name,
        "path": str(info.path),
        "hash": info.hash,
        "architecture": info.architecture,
        "resolution": info.resolution,
        "channels": info.img_channels,
        "labels": info.labels,
        "licence": info.licence,
        "description": info.description,
        "starter": info.starter,
    }


def _channels_text(info: ModelInfo) -> str:
    count, hidden = info.img_channels, info.hidden_channels
    return f"It draws {count} channels: the first three are shown as colours, the other {hidden} are not."


@models.callback()
def list_models(
    context: typer.Context,
    add: Annotated[list[Path] | None, typer.Option("--add", help=ADD_HELP)] = None,
    as_json: JsonOption = False,
) -> None:
    """List the models, or add some."""
    if context.invoked_subcommand is not None:
        return
    from studio.checkpoints import ModelLibrary

    library = ModelLibrary()
    for path in add or ():
        info = library.add(path)
        stderr().print(escape(f"Added {info.name}."))
        if info.hidden_channels:
            stderr().print(_channels_text(info), soft_wrap=True)
    found = library.models()
    if as_json:
        print_json({"models": [_properties(info) for info in found]})
        return
    rows = [
        (info.name, info.architecture, f"{info.resolution} px", info.licence, "starter" if info.starter else "yours")
        for info in found
    ]
    print_table(("Name", "Network", "Size", "Licence", ""), rows, f"No models yet in {library.folders[-1]}.")


@models.command()
@with_shared_options("writing")
def show(
    model: ModelArgument,
    preview: Annotated[Path | None, typer.Option("--preview", help="Write a sheet of samples here (PNG).")] = None,
    writing: Writing = Writing(),
) -> None:
    """Everything about one model: its card, size, and speed on this machine."""
    from PIL import Image

    from studio.base.files import artists_path

    info = _find(model)
    check_free(preview, writing.overwrite)
    engine = writing.engine()
    from studio.engine.jobs.survey import survey

    found = drive(survey(engine, info), "Drawing samples")
    if preview is not None:
        with artists_path(preview, overwrite=writing.overwrite) as temporary:
            Image.fromarray(found.sheet).save(temporary, format="PNG")
    properties = _properties(info) | {
        "bytes": info.path.stat().st_size,
        "milliseconds": round(found.milliseconds, 1),
        "device": found.device,
        "data": info.data,
    }
    if writing.as_json:
        print_json(properties)
        return
    print_table(("", ""), [(name, str(value)) for name, value in properties.items() if value != ""], "")
    if info.hidden_channels:
        stderr().print(_channels_text(info), soft_wrap=True)


@models.command()
def edit(
    model: ModelArgument,
    name: Annotated[str | None, typer.Option("--name", help="Its new name.")] = None,
    licence: Annotated[str | None, typer.Option("--licence", help="Under which terms it may be used.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="What it shows.")] = None,
) -> None:
    """Rename a model or change its card. Recipes made with it before still find it."""
    from studio.checkpoints import ModelLibrary

    if name is None and licence is None and description is None:
        raise StudioError("There is nothing to change.", "Name what to change, such as --name.")
    info = ModelLibrary().edit(_find(model), name=name, licence=licence, description=description)
    stderr().print(escape(f"It is “{info.name}” now."))


@models.command()
def remove(model: ModelArgument) -> None:
    """Move a model to the system's trash."""
    from studio.checkpoints import ModelLibrary

    info = _find(model)
    ModelLibrary().remove(info)
    stderr().print(escape(f"“{info.name}” is in the trash."))


@models.command()
def export(
    model: ModelArgument,
    target: Annotated[Path, typer.Argument(help="The new file: .safetensors, or .onnx for other programs.")],
    half: Annotated[bool, typer.Option("--half", help="Half the size: 16-bit weights (.safetensors).")] = False,
    overwrite: OverwriteOption = False,
) -> None:
    """Copy a model out of the library; ONNX files are checked with onnxruntime."""
    info = _find(model)
    check_free(target, overwrite)
    if target.suffix.lower() == ".safetensors":
        from studio.checkpoints.export import export_safetensors

        export_safetensors(info, target, half=half, overwrite=overwrite)
        stderr().print(escape(f"Wrote {target}."))
    elif target.suffix.lower() == ".onnx" and not half:
        from studio.checkpoints.export import export_onnx

        difference = drive(export_onnx(info, target, overwrite=overwrite), "Exporting")
        stderr().print(escape(f"Wrote {target}; onnxruntime draws the same picture (difference {difference:.1e})."))
    else:
        raise StudioError(
            f"A model is not written as “{target.suffix}”{' in half precision' if half else ''}.",
            "Choose a name that ends in .safetensors or .onnx.",
        )


@models.command()
def blend(
    model: ModelArgument,
    shares: Annotated[
        list[str],
        typer.Argument(
            metavar="SHARE...", help="Another model of the same shape and its share: Other=0.5, Other=1@4-32 (px)."
        ),
    ],
    mapping: Annotated[
        float, typer.Option("--mapping", min=0, max=1, help="How much of the other model's mapping there is.")
    ] = 0.0,
    name: Annotated[str, typer.Option("--name", help="The new model's name.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a model of two: their weights mixed, all of them or those of some resolutions."""
    from studio.cli.explore import parse_blend
    from studio.recipes import SampleRecipe

    info = _find(model)
    engine = open_engine("cpu")
    both = parse_blend(engine, info.ref, shares, mapping)
    from studio.engine.jobs.network_blend import blended_model

    made, _ = drive(blended_model(engine, SampleRecipe(model=info.ref, blend=both), name), "Mixing the models")
    if as_json:
        print_json(_properties(made))
        return
    stderr().print(escape(f"“{made.name}” is in the library."))
    print(made.path)


@models.command()
@with_shared_options("computing")
def shrink(
    model: ModelArgument,
    keep: Annotated[float, typer.Option("--keep", help="Share of the channels that stay: 0.75, 0.5 or 0.25.")] = 0.5,
    images: Annotated[
        int, typer.Option("--images", min=8, max=10_000_000, help="Pictures of the original that it is taught with.")
    ] = 20_000,
    name: Annotated[str, typer.Option("--name", help="The copy's name.")] = "",
    computing: Computing = Computing(),
) -> None:
    """Make a smaller, faster copy of a StyleGAN2 model for weak machines, and measure what it lost."""
    info = _find(model)
    engine = computing.engine()
    from studio.engine.jobs.pruned_copy import smaller_copy
    from studio.engine.jobs.survey import survey

    made, loss = drive(smaller_copy(engine, info, keep, images, name=name), "Teaching the smaller copy")
    before, after = (drive(survey(engine, each), "Drawing samples").milliseconds for each in (info, made))
    properties = _properties(made) | {
        "bytes": made.path.stat().st_size,
        "psnr_db": round(loss.psnr, 2),
        "difference": round(loss.difference, 2),
        "milliseconds": round(after, 1),
        "milliseconds_before": round(before, 1),
    }
    if computing.as_json:
        print_json(properties)
        return
    stderr().print(
        escape(
            f"“{made.name}” takes {after:.0f} ms a picture here instead of {before:.0f} and {loss.weights:.0%} of the "
            f"weights; its pictures differ by {loss.difference:.1f} of 255 levels ({loss.psnr:.1f} dB)."
        )
    )
    print(made.path)
