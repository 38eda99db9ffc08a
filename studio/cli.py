"""The command line: the same engine without a window, and the window when nothing is asked for.

Results go to stdout (paths, one a line, or JSON with ``--json``); progress and messages go to stderr. Exit codes:
0 done, 2 wrong usage (or no display for the window), 3 something went wrong (stderr says what, and what to do),
130 cancelled.

Rooms that need torch are imported inside the commands that render, so that everything else answers at once.
"""

from __future__ import annotations

import io
import json
import math
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from typer.core import TyperGroup

from studio import __version__
from studio.base import Cancelled, Progress, StudioError, Work, drain
from studio.base.paths import pictures_dir, runs_dir

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.engine import Engine
    from studio.gallery import Gallery, SourceStore
    from studio.recipes import Recipe, SampleRecipe
    from studio.training.runs import RunDirectory, RunState

T = TypeVar("T")

EXIT_ERROR = 3
EXIT_CANCELLED = 130
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
MAX_SEEDS = 100_000
POLL_SECONDS = 0.3


class StudioGroup(TyperGroup):
    """Turns our exceptions into messages and exit codes, for every command alike."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except StudioError as error:
            stderr().print(f"[bold red]Error:[/] {escape(error.message)}", soft_wrap=True)
            if error.action:
                stderr().print(escape(error.action), soft_wrap=True)
            raise typer.Exit(EXIT_ERROR) from error
        except (Cancelled, KeyboardInterrupt) as error:
            stderr().print("Cancelled.")
            raise typer.Exit(EXIT_CANCELLED) from error

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; files alone are opened in the window, which is what file managers ask for."""
        if args[0] not in self.commands and Path(args[0]).is_file():
            args = ["open", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="latent-studio",
    cls=StudioGroup,
    help="A studio for artists who work with generative networks. Without a command, the window opens.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Device(StrEnum):
    """Where to compute."""

    auto = "auto"
    cuda = "cuda"
    mps = "mps"
    cpu = "cpu"


class Noise(StrEnum):
    """The generator's noise inputs."""

    const = "const"
    random = "random"
    none = "none"


class Method(StrEnum):
    """How to stylize."""

    preview = "preview"
    optimise = "optimise"


class Network(StrEnum):
    """Perceptual network of the optimisation."""

    vgg16 = "vgg16-hed"
    vgg19 = "vgg19"


JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
DeviceOption = Annotated[Device, typer.Option(help="Where to compute.")]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", "-m", help="Name, file or hash of a model (see `models`). Default: the first in the list."),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help="A picture file (.png, .jpg, .webp) or a folder. Default: the gallery.", show_default=False
    ),
]
TruncationOption = Annotated[
    float, typer.Option("--truncation", "-t", min=-2, max=2, help="1: full variety; 0: the average picture.")
]
LabelOption = Annotated[int | None, typer.Option(min=0, help="Class, for models that have classes.")]


def stderr() -> Console:
    """The console for people; made anew, since tests exchange ``sys.stderr``."""
    return Console(stderr=True, highlight=False)


