"""The command that restyles photos."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.gallery.looks import LookLibrary
    from studio.recipes import FileRef, StyleUse

from studio.cli.app import JsonOption, app, drive, open_sources, print_json, print_table, stderr
from studio.cli.field_options import NOTHING_GIVEN, with_field_options, with_given_options, with_shared_options
from studio.cli.file_names import name_in_style, name_of_texture
from studio.cli.results import check_free, given_file, given_picture, print_photo_warnings
from studio.cli.shared_options import FolderOutput, Format, Output
from studio.cli.styles import (
    FavouritesOption,
    FolderOption,
    is_whole_folder,
    make_batch,
    make_sheet,
    refuse_options,
    style_path,
)
from studio.recipes import StylizeSettings

with_colors_option = with_given_options(
    "colors",
    StylizeSettings,
    ("color_transfer",),
    flags={"color_transfer": ("--colors",)},
    otherwise={"color_transfer": "style"},
    tips={
        "color_transfer": "style: the styles' colours; luminance: only the brightness is restyled; linear, histogram: "
        "the styles' strokes in the picture's palette"
    },
)
"""Decorator of a command: --colors, empty for the styles' own, in place of its parameter ``colors``."""
ELSEWHERE = ("keep_colors", "color_transfer", "mask", "process")
"""Fields of the settings that --colors, --keep-colors and --mask stand for."""
TIPS = {
    "method": "preview: at once; refined: in seconds; optimise: final quality, takes its time",
    "feather": "Softness of the masks' edges, in shares of the long side",
    "steps": "Optimisation steps",
}


StyleOption = Annotated[
    list[str],
    typer.Option(
        "--style", "-s", help="A style picture or a name in the style library, or either:weight. Repeat it to blend."
    ),
]
ScaleOption = Annotated[
    list[str] | None,
    typer.Option("--style-scale", help="Size of the strokes, of all styles or of one: 2, or 1=2 for the first style."),
]
PartOption = Annotated[
    list[str] | None,
    typer.Option("--style-part", help="1=mask.png: of the first style, only what is white in the mask."),
]


