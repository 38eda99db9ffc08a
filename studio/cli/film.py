"""The command that stylizes video clips."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import MofNCompleteColumn, TextColumn, TimeRemainingColumn

from studio.base import Message, Progress, StudioError, drain
from studio.base.names import fitting_stem, readable
from studio.cli.app import Device, DeviceOption, JsonOption, app, open_engine, print_json, progress_bar, stderr
from studio.cli.stylize import (
    Colors,
    Method,
    Network,
    ScaleOption,
    StyleOption,
    parse_scales,
    parse_style,
    style_uses,
)


class FlowOption(StrEnum):
    """The optical flow."""

    auto = "auto"
    dis = "dis"
    raft_small = "raft_small"
    raft_large = "raft_large"


@app.command()
def film(
    clip: Annotated[Path, typer.Argument(help="The video clip to restyle.")],
    style: StyleOption,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The film: .mp4, .mov or .mkv. Default: beside the clip.", show_default=False),
    ] = None,
    method: Annotated[
        Method, typer.Option(help="preview: some frames a second; optimise: final quality, takes its time.")
    ] = Method.preview,
    network: Annotated[Network, typer.Option(help="Perceptual network for --method optimise.")] = Network.vgg16,
    size: Annotated[int, typer.Option(min=32, max=8192, help="Long side of the film in pixels.")] = 512,
    stabilise: Annotated[
        float, typer.Option(min=0, max=1, help="How firmly strokes stay from frame to frame; 0: each for itself.")
    ] = 0.8,
    start: Annotated[float, typer.Option("--from", min=0, help="Begin of the part to film, in seconds.")] = 0.0,
    end: Annotated[
        float | None, typer.Option("--to", min=0, help="End of the part to film, in seconds.", show_default=False)
    ] = None,
    content_strength: Annotated[float, typer.Option(min=0, max=1, help="How much of the clip remains.")] = 0.5,
    style_strength: Annotated[float, typer.Option(min=0, max=1, help="How much of the style is taken.")] = 1.0,
    colors: Annotated[Colors, typer.Option(help="Where the colours come from, as in `stylize`.")] = Colors.style,
    style_scale: ScaleOption = None,
    detail: Annotated[float, typer.Option(min=0, max=1, help="How firmly edges and fine detail stay.")] = 0.0,
    steps: Annotated[int, typer.Option(min=1, max=100_000, help="Optimisation steps of the first frame.")] = 300,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1)] = 0,
    flow: Annotated[
        FlowOption, typer.Option(help="Optical flow; auto: RAFT when its weights are in models/flow, else DIS.")
    ] = FlowOption.auto,
    keep_frames: Annotated[
        bool, typer.Option("--keep-frames", help="Leave the frames in their folder when the film is done.")
    ] = False,
    device: DeviceOption = Device.auto,
    as_json: JsonOption = False,
) -> None:
    """Restyle a video clip without flicker; sound and times stay. The same command goes on with an unfinished film."""
    styles = [parse_style(text) for text in style]
    scales = parse_scales(style_scale, len(styles))
    if end is not None and end <= start:
        raise typer.BadParameter("--to must be later than --from.")
    if not clip.is_file():
        raise StudioError(f"“{clip.name}” is not there.", "Check the path of the clip.")
    from studio.engine.jobs.film import clip_hash, make_film
    from studio.engine.jobs.film_folder import FilmFolder
    from studio.recipes import FileRef, PhotoRecipe, StylizeRecipe, film_of
    from studio.recipes.sequences.film import dumps_film
    from studio.stylization.flow import best_flow

    engine = open_engine(device)
    kept: dict[str, Any] = {} if colors is Colors.style else {"keep_colors": True, "color_transfer": colors.value}
    ref = FileRef(hash=drain(clip_hash(clip)), name=readable(clip.name)[:255])
    look = StylizeRecipe(
        content=PhotoRecipe(photo=ref),
        styles=style_uses(engine, styles, scales, {}, {}),
        method=method.value,
        network=network.value,
        size=size,
        content_strength=content_strength,
        style_strength=style_strength,
        detail=detail,
        steps=steps,
        seed=seed,
        **kept,
    )
    chosen = best_flow() if flow is FlowOption.auto else flow.value
    recipe = film_of(look, ref, stabilise=stabilise, start=start, end=end, flow=chosen)
    path = (
        out if out is not None else clip.with_name(f"{fitting_stem(f'{clip.stem} in {styles[0][0].stem}', '.mp4')}.mp4")
    )
    done = FilmFolder.of(recipe, engine.device.type).done()
    if done:
        stderr().print(f"Going on after {done} frames.")
    columns = MofNCompleteColumn(), TextColumn("{task.fields[speed]}"), TimeRemainingColumn()
    with progress_bar("Stylizing the clip", *columns) as (bar, task):
        work = make_film(engine, recipe, clip, path, keep=keep_frames)
        stages = {Message("Stylizing the clip"), Message("Writing the film")}

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
            made = drain(work, show)
        except KeyboardInterrupt:
            stderr().print("The frames so far are kept: the same command goes on with them.")
            raise
        finally:
            work.close()
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
                "recipe": json.loads(dumps_film(recipe)),
            }
        )
    else:
        print(made.path)