def print_json(value: object) -> None:
    """Print ``value`` on stdout, in ASCII: pipes have other encodings on other systems."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


def parse_seeds(text: str) -> list[int]:
    """Seeds from ``"0-15"``, ``"3,7,9"`` or both mixed; in the order given.

    Raises
    ------
    typer.BadParameter
        When the text is something else, a seed is not in 0..2^32-1, or there are more than 100,000.
    """
    seeds: list[int] = []
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not (first.isdecimal() and (last.isdecimal() or not dash)):
            raise typer.BadParameter(f"“{text}” is no list of seeds such as 42, 0-15 or 3,7,20-24.")
        low, high = int(first), int(last or first)
        if high < low or high >= 2**32:
            raise typer.BadParameter(f"“{part}”: seeds rise from 0 to {2**32 - 1}.")
        if len(seeds) + high - low + 1 > MAX_SEEDS:
            raise typer.BadParameter(f"“{text}” asks for more than {MAX_SEEDS} pictures.")
        seeds.extend(range(low, high + 1))
    return seeds


def parse_style(text: str) -> tuple[Path, float]:
    """A style picture and its weight from ``"path"`` or ``"path:weight"``.

    Raises
    ------
    typer.BadParameter
        When the weight is not a positive number.
    """
    head, colon, tail = text.rpartition(":")
    # A colon may belong to the path: C:\picture.png, or a file that is really called so.
    if not colon or Path(text).exists():
        return Path(text), 1.0
    try:
        weight = float(tail)
    except ValueError:
        return Path(text), 1.0
    if not (math.isfinite(weight) and weight > 0):
        raise typer.BadParameter(f"“{text}”: the weight after the colon must be greater than 0.")
    return Path(head), weight


def parse_directions(values: Sequence[str]) -> list[tuple[int, float]]:
    """Moves along directions from ``"2=1.5"``: index and amount.

    Raises
    ------
    typer.BadParameter
        When one reads otherwise.
    """
    moves = []
    for value in values:
        index, _, amount = value.partition("=")
        try:
            move = (int(index), float(amount))
        except ValueError:
            raise typer.BadParameter(f"“{value}” is no direction and amount such as 0=1.5.") from None
        if not (0 <= move[0] < 512 and math.isfinite(move[1])):
            raise typer.BadParameter(f"“{value}”: directions count from 0 to 511, amounts are finite.")
        moves.append(move)
    return moves


@contextmanager
def progress_bar(title: str, *columns: Any) -> Iterator[tuple[Bar, Any]]:
    """A bar on stderr, which is drawn on terminals only."""
    console = stderr()
    shown = columns or (MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(
        TextColumn("{task.description}"), BarColumn(), *shown, console=console, disable=not console.is_terminal
    ) as bar:
        yield bar, bar.add_task(escape(title), total=None, speed="")


def drive(work: Work[T], title: str) -> T:
    """Run long work under a progress bar; Ctrl+C closes it."""
    with progress_bar(title) as (bar, task):

        def show(progress: Progress) -> None:
            bar.update(
                task,
                description=escape(progress.message or title),
                completed=progress.step,
                total=progress.total or None,
            )

        try:
            return drain(work, show)
        finally:
            work.close()


def open_gallery() -> Gallery:
    """The gallery in the folder that the window's settings name."""
    from studio.gallery import Gallery
    from studio.ui.settings import AppSettings

    folder = AppSettings.load().gallery_folder
    return Gallery(Path(folder) if folder else None)


def open_sources() -> SourceStore:
    """The store of the photos that recipes refer to, the window's own."""
    from studio.gallery import SourceStore
    from studio.ui.settings import AppSettings

    folder = AppSettings.load().gallery_folder
    return SourceStore((Path(folder) if folder else pictures_dir()) / "Sources")


def open_engine(device: Device) -> Engine:
    """The engine; this is where torch is imported."""
    with stderr().status("Starting the engine ..."):
        from studio.engine import Engine

        return Engine(open_sources(), device=device.value)


def choose_model(name: str | None) -> Any:
    """The model called ``name``, by default the first of the library (a starter model).

    Raises
    ------
    StudioError
        When there is none.
    """
    from studio.checkpoints import ModelLibrary

    library = ModelLibrary()
    if name is not None:
        return library.find(name)
    models = library.models()
    if not models:
        raise StudioError(
            f"There is no model yet in {library.folders[-1]}.", "Train one with `latent-studio train`, or add a file."
        )
    return models[0]


def sample_recipes(
    model: str | None,
    seeds: Sequence[int],
    *,
    truncation: float,
    label: int | None = None,
    noise: Noise = Noise.const,
    directions: Sequence[tuple[int, float]] = (),
) -> list[SampleRecipe]:
    """One recipe a seed."""
    from studio.recipes import DirectionMove, LatentSeed, SampleRecipe

    ref = choose_model(model).ref
    return [
        SampleRecipe(
            model=ref,
            latent=LatentSeed(seed=seed),
            truncation=truncation,
            label=label,
            noise=noise.value,
            noise_seed=seed,
            directions=tuple(DirectionMove(index=index, amount=amount) for index, amount in directions),
        )
        for seed in seeds
    ]


