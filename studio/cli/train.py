"""The command that trains a generator, follows and controls its runs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from studio.base import Cancelled, StudioError
from studio.base.files import no_folder
from studio.base.messages import NOTHING
from studio.base.paths import runs_dir

if TYPE_CHECKING:
    from studio.training.runs import RunDirectory, RunState

from studio.cli.app import JsonOption, Terminated, app, choose_model, print_json, print_table, progress_bar, stderr
from studio.cli.field_options import NOTHING_GIVEN, option_flag, with_given_options
from studio.cli.shared_options import DeviceOption
from studio.cli.training_options import FRAMING, TIPS, train_settings, with_named_background
from studio.cli.training_time import images_for_longer, images_in
from studio.training.settings import TrainSettings

POLL_SECONDS = 0.3
OFFERED = (
    "name",
    "architecture",
    "resolution",
    "start_from",
    "images",
    "batch",
    "seed",
    "mirror",
    *FRAMING,
    "processes",
)
"""The settings with options of their own; the others are for --set."""
FLAGS = {"start_from": ("--from",)}
WHILE_IT_RUNS = ("images", "processes")
"""What may be said of a run that goes on."""


@app.command()
@with_given_options("given", TrainSettings, OFFERED, tips=TIPS, flags=FLAGS, show_defaults=False)
def train(
    folder: Annotated[Path | None, typer.Argument(help="The folder with your pictures.", show_default=False)] = None,
    given: Mapping[str, Any] = NOTHING_GIVEN,
    hours: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            help="Instead of --images: as many as this computer shows in so much time, by a short measurement.",
        ),
    ] = None,
    device: DeviceOption = "auto",
    preset: Annotated[
        str | None,
        typer.Option(
            help="Choose the settings that are not given by the folder and the machine, and say why: "
            "auto, quick, small, large or fine-tune."
        ),
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="Any other setting, as name=value. Repeatable.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a run: its folder, or its name in --list.")
    ] = None,
    no_start: Annotated[
        bool, typer.Option("--no-start", help="Only make the run and print its folder, for torchrun.")
    ] = False,
    queue: Annotated[
        bool, typer.Option("--queue", help="Do not wait for it: start it when no other run is at work.")
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="List all runs.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Train a generator on a folder of pictures. Ctrl+C stops it with a checkpoint; --resume goes on from there."""
    from studio.training.picture_decisions import DECISIONS_FILE, PictureDecisions
    from studio.training.runs import RunDirectory, list_runs

    if sum((folder is not None, resume is not None, list_)) != 1:
        raise typer.BadParameter("Name a folder of pictures, or use --resume RUN, or --list.")
    if "images" in given and hours is not None:
        raise typer.BadParameter("Give --images or --hours, not both.")
    if list_:
        print_runs(list_runs(), as_json)
        return
    if resume is not None:
        given_too = [option_flag(name, FLAGS) for name in given if name not in WHILE_IT_RUNS]
        given_too += [option for option, value in (("--preset", preset), ("--set", setting)) if value is not None]
        if given_too:
            raise typer.BadParameter(
                f"{', '.join(given_too)}: a run keeps its settings. --resume takes --images or --hours, to train it "
                "longer, and --processes; for anything else start a new run with --from."
            )
        run = find_run(resume)
        longer = images_for_longer(run, hours) if hours is not None else given.get("images")
        if longer is not None:
            if run.alive():
                raise StudioError(f"The run “{run.settings.name}” is at work.", "Stop it, then train it longer.")
            run.prolong(longer)
        lost = run.lost_checkpoints()
        if lost is not None and not run.checkpoints():
            raise lost
    else:
        assert folder is not None
        start = choose_model(given["start_from"]) if "start_from" in given else None
        chosen: dict[str, Any] = {
            **({"resolution": start.resolution} if start is not None else {}),
            **with_named_background(given),
            **({"start_from": str(start.path)} if start is not None else {}),
            "name": given.get("name") or folder.resolve().name or "model",
            "folder": str(folder.resolve()),
            "device": str(device),  # a member of the option's choices, which older versions of pydantic refuse
        }
        if not folder.is_dir():
            raise no_folder(folder, "Choose a folder with pictures.")
        if preset is not None:
            kept = dict(text.split("=", 1) for text in setting or () if "=" in text)
            asked = {**chosen, **{name: kept[name] for name in ("discriminator",) if name in kept}}
            chosen = {**advised(preset, folder, asked, start.resolution if start is not None else 0, hours), **chosen}
        settings = train_settings(chosen, setting or ())
        if start is not None:
            from studio.training.start_models import refuse

            refuse(start.name, start, settings.architecture, settings.resolution)
            if start.resolution < settings.resolution:
                stderr().print(
                    escape(f"Starts as “{start.name}” ({start.resolution} px), enlarged to {settings.resolution} px."),
                    soft_wrap=True,
                )
        if hours is not None:
            settings = settings.model_copy(update={"images": images_in(settings, hours)})
        run = RunDirectory.create(settings)
        PictureDecisions.load().save(run.path / DECISIONS_FILE)
    if no_start:
        print_json(run_properties(run)) if as_json else print(run.path)
        return
    if queue:
        from studio.training.queue import start_next

        run.enqueue()
        start_next()
        print_json(run_properties(run)) if as_json else print(run.path.name)
        return
    if not run.alive() or run.requested() == "pause":
        run.resume(given.get("processes"))
    state = follow(run)
    report(run, state, as_json)