@app.command()
@with_field_options("settings", without=(*ELSEWHERE, "texture"), tips=TIPS)
@with_colors_option
@with_shared_options("output")
def stylize(
    context: typer.Context,
    photos: Annotated[
        list[Path], typer.Argument(help="The picture to restyle, several of them, or a folder (both with --out).")
    ],
    style: Annotated[
        list[str] | None,
        typer.Option(
            "--style",
            "-s",
            help="A style picture or a name in the style library, or either:weight. Repeat it to blend.",
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset", help="A look saved in the Stylize room: its styles, and its settings unless given here."
        ),
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Write the picture in all styles of the library to this file (.png, .jpg).")
    ] = None,
    folder: FolderOption = None,
    favourites: FavouritesOption = False,
    settings: StylizeSettings = StylizeSettings(),
    keep_colors: Annotated[
        bool, typer.Option("--keep-colors", help="Keep the picture's own colours; the same as --colors luminance.")
    ] = False,
    colors: Mapping[str, Any] = NOTHING_GIVEN,
    style_scale: ScaleOption = None,
    mask: Annotated[
        Path | None, typer.Option(help="Grey picture: white is restyled, black stays as it is.", exists=True)
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option("--region", help="1=mask.png: the first style goes only where the mask is white."),
    ] = None,
    style_part: PartOption = None,
    enlarge: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=8,
            help="Enlarge the result so many times: for prints, much quicker than such a --size.",
            show_default=False,
        ),
    ] = None,
    keep_photos: Annotated[
        bool, typer.Option("--keep-photos", help="Of many: keep copies, so that pictures can be changed later.")
    ] = False,
    output: FolderOutput = FolderOutput(file_format=Format.jpg),
) -> None:
    """Restyle a picture, several pictures or a folder of them, with one style or a blend of several.

    Many go on where they were when the same command is given again. With --sheet, one small picture for each style
    of the library.
    """
    if len(photos) == 1:
        photos = [photos[0] if photos[0].is_dir() else given_picture(photos[0])]
    photo = photos[0]
    out, many = output.out, is_whole_folder(photos) or len(photos) > 1
    if sheet is None:
        refuse_options((("--folder", folder is not None), ("--favourites", favourites)), "only with --sheet.")
        if not style and preset is None:
            raise typer.BadParameter("Give a --style (`latent-studio styles` lists some), a --preset, or --sheet.")
        if preset is not None:
            refuse_options(
                (("--style", bool(style)), ("--style-scale", bool(style_scale)), ("--style-part", bool(style_part))),
                "not with --preset, which has its own styles.",
            )
    elif many:
        raise typer.BadParameter("--sheet: of one picture, not of many.")
    else:
        refuse_options(
            (("--style", bool(style)), ("--preset", preset is not None), ("--out", out is not None)),
            "not with --sheet, which has them all.",
        )
    output.check(2 if many else 1)
    saved = None if preset is None else open_looks().find(preset)
    styles = given_styles(style or ())
    scales = parse_scales(style_scale, len(styles))
    count = len(styles) if saved is None else len(saved.look.styles)
    regions, parts = parse_masks(region, count), parse_masks(style_part, len(styles))
    check_free(sheet, output.overwrite)
    mask = None if mask is None else given_picture(mask)
    from studio.recipes import EnlargeRecipe, PhotoRecipe, StyleUse, StylizeRecipe

    engine = output.engine()
    if saved is not None:
        settings = settings.model_copy(update=_unless_given(open_looks().unpack(saved).changes(), context))
    if keep_colors and not colors:
        colors = {"color_transfer": "luminance"}
    kept: dict[str, Any] = {**colors, "keep_colors": True} if colors else {}
    if many:
        from studio.engine.jobs.batch_record import ANY_PHOTO

        content = ANY_PHOTO
    else:
        content = PhotoRecipe(photo=engine.sources.lend(photo) if sheet is not None else engine.sources.add(photo))
    uses = style_uses(engine, styles, scales, regions, parts)
    if saved is not None:
        uses = tuple(
            use.model_copy(update={"region": _stored(engine, regions.get(number))})
            for number, use in enumerate(saved.look.styles)
        )
    recipe = StylizeRecipe(
        **{**dict(settings), **kept, "mask": _stored(engine, mask)},
        content=content,
        # For a sheet, the styles come later, one after the other.
        styles=uses or (StyleUse(source=content),),
    )
    for path in (*(() if many else (photo,)), *(path for path, _ in styles)):
        if path.is_file():  # many photos are reported one by one, the library's styles are known
            print_photo_warnings(path)
    if sheet is not None:
        make_sheet(engine, recipe, sheet, folder, favourites, output.as_json, overwrite=output.overwrite)
        return
    whole = recipe if enlarge is None else EnlargeRecipe(content=recipe, factor=float(enlarge))
    if many:
        make_batch(engine, whole, photos, output, keep_photos=keep_photos)
        return
    rendered = drive(engine.render(whole), "Stylizing")
    stem = name_in_style(photo.stem, styles[0][0] if saved is None else saved.name)
    output.show(output.save(rendered.image, whole, stem, profile=output.profile))


@app.command()
@with_field_options(
    "settings",
    without=(*ELSEWHERE, "texture", "content_strength", "style_strength", "detail", "feather"),
    tips=TIPS,
)
@with_shared_options("output")
def texture(
    style: StyleOption,
    settings: StylizeSettings = StylizeSettings(method="optimise", texture=True, content_strength=0.0),
    like: Annotated[
        Path | None, typer.Option(help="A picture whose proportions the result has; default the first style.")
    ] = None,
    style_scale: ScaleOption = None,
    style_part: PartOption = None,
    output: Output = Output(),
) -> None:
    """Make a texture of one style or a blend of several, without any photo."""
    styles = given_styles(style)
    scales, parts = parse_scales(style_scale, len(styles)), parse_masks(style_part, len(styles))
    output.check()
    example = None if like is None else given_picture(like)
    from studio.recipes import PhotoRecipe, StylizeRecipe

    engine = output.engine()
    uses = style_uses(engine, styles, scales, {}, parts)
    content = PhotoRecipe(photo=engine.sources.add(example)) if example is not None else uses[0].source
    recipe = StylizeRecipe(**dict(settings), content=content, styles=uses)
    rendered = drive(engine.render(recipe), "Stylizing")
    output.show(output.save(rendered.image, recipe, name_of_texture(styles[0][0])))


