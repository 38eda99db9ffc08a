"""The command that stylizes video clips."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import MofNCompleteColumn, TextColumn, TimeRemainingColumn

from studio.base import Message, Progress, drain
from studio.base.names import readable
from studio.cli.app import app, print_json, progress_bar, stderr
from studio.cli.field_options import NOTHING_GIVEN, with_field_options, with_given_options, with_shared_options
from studio.cli.file_names import name_in_style
from studio.cli.results import check_free, free_name, given_file, is_pipe
from studio.cli.shared_options import Writing
from studio.cli.stylize import (
    ELSEWHERE,
    ScaleOption,
    StyleOption,
    given_styles,
    parse_scales,
    style_uses,
    with_colors_option,
)
from studio.recipes import FilmRecipe, StylizeSettings
from studio.recipes.sequences.film import FILM, LARGEST_FILM, SMALLEST_FILM, AnyFilm

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.engine.jobs.film import FilmMade

FILM_TIPS = {
    "method": "preview: some frames a second; optimise: final quality, takes its time",
    "steps": "Optimisation steps of the first frame",
}


@app.command()
@with_field_options("settings", without=(*ELSEWHERE, "size", "seamless", "texture", "feather"), tips=FILM_TIPS)
@with_colors_option
@with_given_options(
    "parts",
    FilmRecipe,
    ("stabilise", "start", "end", "flow"),
    flags={"start": ("--from",), "end": ("--to",)},
    otherwise={"flow": "auto"},
    tips={
        "stabilise": "How firmly strokes stay from frame to frame; 0: each for itself",
        "start": "Begin of the part to film, in seconds",
        "end": "End of the part to film, in seconds",
        "flow": "Optical flow; auto: RAFT when its weights are in models/flow, else DIS",
    },
)
@with_given_options(
    "size",
    StylizeSettings,
    ("size",),
    limits={"size": (SMALLEST_FILM, LARGEST_FILM)},
    tips={"size": "Long side of the film in pixels. Default: the clip's own"},
    show_defaults=False,
)
@with_shared_options("writing")
def film(
    clip: Annotated[Path, typer.Argument(help="The video clip to restyle.")],
    style: StyleOption,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The film: .mp4, .mov or .mkv. Default: beside the clip.", show_default=False),
    ] = None,
    settings: StylizeSettings = StylizeSettings(),
    size: Mapping[str, Any] = NOTHING_GIVEN,
    parts: Mapping[str, Any] = NOTHING_GIVEN,
    colors: Mapping[str, Any] = NOTHING_GIVEN,
    style_scale: ScaleOption = None,
    keep_frames: Annotated[
        bool, typer.Option("--keep-frames", help="Leave the frames in their folder when the film is done.")
    ] = False,
    writing: Writing = Writing(),
) -> None:
    """Restyle a video clip without flicker; sound and times stay. The same command goes on with an unfinished film."""
    styles = given_styles(style)
    scales = parse_scales(style_scale, len(styles))
    if "end" in parts and parts["end"] <= parts.get("start", 0.0):
        raise typer.BadParameter("--to must be later than --from.")
    check_film_name(clip, out)
    clip = given_file(clip)
    from studio.media.clips import describe_clip

    describe_clip(clip)  # before PyTorch is loaded
    from studio.engine.jobs.film import clip_hash, clip_size
    from studio.recipes import FileRef, PhotoRecipe, StylizeRecipe, film_of
    from studio.stylization.flow import best_flow

    engine = writing.engine()
    ref = FileRef(hash=drain(clip_hash(clip)), name=readable(clip.name)[:255])
    recipe = StylizeRecipe(
        **{**dict(settings), **colors, "keep_colors": bool(colors), "size": size.get("size") or clip_size(clip)},
        content=PhotoRecipe(photo=ref),
        styles=style_uses(engine, styles, scales, {}, {}),
    )
    film = film_of(recipe, ref, **{"flow": best_flow(), **parts})
    path = film_path(clip, name_in_style(clip.stem, styles[0][0]), out, writing.overwrite)
    made = drive_film(engine, film, clip, path, keep=keep_frames, overwrite=writing.overwrite)
    show_film(made, writing.as_json)


def check_film_name(clip: Path, out: Path | None) -> None:
    """Ask for ``--out`` where a clip comes through a pipe, which lies in no folder that a film could lie in, too."""
    if out is None and is_pipe(clip):
        raise typer.BadParameter("--out: name the film, since what comes through a pipe lies in no folder.")


def film_path(clip: Path, stem: str, out: Path | None, overwrite: bool) -> Path:
    """``out``, or a film called ``stem`` in that folder or beside the clip. Raises as :func:`check_free`."""
    named = out is not None and not out.is_dir()
    usual = (clip.parent if out is None else out) / f"{stem}.mp4"
    path = out if named and out is not None else usual if overwrite else free_name(usual)
    check_free(path, overwrite)
    return path


def drive_film(
    engine: Engine, film: AnyFilm, clip: Path, path: Path, *, keep: bool = False, overwrite: bool = False
) -> FilmMade:
    """Make a film, or go on with it, under a progress bar with its speed; see :func:`make_film`."""
    from studio.engine.jobs.film import make_film
    from studio.engine.jobs.film_folder import FilmFolder

    done = FilmFolder.of(film, engine.device.type).done()
    if done:
        stderr().print(f"Going on after {done} frames.")
    columns = MofNCompleteColumn(), TextColumn("{task.fields[speed]}"), TimeRemainingColumn()
    making = Message("Stylizing the clip" if isinstance(film, FilmRecipe) else "Finishing the clip")
    with progress_bar(str(making), *columns) as (bar, task):
        work = make_film(engine, film, clip, path, keep=keep, overwrite=overwrite)
        stages = {making, Message("Writing the film")}

        def show(progress: Progress) -> None:
            if progress.message in stages:  # each has a speed of its own
                stages.remove(progress.message)
                bar.reset(task)
            bar.update(
                task,
                description=escape(str(progress.message)),
                completed=progress.step,
                total=progress.total or None,
            )
            speed = bar.tasks[0].speed
            bar.update(task, speed=f"{speed:.2f} frames/s" if speed else "")

        try:
            return drain(work, show)
        except KeyboardInterrupt:
            stderr().print("The frames so far are kept: the same command goes on with them.")
            raise
        finally:
            work.close()


def show_film(made: FilmMade, as_json: bool) -> None:
    """Print where a film is, or everything about it."""
    if made.broken_at is not None:
        text = f"The clip is damaged or ends too soon at {made.broken_at:.1f} seconds; what could be read is filmed."
        stderr().print(f"[bold yellow]Note:[/] {escape(text)}", soft_wrap=True)
    if as_json:
        print_json(
            {
                "path": str(made.path.resolve()),
                "frames": made.frames,
                "seconds": made.seconds,
                "continued_from": made.continued_from,
                "broken_at": made.broken_at,
                "recipe": json.loads(FILM.dumps(made.film)),
            }
        )
    else:
        print(made.path)
