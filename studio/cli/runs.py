"""Commands for training runs that exist: the queue, quality, notes, comparing, films and models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.base import StudioError
from studio.cli.app import JsonOption, OverwriteOption, app, drive, print_json, print_table, stderr
from studio.cli.results import check_free
from studio.cli.train import find_run

if TYPE_CHECKING:
    from studio.training.measurements import Evaluation

runs = typer.Typer(no_args_is_help=True, help="Training runs: queue, quality, notes, films.")
app.add_typer(runs, name="runs")

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="A run's folder, or its name in `train --list`.")]


@runs.command()
def queue(
    names: Annotated[list[str] | None, typer.Argument(metavar="[RUN]...", help="Runs to put at the end.")] = None,
    first: Annotated[bool, typer.Option("--first", help="Put them at the front instead.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take them out of the queue.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Queue runs; each starts when the one before it ends. Without a name: list the queue, and start it if it waits."""
    from studio.training.queue import move_to_front, start_next, waiting

    for name in names or []:
        run = find_run(name)
        if remove:
            run.unqueue()
            continue
        if run.alive():
            raise StudioError(f"The run “{run.settings.name}” is running already.", "Queue a run that has ended.")
        run.enqueue()
        if first:
            move_to_front(run)
    started = start_next()
    waits = [run.path.name for run in waiting()]
    if as_json:
        print_json({"started": started.path.name if started else None, "waiting": waits})
        return
    if started is not None:
        stderr().print(f"Started {started.path.name}.", soft_wrap=True, markup=False)
    print_table(("Waiting",), [(name,) for name in waits], "Nothing waits in the queue.")


@runs.command()
def quality(run: RunArgument, as_json: JsonOption = False) -> None:
    """The measured quality of a run: KID with its spread, precision, recall, copies."""
    from studio.training.measurements import read_measurements

    found = read_measurements(find_run(run))
    best = found.best
    if as_json:
        print_json(
            {
                "measurements": [_properties(one) for one in found],
                "best": best.images if best is not None else None,
            }
        )
        return
    name = found.last.kid_name if found.last is not None else "KID"
    rows = [
        (
            f"{one.images:,}" + (" ★" if one is best else ""),
            f"{one.kid * 1000:.2f} ± {one.kid_spread * 1000:.2f}",
            f"{one.precision:.2f}",
            f"{one.recall:.2f}",
            f"{one.copy_share:.0%}",
            {"new": "", "close": "close to your pictures", "copies": "copies your pictures"}[one.verdict],
        )
        for one in found
    ]
    print_table(("Images", f"{name} × 1000", "Precision", "Recall", "Copies", ""), rows, "Nothing was measured yet.")


def _properties(found: Evaluation) -> dict[str, Any]:
    return {**found.metrics(), "verdict": found.verdict}


@runs.command()
def compare(first: RunArgument, second: RunArgument, as_json: JsonOption = False) -> None:
    """The best measurements of two runs side by side.

    Fails with a message when they were measured differently: such values do not compare.
    """
    from studio.training.measurements import read_measurements

    both = [find_run(first), find_run(second)]
    best = [read_measurements(run).best for run in both]
    for run, one in zip(both, best, strict=True):
        if one is None:
            raise StudioError(f"The run “{run.settings.name}” was not measured.", "Compare runs that were measured.")
    a, b = best
    assert a is not None and b is not None
    if not a.compares_with(b):
        raise StudioError(
            f"The runs were measured differently: {a.kid_name} on {a.samples} samples, {b.kid_name} on {b.samples}.",
            "Compare runs with the same settings “features” and “evaluate_samples”.",
        )
    if as_json:
        print_json({run.path.name: _properties(one) for run, one in zip(both, (a, b), strict=True)})
        return
    rows = [
        (
            run.path.name,
            f"{one.images:,}",
            f"{one.kid * 1000:.2f} ± {one.kid_spread * 1000:.2f}",
            f"{one.precision:.2f}",
            f"{one.recall:.2f}",
        )
        for run, one in zip(both, (a, b), strict=True)
    ]
    print_table(("Run", "Best after", f"{a.kid_name} × 1000", "Precision", "Recall"), rows, "")


@runs.command()
def notes(
    run: RunArgument,
    text: Annotated[str | None, typer.Argument(help="What to note; leave out to read.", show_default=False)] = None,
) -> None:
    """Read or write the notes of a run."""
    directory = find_run(run)
    if text is not None:
        directory.write_notes(text)
    print(directory.notes)


@runs.command()
def film(
    run: RunArgument,
    out: Annotated[Path, typer.Argument(help="The .mp4 to write.")],
    seconds: Annotated[float, typer.Option(min=1, max=600, help="Length.")] = 12,
    fps: Annotated[int, typer.Option(min=1, max=60, help="Frames a second.")] = 25,
    overwrite: OverwriteOption = False,
) -> None:
    """Film the training: the same latents from untrained to trained."""
    from studio.engine.jobs.training_film import export_training_film

    check_free(out, overwrite)
    print(drive(export_training_film(find_run(run), out, seconds=seconds, fps=fps), "Filming"))


@runs.command()
def sheet(
    run: RunArgument,
    out: Annotated[Path, typer.Argument(help="The picture to write (.png or .jpg).")],
    columns: Annotated[int, typer.Option(min=2, max=40, help="Moments.")] = 10,
    rows: Annotated[int, typer.Option(min=1, max=40, help="Latents.")] = 8,
    overwrite: OverwriteOption = False,
) -> None:
    """A contact sheet: one row a latent, one column a moment of the training."""
    from studio.base.files import artists_path
    from studio.training.exports import contact_sheet

    if out.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise StudioError(f"“{out.name}” is not the name of a picture.", "Let the file name end in .png or .jpg.")
    check_free(out, overwrite)
    picture = contact_sheet(find_run(run), columns=columns, rows=rows)
    with artists_path(out, overwrite=overwrite) as temporary:
        picture.save(temporary)
    print(out)


@runs.command()
def publish(
    run: RunArgument,
    best: Annotated[bool, typer.Option("--best", help="The snapshot with the best KID, not the newest.")] = False,
) -> None:
    """Put the newest or the best snapshot of a run into the library."""
    from studio.training.exports import publish_snapshot

    print(publish_snapshot(find_run(run), best=best))