@app.command("looks")
def list_looks(as_json: JsonOption = False) -> None:
    """List the looks that were saved in the Stylize room, for `stylize --preset`."""
    scan = open_looks().scan()
    styles = {saved.name: [use.source.title for use in saved.look.styles] for saved in scan.looks}
    if as_json:
        found = [{"name": each.name, "styles": styles[each.name], "path": str(each.path)} for each in scan.looks]
        print_json({"looks": found, "skipped": [str(problem.message) for problem in scan.problems]})
        return
    shown = [(name, ", ".join(names)) for name, names in styles.items()]
    print_table(("Name", "Styles"), shown, "No looks found: save one in the Stylize room.")
    for problem in scan.problems:
        stderr().print(f"Left out: {problem.message}", markup=False, soft_wrap=True)


def open_looks() -> LookLibrary:
    """The looks in the gallery folder that the window uses."""
    from studio.gallery.looks import LOOKS_FOLDER, LookLibrary

    sources = open_sources()
    return LookLibrary(sources.folder.parent / LOOKS_FOLDER, sources)


def _unless_given(settings: dict[str, object], context: typer.Context) -> dict[str, object]:
    """``settings`` without those that an option of the command line gives."""

    def given(option: str) -> bool:
        source = context.get_parameter_source(option)
        return source is not None and source.name == "COMMANDLINE"

    instead = dict.fromkeys(("keep_colors", "color_transfer"), ("keep_colors", "color_transfer"))
    return {
        name: value
        for name, value in settings.items()
        if not any(given(option) for option in instead.get(name, (name,)))
    }


def style_uses(
    engine: Engine,
    styles: list[tuple[Path, float]],
    scales: list[float],
    regions: dict[int, Path],
    parts: dict[int, Path],
) -> tuple[StyleUse, ...]:
    """Styles for a recipe, their pictures and masks kept in the store of sources."""
    from studio.recipes import PhotoRecipe, StyleUse

    heaviest = max((weight for _, weight in styles), default=1.0)
    return tuple(
        # Only the weights' proportions count; recipes want them in 0..1.
        StyleUse(
            source=PhotoRecipe(photo=engine.sources.add(style_path(path))),
            weight=weight / max(1.0, heaviest),
            scale=scale,
            region=_stored(engine, regions.get(number)),
            part=_stored(engine, parts.get(number)),
        )
        for number, ((path, weight), scale) in enumerate(zip(styles, scales, strict=True))
    )


def _stored(engine: Engine, path: Path | None) -> FileRef | None:
    return None if path is None else engine.sources.add(given_file(path))


def parse_scales(texts: list[str] | None, count: int) -> list[float]:
    """A scale for each of ``count`` styles from texts like ``"2"`` (all) and ``"1=0.5"`` (the first).

    Raises
    ------
    typer.BadParameter
        For anything else, and scales beyond 0..4.
    """
    scales = [1.0] * count
    for text in texts or []:
        head, equals, tail = text.rpartition("=")
        try:
            value = float(tail)
        except ValueError:
            value = math.nan
        if not 0 < value <= 4:
            raise typer.BadParameter(f"“{text}”: the scale must be a number above 0, at most 4.")
        for number in [_style_number(head, text, count)] if equals else range(count):
            scales[number] = value
    return scales


def parse_masks(texts: list[str] | None, count: int) -> dict[int, Path]:
    """Masks of ``count`` styles by index, from texts like ``"1=sky.png"``; a bare path is the only style's.

    Raises
    ------
    typer.BadParameter
        When the number or the file is missing.
    """
    masks: dict[int, Path] = {}
    for text in texts or []:
        head, equals, tail = text.partition("=")
        if count == 1 and (not equals or Path(text).exists()):
            head, tail = "1", text
        elif not equals:
            raise typer.BadParameter(f"“{text}”: name the style by its number, as in 1={text}.")
        number, path = _style_number(head, text, count), Path(tail)
        if not path.is_file():
            raise typer.BadParameter(f"“{text}”: there is no file {path}.")
        given_picture(path)
        masks[number] = path
    return masks


def _style_number(head: str, text: str, count: int) -> int:
    if not head.isdigit() or not 1 <= int(head) <= count:
        raise typer.BadParameter(f"“{text}”: styles are numbered 1 to {count}.")
    return int(head) - 1


def given_styles(texts: Sequence[str]) -> list[tuple[Path, float]]:
    """Style pictures and their weights, as :func:`parse_style`; all of them are pictures or in the library.

    Raises
    ------
    StudioError
        When one is neither.
    """
    found = [(given_file(path), weight) for path, weight in map(parse_style, texts)]
    for path, _ in found:
        given_picture(style_path(path))
    return found


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
