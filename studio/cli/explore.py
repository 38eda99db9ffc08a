"""Commands that draw samples and walks through a latent space, and those that render a recipe file."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.base import StudioError, drain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.engine import Engine
    from studio.recipes import DirectionMove, FileRef, NetworkBlend, Recipe, StyleMix

from studio.base.names import safe_stem
from studio.cli.app import ModelOption, app, choose_model, drive, print_json, progress_bar
from studio.cli.field_options import NOTHING_GIVEN, with_given_options, with_shared_options
from studio.cli.file_names import name_of_sample, name_of_sheet
from studio.cli.results import STDOUT, check_free, given_file, is_file_name, printed_pictures
from studio.cli.shared_options import Output, ProfileOption, Writing, write_sheet
from studio.recipes import JourneyRecipe, LatentSeed, SampleRecipe

DRAWN = ("truncation", "truncation_cutoff", "label", "noise")
"""Fields of a sample's recipe that have options like themselves."""
TIPS = {
    "truncation": "1: full variety; 0: the average picture",
    "truncation_cutoff": "Truncate only so many layers, coarse ones first",
    "label": "Class, for models that have classes",
    "noise": "The generator's noise: fixed, drawn from the seed, or none",
}
FLAGS = {"truncation": ("--truncation", "-t"), "truncation_cutoff": ("--cutoff",)}
MAX_SEEDS = 100_000
_FROM_FILE = re.compile(r"(?P<path>.+\.json)(?:#(?P<name>.+))?=(?P<amount>[^=]+)")
_DIRECTION = re.compile(
    r"(?:(?P<basis>principal|style):)?(?P<index>\d+)=(?P<amount>[^@]+)(?:@(?P<first>\d+)(?:-(?P<last>\d+))?)?", re.ASCII
)
BLEND_HELP = (
    "Mix in another model of the same shape: Other=0.5, or of the layers of 4 to 32 px alone: Other=1@4-32. Repeatable."
)
_BLEND = re.compile(r"(?P<model>.+)=(?P<share>[^=@]+)(?:@(?P<first>\d+)(?:-(?P<last>\d+))?)?")


@app.command()
@with_given_options("given", SampleRecipe, DRAWN, tips=TIPS, flags=FLAGS)
@with_shared_options("output")
def sample(
    model: ModelOption = None,
    seed: Annotated[str, typer.Option("--seed", "-s", help="Seeds: 42, 0-15, or 3,7,20-24.")] = "0",
    given: Mapping[str, Any] = NOTHING_GIVEN,
    mix: Annotated[
        list[str] | None,
        typer.Option("--mix", help="Style mixing: layers 0 to 3 from seed 7 is 7:0-3 (0 is coarsest). Repeatable."),
    ] = None,
    direction: Annotated[
        list[str] | None,
        typer.Option(
            "--direction",
            "-d",
            help="Move along a direction: 0=1.5, of the styles of layers 4 to 8: style:0=1.5@4-8, of a file: "
            "mine.json=1.5 or mine.json#Name=1.5. Repeatable.",
        ),
    ] = None,
    blend: Annotated[list[str] | None, typer.Option("--blend", help=BLEND_HELP)] = None,
    blend_mapping: Annotated[
        float, typer.Option("--blend-mapping", min=0, max=1, help="How much of the other model's mapping there is.")
    ] = 0.0,
    own_styles: Annotated[
        bool,
        typer.Option(
            "--own-styles", help="Each layer follows the seed as its own model does: for models that are no relatives."
        ),
    ] = False,
    sheet: Annotated[bool, typer.Option("--sheet", help="One picture of all samples side by side.")] = False,
    output: Output = Output(),
) -> None:
    """Draw pictures from a model."""
    out, seeds = output.out, parse_seeds(seed)
    moves = parse_directions(direction or ())
    if out is not None and is_file_name(out) and len(seeds) > 1 and not sheet:
        raise typer.BadParameter(f"{len(seeds)} pictures do not fit into one file: name a folder, or add --sheet.")
    output.check(1 if sheet else len(seeds))
    if sheet and out is None:
        raise typer.BadParameter("A sheet does not belong into the gallery: name a file or folder with --out.")
    recipes = sample_recipes(model, seeds, **given, directions=moves, style_mix=parse_mixes(mix or ()))
    engine = output.engine()
    if blend:
        both = parse_blend(engine, recipes[0].model, blend, blend_mapping, own_styles=own_styles)
        recipes = [recipe.model_copy(update={"blend": both}) for recipe in recipes]
    name = recipes[0].model.name
    if sheet:
        from studio.engine.jobs.sample_grid import draw_samples

        image = contact_sheet(drive(draw_samples(engine, recipes), "Drawing"))
        assert out is not None
        named = out == STDOUT or is_file_name(out)
        wanted = out if named else out / f"{name_of_sheet(name, seed)}.png"
        write_sheet(image, recipes[0], wanted, overwrite=output.overwrite, as_json=output.as_json, named=named)
    else:
        with printed_pictures(output.as_json) as made, progress_bar("Drawing") as (bar, task):
            bar.update(task, total=len(recipes))
            for number, recipe in zip(seeds, recipes, strict=True):
                rendered = drain(engine.render(recipe))
                made({**output.save(rendered.image, recipe, name_of_sample(name, number)), "seed": number})
                bar.update(task, advance=1)