def is_file_name(out: Path) -> bool:
    """Whether ``--out`` names a picture file rather than a folder.

    Raises
    ------
    typer.BadParameter
        When it names a kind of file that pictures cannot be saved as.
    """
    if out.is_dir() or not out.suffix:
        return False
    if out.suffix.lower() not in PICTURE_SUFFIXES:
        raise typer.BadParameter(f"{out.name}: pictures are saved as {', '.join(PICTURE_SUFFIXES)}.")
    return True


def free_name(folder: Path, stem: str, suffix: str = ".png") -> Path:
    """A name in ``folder`` that no file has yet: pictures there are never overwritten."""
    path = folder / f"{stem}{suffix}"
    number = 2
    while path.exists():
        path = folder / f"{stem} {number}{suffix}"
        number += 1
    return path


def save(image: NDArray[np.uint8], recipe: Recipe, out: Path | None, stem: str) -> Path:
    """Save a picture with its recipe: in the file or folder named, else in the gallery."""
    if out is None:
        return open_gallery().save(image, recipe, stem=stem).path
    from studio.recipes.embed import save_picture

    path = out if is_file_name(out) else free_name(out, stem)
    save_picture(image, path, recipe)
    return path


def picture_facts(path: Path, image: NDArray[np.uint8], recipe: Recipe) -> dict[str, Any]:
    """What ``--json`` says about a saved picture."""
    from studio.recipes import document

    return {
        "path": str(path.resolve()),
        "width": image.shape[1],
        "height": image.shape[0],
        "recipe": json.loads(document.dumps(recipe)),
    }


def print_pictures(pictures: Sequence[dict[str, Any]], as_json: bool) -> None:
    """Paths of what was saved, or everything about it."""
    if as_json:
        print_json({"pictures": pictures})
    else:
        for picture in pictures:
            print(picture["path"])


def safe_stem(text: str) -> str:
    """``text`` as a part of a file name on every system."""
    return "".join(c if c.isalnum() or c in " ._-" else "-" for c in text).strip(" .") or "picture"