def advised(
    preset: str, folder: Path, given: dict[str, Any], start_resolution: int = 0, hours: float | None = None
) -> dict[str, Any]:
    """The engine's recommendations for ``folder``, with their reasons on stderr.

    ``start_resolution`` is that of the starting model, 0 without one; ``hours`` the time there is instead of images.

    Raises
    ------
    typer.BadParameter
        For an unknown preset.
    StudioError
        When the folder cannot be read.
    """
    import psutil

    from studio.checkpoints.discriminators import find_discriminator
    from studio.media.folders import find_files
    from studio.networks.device import choose_device
    from studio.training.automatic import PRESETS, Machine, advise
    from studio.training.speeds import SpeedBook, device_name

    if preset not in PRESETS:
        raise typer.BadParameter(f"There is no preset “{preset}”: {', '.join(PRESETS)}.")
    device = choose_device(given.get("device", "auto"))
    memory, devices, cores = psutil.virtual_memory().total, 1, psutil.cpu_count(logical=False) or 1
    if device.type == "cuda":
        import torch

        memory, devices = torch.cuda.mem_get_info(device)[1], torch.cuda.device_count()
    start = given.get("start_from")
    resolution, architecture = int(given.get("resolution", 64)), given.get("architecture", "stylegan2")
    machine, pictures = Machine(device.type, memory, devices, cores), len(find_files(folder))  # type: ignore[arg-type]
    shows = int(given.get("images", TrainSettings.model_fields["images"].default))
    if hours is not None:
        usual = {**dict(TrainSettings(name="-", folder="")), **advise("auto", pictures, resolution, machine).values}
        speed = SpeedBook().estimate({**usual, "resolution": resolution}, machine, device_name(device.type, ""))
        shows = speed.images(hours * 3600)
    advice = advise(
        preset,  # type: ignore[arg-type]
        pictures,
        resolution,
        machine,
        architecture=architecture,
        starts=start is not None,
        has_discriminator=start is not None and find_discriminator(Path(start)) is not None,
        grown_from=start_resolution if start_resolution < resolution else 0,
        shows=shows,
        discriminator=given.get("discriminator"),
    )
    for reason in advice.reasons:
        stderr().print(escape(str(reason.message)), soft_wrap=True)
    return advice.values


def find_run(wanted: str) -> RunDirectory:
    """The run in the folder ``wanted``, or the newest whose folder or model is called so.

    Raises
    ------
    StudioError
        When there is none.
    """
    from studio.training.runs import RunDirectory, list_runs

    if Path(wanted).is_file():
        raise no_folder(Path(wanted), "Name the folder of a run, or the run: see `latent-studio train --list`.")
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
    ended: Terminated | None = None
    said = run.read_events()[1]
    with progress_bar("Starting", *columns) as (bar, task):
        while True:
            try:
                state = run.state()
                # A process that lives and has said nothing yet has the state in which the run was left before.
                begins = state.alive and state.status in ("new", "stopped", "finished", "failed")
                message = "" if state.status == "failed" else str(state.message)  # told as an error when it has ended
                bar.update(
                    task,
                    description=escape(message or ("Starting" if begins else state.status.capitalize())),
                    completed=min(state.images, state.total),  # the last batch may go beyond
                    total=state.total,
                    speed=f"{state.images_per_second:.1f} images/s" if state.images_per_second else "",
                )
                if not state.alive:
                    break
                time.sleep(POLL_SECONDS)
            except Terminated:
                if ended is not None:
                    raise
                ended = Terminated()
                run.request("stop")  # it must not live on unasked: with a checkpoint, this command ends too
            except KeyboardInterrupt:
                if stopping:
                    raise
                stopping = True
                run.request("stop")
                bar.console.print("Stopping after a checkpoint; once more Ctrl+C leaves it to itself.")
    if ended is not None:
        if run.state().status != "finished":  # it may have been done already, and only measuring
            stderr().print(f"Stopped. Go on with: latent-studio train --resume {escape(run.path.name)}", soft_wrap=True)
        raise ended
    # The last events may have been written after they were read and before the process ended.
    state = run.state()
    if not run.read_events(said)[0] and not stopping:
        # It died before it said a word: what is known is of an earlier life.
        state = replace(state, status="interrupted", message=NOTHING, action=NOTHING)
    if state.status in ("paused", "stopped") or (stopping and state.status != "finished"):
        how = "Paused" if state.status == "paused" else "Stopped"
        stderr().print(f"{how}. Go on with: latent-studio train --resume {escape(run.path.name)}", soft_wrap=True)
    if stopping and state.status != "finished":
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
    if state.status in ("stopped", "paused"):
        raise Cancelled
    if state.status != "finished":
        raise StudioError(
            state.message or f"The training of “{run.settings.name}” ended at once.",
            state.action or f"What it printed is in {run.path / 'process.log'}.",
        )
    if as_json:
        print_json(run_properties(run))
    else:
        print(run.model_path or run.path)


def run_properties(run: RunDirectory) -> dict[str, Any]:
    """The description of a run for ``--json``."""
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
        "message": str(state.message),
        "alive": state.alive,
        "model": str(run.model_path) if run.model_path else None,
    }


def print_runs(runs: Sequence[RunDirectory], as_json: bool) -> None:
    """All runs as a table or JSON."""
    properties = [run_properties(run) for run in runs]
    if as_json:
        print_json({"runs": properties})
        return
    rows = [(f["run"], f["name"], f["status"], f"{f['images']:,} / {f['total']:,}") for f in properties]
    print_table(("Run", "Model", "Status", "Images"), rows, f"No runs yet in {runs_dir()}.")