def contact_sheet(images: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Pictures of one size, uint8 (h, w, 3 or 4), as a grid that is about as high as wide.

    Unused places are black, or transparent when any of the pictures has alpha.
    """
    import numpy as np

    height, width = images[0].shape[:2]
    columns = math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    channels = max(image.shape[2] for image in images)
    grid = np.zeros((rows * height, columns * width, channels), np.uint8)
    for number, image in enumerate(images):
        top, left = number // columns * height, number % columns * width
        place = grid[top : top + height, left : left + width]
        place[..., 3:] = 255
        place[..., : image.shape[2]] = image
    return grid


@app.command()
@with_given_options("given", SampleRecipe, ("truncation", "label"), tips=TIPS, flags=FLAGS)
@with_given_options(
    "way",
    JourneyRecipe,
    ("frames_per_leg", "easing", "fps", "loop"),
    flags={"frames_per_leg": ("--frames",)},
)
@with_shared_options("writing")
def interpolate(
    seed: Annotated[str, typer.Option("--seed", "-s", help="The seeds to travel through: 3,7,20 or 0-5.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The film to write (.mp4).")],
    model: ModelOption = None,
    given: Mapping[str, Any] = NOTHING_GIVEN,
    way: Mapping[str, Any] = NOTHING_GIVEN,
    writing: Writing = Writing(),
) -> None:
    """Film a journey through the latent space."""
    seeds = parse_seeds(seed)
    if len(seeds) < 2:
        raise typer.BadParameter("A journey needs two seeds or more, such as --seed 3,7.")
    if out.suffix.lower() != ".mp4":
        raise typer.BadParameter(f"{out.name}: films are saved as .mp4.")
    check_free(out, writing.overwrite)
    journey = JourneyRecipe(keys=tuple(sample_recipes(model, seeds, **given)), **way)
    told = _film_journey(journey, out, writing)
    print_json({**told, "seeds": seeds}) if writing.as_json else print(out)


def _film_journey(journey: JourneyRecipe, out: Path, said: Writing | Output) -> dict[str, Any]:
    """Film a journey; returns what ``--json`` tells of it."""
    from studio.engine.jobs.journey import export_journey, journey_length

    work = export_journey(
        said.engine(),
        journey.keys,
        out,
        frames_per_leg=journey.frames_per_leg,
        fps=journey.fps,
        loop=journey.loop,
        easing=journey.easing,
        overwrite=said.overwrite,
    )
    path = drive(work, "Filming").resolve()
    count = journey_length(len(journey.keys), journey.frames_per_leg, loop=journey.loop)
    return {"path": str(path), "frames": count, "fps": journey.fps}


def sample_recipes(model: str | None, seeds: Sequence[int], **given: Any) -> list[SampleRecipe]:
    """One recipe a seed; ``given`` are its other fields."""
    ref = choose_model(model).ref
    return [SampleRecipe(model=ref, latent=LatentSeed(seed=seed), noise_seed=seed, **given) for seed in seeds]


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


def parse_mixes(values: Sequence[str]) -> tuple[StyleMix, ...]:
    """Style mixing from ``"7:0-3,5"``: a seed and the layers that take its w.

    Raises
    ------
    typer.BadParameter
        When one reads otherwise, or names layers that no network has.
    """
    from studio.recipes import LatentSeed, StyleMix

    mixes = []
    for value in values:
        seed, _, layers = value.partition(":")
        numbers = parse_seeds(layers)
        if not seed.isdecimal() or not int(seed) < 2**32 or max(numbers) >= 64:
            raise typer.BadParameter(f"“{value}” is no seed and layers (0 to 63) such as 7:0-3.")
        mixes.append(StyleMix(latent=LatentSeed(seed=int(seed)), layers=tuple(numbers)))
    return tuple(mixes)


def parse_directions(values: Sequence[str]) -> tuple[DirectionMove, ...]:
    """Moves along directions from ``"2=1.5"`` (index and amount), ``"style:2=1.5"``, and ``"2=1.5@4-8"`` on layers.

    Raises
    ------
    typer.BadParameter
        When one reads otherwise.
    """
    from studio.recipes import DirectionMove

    moves = []
    for value in values:
        if (file := _FROM_FILE.fullmatch(value)) is not None:
            moves.append(_move_from_file(value, Path(file["path"]), file["name"] or "", file["amount"]))
            continue
        found = _DIRECTION.fullmatch(value.replace(" ", ""))
        try:
            if found is None:
                raise ValueError
            first, last = found["first"], found["last"] or found["first"]
            moves.append(
                DirectionMove(
                    basis=found["basis"] or "principal",  # type: ignore[arg-type]
                    index=int(found["index"]),
                    amount=float(found["amount"]),
                    layers=(int(first), int(last)) if first else None,
                )
            )
        except ValueError:
            raise typer.BadParameter(
                f"“{value}” is no direction and amount such as 0=1.5, style:0=1.5 or 0=1.5@4-8 (on layers 4 to 8). "
                "Directions count from 0 to 511, layers from 0 to 63, amounts are finite."
            ) from None
    return tuple(moves)


def parse_blend(
    engine: Engine, model: FileRef, values: Sequence[str], mapping: float, *, own_styles: bool = False
) -> NetworkBlend:
    """A blend of ``model`` with a second one from ``"Other=0.5"`` and ``"Other=1@4-32"``.

    Raises
    ------
    typer.BadParameter
        When one reads otherwise, or they name several models.
    StudioError
        When a model is not in the library.
    """
    from studio.engine.jobs.network_blend import amounts_by_resolution
    from studio.recipes import NetworkBlend

    names, shares = set(), []
    for value in values:
        found = _BLEND.fullmatch(value)
        try:
            if found is None:
                raise ValueError
            share, first = float(found["share"]), int(found["first"] or 0)
            last = int(found["last"] or found["first"] or 2**31)
            if not (0 <= share <= 1 and first <= last):
                raise ValueError
        except ValueError:
            raise typer.BadParameter(
                f"“{value}” is no model and share such as Other=0.5 or Other=1@4-32 (of the layers of 4 to 32 px). "
                "Shares go from 0 to 1."
            ) from None
        names.add(found["model"])
        shares.append((share, first, last))
    if len(names) > 1:
        raise typer.BadParameter("One other model can be mixed in, not " + " and ".join(sorted(names)) + ".")
    second = choose_model(names.pop()).ref
    amounts = amounts_by_resolution(engine, model, shares)
    return NetworkBlend(model=second, amounts=amounts, mapping=mapping, own_styles=own_styles)


def _move_from_file(value: str, path: Path, name: str, amount: str) -> DirectionMove:
    """A move along a direction that was exported or learned."""
    from studio.recipes import DirectionMove
    from studio.recipes.direction_set import DIRECTIONS

    directions = DIRECTIONS.read(path).directions
    found = next((one for one in directions if not name or one.name == name), None)
    if found is None:
        names = ", ".join(one.name or f"{one.basis} {one.index}" for one in directions)
        raise typer.BadParameter(f"{path.name} holds no direction “{name}”, but: {names or 'none'}.")
    try:
        return DirectionMove(
            basis=found.basis, index=found.index, amount=float(amount), layers=found.layers, vector=found.vector
        )
    except ValueError:
        raise typer.BadParameter(f"“{value}”: {amount} is no amount such as 1.5.") from None


@app.command()
@with_shared_options("output")
def render(
    recipe: Annotated[
        Path, typer.Argument(help="A recipe file (.json), or a picture or journey (.mp4) that carries its recipe.")
    ],
    profile: ProfileOption = "photo",
    output: Output = Output(),
) -> None:
    """Make the picture, or the film of a journey, that a recipe describes."""
    recipe = given_file(recipe)
    journey = read_journey(recipe)
    if journey is not None:
        _render_journey(journey, recipe, output)
        return
    output.check()
    value = read_any_recipe(recipe)
    rendered = drive(output.engine().render(value), "Rendering")
    output.show(output.save(rendered.image, value, safe_stem(recipe.stem), profile=profile))


def _render_journey(journey: JourneyRecipe, recipe: Path, output: Output) -> None:
    """Film a journey again."""
    out = output.out
    if out is None or out.suffix.lower() != ".mp4":
        raise typer.BadParameter("Films are saved as .mp4: name the file with --out.")
    if not output.overwrite and out.exists() and recipe.exists() and out.samefile(recipe):
        raise typer.BadParameter("The film would take the place of the one it is read from: choose another --out.")
    told = _film_journey(journey, out, output)
    print_json({**told, "keys": len(journey.keys)}) if output.as_json else print(out)


def read_journey(path: Path) -> JourneyRecipe | None:
    """The journey in its film or in a JSON file; None for files of anything else.

    Raises
    ------
    StudioError
        When it is damaged or newer than this program.
    """
    from studio.media.photos import CLIP_SUFFIXES
    from studio.recipes.sequences.journey import JOURNEY, journey_in_comment

    if path.suffix.lower() in CLIP_SUFFIXES:
        from studio.media.clips import read_comment

        journey = journey_in_comment(read_comment(path))
        if journey is None:
            raise StudioError(
                f"{path.name} carries no journey.", "Choose a journey that was filmed with Latent Studio, or a recipe."
            )
        return journey
    try:
        text = path.read_text(encoding="utf-8") if is_document(path) else ""
    except (OSError, UnicodeDecodeError):
        return None  # said by whoever reads it as a recipe
    return JOURNEY.loads(text) if f'"{JOURNEY.name}"' in text[:400] else None


def is_document(path: Path) -> bool:
    """True for JSON, which ends so or, where nothing says what it is (the standard input), begins with a brace."""
    if path.suffix:
        return path.suffix.lower() == ".json" and not path.is_dir()
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip().startswith(b"{")
    except OSError:
        return False


def read_any_recipe(path: Path) -> Recipe:
    """The recipe in a JSON file or in a picture; "-" is the standard input.

    Raises
    ------
    StudioError
        When there is none, or it is damaged or newer than this program.
    """
    from studio.recipes import documents, embed

    path = given_file(path)
    if not is_document(path):
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
    return documents.loads(text)