def show_version(value: bool) -> None:
    """Print the version and end."""
    if value:
        print(f"latent-studio {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def window(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A studio for artists who work with generative networks. Without a command, the window opens."""
    if context.invoked_subcommand is not None:
        return
    open_window([])


def open_window(files: Sequence[Path]) -> None:
    """Open the window, and end with its exit code when it is closed."""
    from studio.ui.app import run

    raise typer.Exit(run([sys.argv[0], *map(str, files)]))


@app.command("open")
def open_files(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Pictures, recipes or models.")],
) -> None:
    """Open files in the window. File managers may leave the word `open` out."""
    open_window(files)


@app.command()
def sample(
    model: ModelOption = None,
    seed: Annotated[str, typer.Option("--seed", "-s", help="Seeds: 42, 0-15, or 3,7,20-24.")] = "0",
    truncation: TruncationOption = 0.8,
    direction: Annotated[
        list[str] | None, typer.Option("--direction", "-d", help="Move along a direction: 0=1.5. Repeatable.")
    ] = None,
    label: LabelOption = None,
    noise: Annotated[Noise, typer.Option(help="The generator's noise: fixed, drawn from the seed, or none.")] = (
        Noise.const
    ),
    out: OutOption = None,
    sheet: Annotated[bool, typer.Option("--sheet", help="One picture of all samples side by side.")] = False,
    device: DeviceOption = Device.auto,
    as_json: JsonOption = False,
) -> None:
    """Draw pictures from a model."""
    seeds = parse_seeds(seed)
    moves = parse_directions(direction or ())
    if out is not None and is_file_name(out) and len(seeds) > 1 and not sheet:
        raise typer.BadParameter(f"{len(seeds)} pictures do not fit into one file: name a folder, or add --sheet.")
    if sheet and out is None:
        raise typer.BadParameter("A sheet does not belong into the gallery: name a file or folder with --out.")
    recipes = sample_recipes(model, seeds, truncation=truncation, label=label, noise=noise, directions=moves)
    engine = open_engine(device)
    name = safe_stem(recipes[0].model.name)
    pictures = []
    if sheet:
        images = drive(engine.sheet(recipes), "Drawing")
        image = contact_sheet(images)
        assert out is not None
        path = out if is_file_name(out) else free_name(out, f"{name} sheet {seed.replace(',', ' ')}")
        save_sheet(image, path, recipes[0])
        pictures.append({"path": str(path.resolve()), "width": image.shape[1], "height": image.shape[0]})
    else:
        with progress_bar("Drawing") as (bar, task):
            bar.update(task, total=len(recipes))
            for number, recipe in zip(seeds, recipes, strict=True):
                rendered = drain(engine.render(recipe))
                path = save(rendered.image, recipe, out, f"{name} seed {number}")
                pictures.append({**picture_facts(path, rendered.image, recipe), "seed": number})
                bar.advance(task)
    print_pictures(pictures, as_json)


def contact_sheet(images: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Pictures of one size, uint8 (h, w, 3), as a grid that is about as high as wide; unused places are black."""
    import numpy as np

    height, width = images[0].shape[:2]
    columns = math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    grid = np.zeros((rows * height, columns * width, 3), np.uint8)
    for number, image in enumerate(images):
        top, left = number // columns * height, number % columns * width
        grid[top : top + height, left : left + width] = image
    return grid


def save_sheet(image: NDArray[np.uint8], path: Path, recipe: SampleRecipe) -> None:
    """Write a sheet with the marker of generated pictures, but without a recipe: no single one makes it."""
    from PIL import Image, PngImagePlugin

    from studio.base.files import atomic_path
    from studio.recipes import embed

    marker = embed.marker(recipe)
    text = PngImagePlugin.PngInfo()
    text.add_itxt(embed.PNG_XMP_KEY, marker.decode())
    with atomic_path(path) as temporary:
        # Each format takes of these what it knows.
        Image.fromarray(image).save(temporary, pnginfo=text, xmp=marker, quality=95, subsampling=0)


@app.command()
def interpolate(
    seed: Annotated[str, typer.Option("--seed", "-s", help="The seeds to travel through: 3,7,20 or 0-5.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The film to write (.mp4).")],
    model: ModelOption = None,
    truncation: TruncationOption = 0.8,
    label: LabelOption = None,
    frames: Annotated[int, typer.Option(min=1, max=10_000, help="Frames from one seed to the next.")] = 48,
    fps: Annotated[int, typer.Option(min=1, max=120, help="Frames a second.")] = 24,
    loop: Annotated[bool, typer.Option(help="Travel back to the first seed at the end.")] = True,
    device: DeviceOption = Device.auto,
    as_json: JsonOption = False,
) -> None:
    """Film a journey through the latent space."""
    seeds = parse_seeds(seed)
    if len(seeds) < 2:
        raise typer.BadParameter("A journey needs two seeds or more, such as --seed 3,7.")
    if out.suffix.lower() != ".mp4":
        raise typer.BadParameter(f"{out.name}: films are saved as .mp4.")
    keys = sample_recipes(model, seeds, truncation=truncation, label=label)
    engine = open_engine(device)
    path = drive(engine.export_movie(keys, out, frames_per_leg=frames, fps=fps, loop=loop), "Filming")
    if as_json:
        count = engine.movie_frame_count(len(keys), frames, loop)
        print_json({"path": str(path.resolve()), "frames": count, "fps": fps, "seeds": seeds})
    else:
        print(path)


@app.command()
def stylize(
    photo: Annotated[Path, typer.Argument(help="The picture to restyle.")],
    style: Annotated[
        list[str], typer.Option("--style", "-s", help="A style picture, or path:weight. Repeat it to blend styles.")
    ],
    method: Annotated[Method, typer.Option(help="preview: at once; optimise: final quality, takes its time.")] = (
        Method.preview
    ),
    network: Annotated[Network, typer.Option(help="Perceptual network for --method optimise.")] = Network.vgg16,
    size: Annotated[int, typer.Option(min=32, max=32768, help="Long side of the result in pixels.")] = 512,
    content_strength: Annotated[float, typer.Option(min=0, max=1, help="How much of the picture remains.")] = 0.5,
    style_strength: Annotated[float, typer.Option(min=0, max=1, help="How much of the style is taken.")] = 1.0,
    keep_colors: Annotated[bool, typer.Option("--keep-colors", help="Keep the picture's own colours.")] = False,
    steps: Annotated[int, typer.Option(min=1, max=100_000, help="Optimisation steps.")] = 300,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1)] = 0,
    out: OutOption = None,
    device: DeviceOption = Device.auto,
    as_json: JsonOption = False,
) -> None:
    """Restyle a picture with one style or a blend of several."""
    styles = [parse_style(text) for text in style]
    if out is not None:
        is_file_name(out)
    from studio.recipes import PhotoRecipe, StyleUse, StylizeRecipe

    engine = open_engine(device)
    heaviest = max(weight for _, weight in styles)
    recipe = StylizeRecipe(
        content=PhotoRecipe(photo=engine.sources.add(photo)),
        styles=tuple(
            # Only their proportions count; recipes want them in 0..1.
            StyleUse(source=PhotoRecipe(photo=engine.sources.add(path)), weight=weight / max(1.0, heaviest))
            for path, weight in styles
        ),
        method=method.value,
        network=network.value,
        size=size,
        content_strength=content_strength,
        style_strength=style_strength,
        keep_colors=keep_colors,
        steps=steps,
        seed=seed,
    )
    rendered = drive(engine.render(recipe), "Stylizing")
    path = save(rendered.image, recipe, out, safe_stem(f"{photo.stem} in {styles[0][0].stem}"))
    print_pictures([picture_facts(path, rendered.image, recipe)], as_json)


@app.command()
def render(
    recipe: Annotated[Path, typer.Argument(help="A recipe file (.json), or a picture that carries its recipe.")],
    out: OutOption = None,
    device: DeviceOption = Device.auto,
    as_json: JsonOption = False,
) -> None:
    """Make the picture that a recipe describes."""
    if out is not None:
        is_file_name(out)
    value = read_any_recipe(recipe)
    rendered = drive(open_engine(device).render(value), "Rendering")
    path = save(rendered.image, value, out, safe_stem(recipe.stem))
    print_pictures([picture_facts(path, rendered.image, value)], as_json)


def read_any_recipe(path: Path) -> Recipe:
    """The recipe in a JSON file or in a picture.

    Raises
    ------
    StudioError
        When there is none, or it is damaged or newer than this program.
    """
    from studio.recipes import document, embed

    if path.suffix.lower() != ".json":
        found = embed.read_recipe(path)
        if found is None:
            raise StudioError(
                f"{path.name} carries no recipe.",
                "Choose a picture that was saved with Latent Studio, or a .json file.",
            )
        return found
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise StudioError(f"Cannot read {path}: {error.strerror or error}.", "Check the name of the file.") from error
    except UnicodeDecodeError as error:
        raise StudioError(f"{path.name} is not a text file.", "Choose a recipe (.json) or a picture.") from error
    return document.loads(text)


@app.command()
def train(
    folder: Annotated[Path | None, typer.Argument(help="The folder with your pictures.", show_default=False)] = None,
    name: Annotated[str | None, typer.Option(help="Name of the model. Default: the folder's.")] = None,
    architecture: Annotated[str | None, typer.Option(help="stylegan2 or dcgan.")] = None,
    resolution: Annotated[int | None, typer.Option(help="Side of the pictures: 32, 64, 128 or 256 pixels.")] = None,
    start_from: Annotated[str | None, typer.Option("--from", help="Continue from this model.")] = None,
    images: Annotated[int | None, typer.Option(help="How many pictures to show it in all.")] = None,
    batch: Annotated[int | None, typer.Option(help="Pictures a step.")] = None,
    seed: Annotated[int | None, typer.Option(help="Same seed, same device: same model.")] = None,
    mirror: Annotated[bool | None, typer.Option("--mirror/--no-mirror", help="Also show mirrored pictures.")] = None,
    background: Annotated[str | None, typer.Option(help="Colour under transparent pictures: #rrggbb.")] = None,
    device: DeviceOption = Device.auto,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="Any other setting, as name=value. Repeatable.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a run: its folder, or its name in --list.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List all runs.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Train a generator on a folder of pictures. Ctrl+C stops it with a checkpoint; --resume goes on from there."""
    from studio.training.runs import RunDirectory, list_runs

    if sum((folder is not None, resume is not None, list_)) != 1:
        raise typer.BadParameter("Name a folder of pictures, or use --resume RUN, or --list.")
    if list_:
        print_runs(list_runs(), as_json)
        return
    if resume is not None:
        run = find_run(resume)
    else:
        assert folder is not None
        given = {
            "name": name or folder.resolve().name or "model",
            "folder": str(folder.resolve()),
            "architecture": architecture,
            "resolution": resolution,
            "start_from": str(choose_model(start_from).path) if start_from is not None else None,
            "images": images,
            "batch": batch,
            "seed": seed,
            "mirror": mirror,
            "background": background,
            "device": device.value,
        }
        settings = train_settings({key: value for key, value in given.items() if value is not None}, setting or ())
        if not folder.is_dir():
            raise StudioError(f"There is no folder {folder}.", "Check its name.")
        run = RunDirectory.create(settings)
    if not run.alive():
        run.start()
    elif run.requested() == "pause":
        run.request("resume")
    state = follow(run)
    report(run, state, as_json)


def train_settings(given: dict[str, Any], assignments: Sequence[str]) -> Any:
    """TrainSettings from options and ``--set name=value``.

    Raises
    ------
    typer.BadParameter
        For an unknown setting or a value out of its range.
    """
    from pydantic import ValidationError

    from studio.training.settings import TrainSettings

    values = dict(given)
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals or key not in TrainSettings.model_fields:
            known = ", ".join(sorted(TrainSettings.model_fields))
            raise typer.BadParameter(f"“{assignment}” sets nothing known. There are: {known}.")
        try:
            values[key] = json.loads(text)
        except ValueError:
            values[key] = text
    try:
        return TrainSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise typer.BadParameter(f"{where + ': ' if where else ''}{first['msg']}.") from None


def find_run(wanted: str) -> RunDirectory:
    """The run in the folder ``wanted``, or the newest whose folder or model is called so.

    Raises
    ------
    StudioError
        When there is none.
    """
    from studio.training.runs import RunDirectory, list_runs

    if (Path(wanted) / "run.json").is_file():
        return RunDirectory(Path(wanted))
    for run in list_runs():
        if wanted in (run.path.name, run.settings.name):
            return run
    raise StudioError(f"There is no training run “{wanted}” in {runs_dir()}.", "See `latent-studio train --list`.")


def follow(run: RunDirectory) -> RunState:
    """Show a run's progress until its process ends. Ctrl+C asks it to stop; a second one leaves it to itself.

    Raises
    ------
    Cancelled
        When it was stopped by Ctrl+C.
    """
    columns = (MofNCompleteColumn(), TextColumn("{task.fields[speed]}"), TimeElapsedColumn(), TimeRemainingColumn())
    stopping = False
    with progress_bar("Starting", *columns) as (bar, task):
        while True:
            try:
                state = run.state()
                bar.update(
                    task,
                    description=escape(state.message or state.status),
                    completed=state.images,
                    total=state.total,
                    speed=f"{state.images_per_second:.1f} images/s" if state.images_per_second else "",
                )
                if not state.alive:
                    break
                time.sleep(POLL_SECONDS)
            except KeyboardInterrupt:
                if stopping:
                    raise
                stopping = True
                run.request("stop")
                bar.console.print("Stopping after a checkpoint; once more Ctrl+C leaves it to itself.")
    # The last events may have been written after they were read and before the process ended.
    state = run.state()
    if stopping and state.status != "finished":
        stderr().print(f"Stopped. Go on with: latent-studio train --resume {escape(run.path.name)}", soft_wrap=True)
        raise Cancelled
    return state


def report(run: RunDirectory, state: RunState, as_json: bool) -> None:
    """Say how a run ended.

    Raises
    ------
    StudioError
        When it failed.
    Cancelled
        When something else (the window) stopped it.
    """
    if state.status == "stopped":
        raise Cancelled
    if state.status != "finished":
        raise StudioError(
            state.message or f"The training of “{run.settings.name}” ended at once.",
            state.action or f"What it printed is in {run.path / 'process.log'}.",
        )
    if as_json:
        print_json(run_facts(run))
    else:
        print(run.model_path or run.path)


def run_facts(run: RunDirectory) -> dict[str, Any]:
    """What ``--json`` says about a run."""
    state = run.state()
    return {
        "run": run.path.name,
        "path": str(run.path),
        "name": run.settings.name,
        "status": state.status,
        "images": state.images,
        "total": state.total,
        "images_per_second": state.images_per_second,
        "seconds_left": state.seconds_left,
        "message": state.message,
        "alive": state.alive,
        "model": str(run.model_path) if run.model_path else None,
    }


def print_runs(runs: Sequence[RunDirectory], as_json: bool) -> None:
    """All runs as a table or JSON."""
    facts = [run_facts(run) for run in runs]
    if as_json:
        print_json({"runs": facts})
        return
    rows = [(f["run"], f["name"], f["status"], f"{f['images']:,} / {f['total']:,}") for f in facts]
    print_table(("Run", "Model", "Status", "Images"), rows, f"No runs yet in {runs_dir()}.")


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> None:
    """A table on stdout; nothing but a line on stderr when there is nothing to show."""
    if not rows:
        stderr().print(escape(empty), soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console = Console(highlight=False)
    # In a pipe there is no width to keep to: whole lines are easier to work with.
    console.print(table, width=None if console.is_terminal else 10_000, soft_wrap=not console.is_terminal)


@app.command()
def models(
    add: Annotated[
        list[Path] | None,
        typer.Option("--add", help="First take this file into the library: .safetensors, StyleGAN2 .pkl or .pt."),
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


@app.command()
def gallery(
    search: Annotated[str, typer.Argument(help="Words to look for.")] = "",
    kind: Annotated[
        Literal["sample", "photo", "stylize"] | None, typer.Option(help="sample, photo or stylize.")
    ] = None,
    favourites: Annotated[bool, typer.Option("--favourites", help="Favourites only.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many, newest first.")] = None,
    rescan: Annotated[bool, typer.Option("--rescan", help="First bring the index up to date with the files.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List or search the pictures saved so far."""
    pictures_of = open_gallery()
    if rescan:
        count = drive(pictures_of.rescan(), "Reading the gallery")
        stderr().print(f"{count} pictures in the gallery.")
    found = pictures_of.pictures(search, kind=kind, favourites=favourites, limit=limit)
    if as_json:
        from studio.recipes import document

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
                        "recipe": json.loads(document.dumps(picture.recipe)) if picture.recipe is not None else None,
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


def main() -> None:
    """Entry point of ``latent-studio``."""
    for stream in (sys.stdout, sys.stderr):
        # A file name that the terminal's encoding lacks must not end the program.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="latent-studio")
