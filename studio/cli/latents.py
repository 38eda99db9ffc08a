"""Commands for one picture's neighbourhood: directions, variations, children, and grids of style mixing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.base import StudioError, drain
from studio.cli.app import ModelOption, app, choose_model, drive, print_json, print_table, progress_bar
from studio.cli.explore import FLAGS, TIPS, contact_sheet, parse_seeds, read_any_recipe, sample_recipes
from studio.cli.field_options import NOTHING_GIVEN, with_given_options, with_shared_options
from studio.cli.file_names import name_of_variation, name_of_variations
from studio.cli.results import STDOUT, check_free, is_file_name, printed_pictures
from studio.cli.shared_options import Computing, Output, SheetOutput, Writing, write_sheet
from studio.recipes import SampleRecipe

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.recipes import FileRef
    from studio.recipes.direction_set import LayerParts, NamedDirection
    from studio.recipes.latents import Basis
    from studio.synthesis.breeding import Inheritance

DRAWN = ("truncation", "label")
"""Fields of samples that have options here."""
PARTS = ("shape", "features", "colour")
_SPELLED = {"color": "colour"}
STEPS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)


@app.command()
@with_given_options("given", SampleRecipe, DRAWN, tips=TIPS, flags=FLAGS)
@with_shared_options("writing")
def directions(
    model: ModelOption = None,
    basis: Annotated[
        str, typer.Option("--basis", "-b", help="principal: what varies most; style: what changes some layers most.")
    ] = "principal",
    layers: Annotated[
        str | None, typer.Option("--layers", "-l", help="Of and on these layers: 4-8, or shape, features, colour.")
    ] = None,
    more: Annotated[str | None, typer.Option("--more", help="Learn a direction towards these seeds.")] = None,
    less: Annotated[str | None, typer.Option("--less", help="… and away from these.")] = None,
    name: Annotated[str, typer.Option("--name", help="What the learned direction is called.")] = "My direction",
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=2**32 - 1, help="The picture of the strips.")] = 0,
    given: Mapping[str, Any] = NOTHING_GIVEN,
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=16, help="How many directions.")] = 8,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="A picture (.png): a strip from minus to plus for each; a .json: the learned direction."
        ),
    ] = None,
    writing: Writing = Writing(),
) -> None:
    """List the directions of a model, show what they do, or learn one from samples.

    A learned one is used by `sample --direction "mine.json=1.5"`.
    """
    if basis not in ("principal", "style"):
        raise typer.BadParameter(f"{basis} is no basis: principal or style.")
    learns = out is not None and out.suffix.lower() == ".json"
    if learns != (more is not None):
        raise typer.BadParameter("A direction is learned with --more SEEDS and kept in --out FILE.json.")
    check_free(out, writing.overwrite)
    info = choose_model(model)
    engine = writing.engine()
    if more is not None and out is not None:
        _learn(
            engine, info.ref, parse_seeds(more), parse_seeds(less) if less else [], name, given, out, writing.overwrite
        )
        print_json({"path": str(out.resolve()), "name": name}) if writing.as_json else print(out)
        return
    where = parse_layers(layers, engine, info.ref, info.num_ws) if layers else None
    which: Basis = "style" if basis == "style" else "principal"
    found = engine.space(info.ref).deviations(which, where)[:count]
    known = info.direction_names if which == "principal" else ()
    names = [known[n] if n < len(known) else "" for n in range(len(found))]
    if out is not None:
        from studio.recipes.direction_set import NamedDirection

        shown = [NamedDirection(basis=which, index=index, layers=where) for index in range(len(found))]
        _strips(engine, sample_recipes(info.hash, [seed], **given)[0], shown, out, writing)
        return
    if writing.as_json:
        print_json({"basis": basis, "layers": where, "deviations": found, "names": names})
    else:
        rows = [[str(n), f"{found[n]:.3f}", names[n]] for n in range(len(found))]
        print_table(["Direction", "One unit in w", "From minus to plus"], rows, "This model has none.")


def _learn(
    engine: Engine,
    model: FileRef,
    more: list[int],
    less: list[int],
    name: str,
    given: Mapping[str, Any],
    out: Path,
    overwrite: bool,
) -> None:
    """Write the direction from some seeds to others."""
    from studio.recipes.direction_set import DIRECTIONS, DirectionSet, NamedDirection

    liked, disliked = (sample_recipes(model.hash, seeds, **given) for seeds in (more, less))
    vector = engine.space(model).learned(liked, disliked)
    DIRECTIONS.write(
        DirectionSet(model=model, directions=(NamedDirection(name=name, basis="own", vector=vector),)),
        out,
        overwrite=overwrite,
    )


def _strips(
    engine: Engine,
    recipe: SampleRecipe,
    shown: list[NamedDirection],
    out: Path,
    writing: Writing,
) -> None:
    """Write a picture with a row for each direction, from minus to plus."""
    from studio.engine.jobs.mixing import arranged
    from studio.engine.jobs.sample_grid import draw_samples

    recipes = [one.moved(recipe, amount, one.layers) for one in shown for amount in STEPS]
    pictures = drive(draw_samples(engine, recipes, max_side=256), "Drawing")
    write_sheet(arranged(pictures, len(STEPS)), recipe, out, overwrite=writing.overwrite, as_json=writing.as_json)


@app.command()
@with_given_options("given", SampleRecipe, DRAWN, tips=TIPS, flags=FLAGS)
@with_shared_options("output")
def variations(
    model: ModelOption = None,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=2**32 - 1, help="The picture to vary.")] = 0,
    distance: Annotated[
        float, typer.Option("--distance", "-d", min=0, max=1, help="0: the picture itself; 1: other pictures.")
    ] = 0.35,
    keep: Annotated[
        str | None, typer.Option("--keep", "-k", help="What stays: shape, features, colour, or layers such as 0-3.")
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=1000, help="How many.")] = 9,
    first: Annotated[int, typer.Option("--first", min=0, max=2**31, help="The first seed to vary towards.")] = 1,
    given: Mapping[str, Any] = NOTHING_GIVEN,
    output: Output = Output(),
    sheet: Annotated[bool, typer.Option("--sheet", help="One picture of all side by side.")] = False,
) -> None:
    """Draw variations of a picture, near or far, with what must stay."""
    out = output.out
    if sheet and out is None:
        raise typer.BadParameter("A sheet does not belong into the gallery: name a file with --out.")
    if out is not None and is_file_name(out) and count > 1 and not sheet:
        raise typer.BadParameter(f"{count} pictures do not fit into one file: name a folder, or add --sheet.")
    output.check(1 if sheet else count)
    from studio.synthesis.variations import variations as vary

    info = choose_model(model)
    engine = output.engine()
    kept = layer_set(keep, engine, info.ref, info.num_ws) if keep else set()
    base = sample_recipes(info.hash, [seed], **given)[0]
    recipes = vary(base, range(first, first + count), distance, layers=info.num_ws, kept=kept)
    if sheet and out is not None:
        from studio.engine.jobs.sample_grid import draw_samples

        image = contact_sheet(drive(draw_samples(engine, recipes), "Drawing"))
        target = out if out == STDOUT or is_file_name(out) else out / f"{name_of_variations(info.name, seed)}.png"
        write_sheet(image, base, target, overwrite=output.overwrite, as_json=output.as_json)
        return
    with printed_pictures(output.as_json) as made, progress_bar("Drawing") as (bar, task):
        bar.update(task, total=count)
        for number, recipe in enumerate(recipes):
            rendered = drain(engine.render(recipe))
            stem = name_of_variation(info.name, seed, first + number)
            made(output.save(rendered.image, recipe, stem))
            bar.update(task, advance=1)


@app.command()
@with_shared_options("output")
def breed(
    output: SheetOutput,
    pictures: Annotated[
        list[Path], typer.Argument(help="One or two parents: pictures that were saved here, or recipes (.json).")
    ],
    count: Annotated[int, typer.Option("--children", "-n", min=1, max=400, help="How many children.")] = 9,
    mutation: Annotated[
        float, typer.Option("--mutation", "-m", min=0, max=1, help="0: only what the parents have; 1: other pictures.")
    ] = 0.3,
    inheritance: Annotated[
        str,
        typer.Option(
            "--inherit", help="layers: some layers of each parent; parts: whole parts of each; blend: between both."
        ),
    ] = "layers",
    keep: Annotated[
        str, typer.Option("--keep", help="What is the first parent's in all children: shape, features, colour, or 0-3.")
    ] = "",
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=2**32 - 1, help="Other children for another.")] = 0,
) -> None:
    """Draw children of one or two pictures as a sheet."""
    how: Inheritance
    match inheritance:
        case "layers" | "parts" | "blend":
            how = inheritance
        case _:
            raise typer.BadParameter(f"{inheritance} is no inheritance: layers, parts or blend.")
    if len(pictures) > 2:
        raise typer.BadParameter("A child has one parent or two.")
    output.check("children.png")
    samples: list[SampleRecipe] = []
    for path in pictures:
        recipe = read_any_recipe(path)
        if not isinstance(recipe, SampleRecipe):
            raise StudioError(
                f"{path.name} carries no recipe of a sample.", "Choose a picture that was drawn and saved here."
            )
        samples.append(recipe)
    from studio.engine.jobs.breeding import bred
    from studio.engine.jobs.sample_grid import draw_samples

    engine = output.engine()
    info = engine.library.find(samples[0].model)
    kept = layer_set(keep, engine, info.ref, info.num_ws) if keep else set()
    groups = []
    if how == "parts" and info.num_ws > 1:
        parts = _measured(engine, info.ref, info.num_ws)
        groups = [set(parts.layers_of(part, info.num_ws)) - set(kept) for part in range(len(PARTS))]
    seeds = range(seed, seed + count)
    second = samples[1] if len(samples) > 1 else None
    found = bred(engine, samples[0], second, seeds, mutation, how, kept=kept, groups=groups)
    sheet = contact_sheet(drive(draw_samples(engine, found), "Drawing"))
    output.write(sheet, samples[0])


@app.command("map")
@with_given_options("given", SampleRecipe, DRAWN, tips=TIPS, flags=FLAGS)
@with_shared_options("output")
def latent_map(
    output: SheetOutput,
    model: ModelOption = None,
    x: Annotated[float, typer.Option("--x", min=-1e6, max=1e6, help="The place in the middle, across.")] = 0.0,
    y: Annotated[float, typer.Option("--y", min=-1e6, max=1e6, help="The place in the middle, down.")] = 0.0,
    zoom: Annotated[
        float, typer.Option("--zoom", "-z", min=1 / 256, max=4096, help="The pictures are 1/zoom apart.")
    ] = 1.0,
    columns: Annotated[int, typer.Option("--columns", "-c", min=1, max=64, help="Pictures in a row.")] = 6,
    rows: Annotated[int | None, typer.Option("--rows", "-r", min=1, max=64, help="Rows; as many as columns.")] = None,
    size: Annotated[int, typer.Option("--size", min=16, max=1024, help="The longest side of a picture.")] = 128,
    around: Annotated[
        int | None, typer.Option("--around", help="Begin at the picture of this seed: x and y count from its place.")
    ] = None,
    given: Mapping[str, Any] = NOTHING_GIVEN,
) -> None:
    """Draw a sheet of the map: an endless plane, every place of which is a picture."""
    output.check("map.png")
    from studio.engine.jobs.latent_map import map_recipes, map_sheet
    from studio.recipes import recipe_hash
    from studio.synthesis.latent_map import MapPin, anchor_place

    base = sample_recipes(choose_model(model).hash, [around or 0], **given)[0]
    anchors = []
    if around is not None:
        here = anchor_place(recipe_hash(base))
        anchors, x, y = [MapPin(x=here[0], y=here[1], recipe=base)], x + here[0], y + here[1]
    engine = output.engine()
    image = drive(map_sheet(engine, base, (x, y), zoom, columns, rows or columns, anchors, max_side=size), "Drawing")
    [middle] = map_recipes(engine, base, [(x, y)], anchors)
    output.write(image, middle)


@app.command("mix-grid")
@with_given_options("given", SampleRecipe, DRAWN, tips=TIPS, flags=FLAGS)
@with_shared_options("output")
def mix_grid(
    output: SheetOutput,
    rows: Annotated[str, typer.Option("--rows", "-r", help="Seeds at the left, which keep their other layers.")],
    columns: Annotated[str, typer.Option("--columns", "-c", help="Seeds above, which give their styles.")],
    model: ModelOption = None,
    take: Annotated[
        str,
        typer.Option("--take", help="What comes from above: shape, features, colour, or layers (8-13)."),
    ] = "colour",
    given: Mapping[str, Any] = NOTHING_GIVEN,
) -> None:
    """Draw the grid of style mixing: every picture at the left with the styles of every picture above."""
    left, above = parse_seeds(rows), parse_seeds(columns)
    output.check("grid.png")
    from studio.engine.jobs.mixing import mix_grid as draw

    info = choose_model(model)
    engine = output.engine()
    layers = layer_set(take, engine, info.ref, info.num_ws)
    made = [sample_recipes(info.hash, seeds, **given) for seeds in (left, above)]
    image = drive(draw(engine, made[0], made[1], layers), "Drawing")
    output.write(image, made[0][0])


@app.command()
@with_shared_options("computing")
def layers(model: ModelOption = None, computing: Computing = Computing()) -> None:
    """Measure which layers of a model draw the shape, the features and the colour."""
    info = choose_model(model)
    engine = computing.engine()
    parts = _measured(engine, info.ref, info.num_ws)
    found = {name: list(parts.layers_of(part, info.num_ws)) for part, name in enumerate(PARTS)}
    if computing.as_json:
        print_json(found)
    else:
        rows = [[name, f"{part[0]}-{part[-1]}" if part else "-"] for name, part in found.items()]
        print_table(["Part", "Layers"], rows, "")


def layer_set(text: str, engine: Engine, model: FileRef, count: int) -> set[int]:
    """Layers from ``"shape,colour"``, ``"0-3,7"`` or both mixed.

    Raises
    ------
    typer.BadParameter
        When a word is no part, or a layer beyond the model's.
    StudioError
        When the model has no layers of its own styles.
    """
    words = [_SPELLED.get(word.strip().lower(), word.strip().lower()) for word in text.split(",")]
    if not count:
        raise StudioError(
            "This network has no layers with styles of their own.", "Choose a StyleGAN2 or StyleGAN3 model."
        )
    found: set[int] = set()
    for word in words:
        if word in PARTS:
            found.update(_measured(engine, model, count).layers_of(PARTS.index(word), count))
        else:
            found.update(parse_seeds(word))
    if found and max(found) >= count:
        raise typer.BadParameter(f"“{text}”: this model has the layers 0 to {count - 1}.")
    return found


def parse_layers(text: str, engine: Engine, model: FileRef, count: int) -> tuple[int, int]:
    """First and last layer from ``"4-8"`` or a part; see :func:`layer_set`."""
    found = sorted(layer_set(text, engine, model, count))
    if found != list(range(found[0], found[-1] + 1)):
        raise typer.BadParameter(f"“{text}” leaves layers out: name a range such as 4-8.")
    return found[0], found[-1]


def _measured(engine: Engine, model: FileRef, count: int) -> LayerParts:
    """The parts of a model: those that are kept for it, the artist's too, or else measured now."""
    from studio.base.paths import directions_dir
    from studio.engine.jobs.layer_parts import measured_parts
    from studio.recipes.direction_set import DIRECTIONS, usual_parts

    if count < 3:
        return usual_parts(max(1, count))
    path = directions_dir() / f"{model.hash}.json"
    kept = DIRECTIONS.read(path).parts if path.exists() else None
    return kept if kept is not None else drive(measured_parts(engine, model), "Measuring the layers")
