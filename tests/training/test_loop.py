"""The training loop, driven directly and as the real process."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from studio.base import Message, StudioError
from studio.base.paths import models_dir
from studio.checkpoints.info import read_card
from studio.checkpoints.store import load_model
from studio.training import loop
from studio.training.augment import POLICIES, augment, cutout, translation
from studio.training.batches import batch_indices, step_seed
from studio.training.loop import NOT_IN_CARD, Session, picture_grid
from studio.training.losses import discriminator_logistic, gradient_penalty
from studio.training.random_streams import RandomStream
from studio.training.runs import RunDirectory, list_runs
from tests.support.training_runs import assert_same, folder, tiny, weights
from tests.support.waiting import KILL, until

__all__ = ["folder"]


@pytest.mark.parametrize("architecture", ["stylegan2", "dcgan"])
def test_a_run_leaves_everything_it_promises(folder: Path, tmp_path: Path, architecture: str) -> None:
    run = RunDirectory.create(tiny(folder, architecture=architecture), tmp_path / "runs")
    assert run.state().status == "new"
    left = run.path / "checkpoints" / ".00000016-killed.pt"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"half of a checkpoint")
    assert run.checkpoints() == []
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    steps = list(Session(run).train())
    assert torch.get_num_threads() == 2
    torch.set_num_threads(threads)
    assert not left.exists()
    assert steps[-1].step == 64 and steps[-1].fraction == 1
    state = run.state()
    assert (state.status, state.images, state.total) == ("finished", 64, 64)
    assert [path.name for path in run.previews()] == ["00000000.jpg", "00000032.jpg", "00000064.jpg"]
    assert Image.open(run.previews()[0]).size == (8 * 32, 5 * 32)
    assert 1 <= len(run.checkpoints()) <= 2
    events, offset = run.read_events()
    kinds = [event["event"] for event in events]
    assert {"state", "step", "preview", "checkpoint"} <= set(kinds)
    assert run.read_events(offset) == ([], offset)
    losses = [event for event in events if event["event"] == "step"]
    assert losses[-1]["loss_d"] > 0 and losses[-1]["images_per_second"] > 0
    assert run.model_path is not None
    card = read_card(run.model_path)
    assert card.name == "tiny" and card.training["images_shown"] == 64 and str(folder) not in card.model_dump_json()
    assert not NOT_IN_CARD & card.training.keys() and {"device", "threads"} <= NOT_IN_CARD
    assert load_model(run.model_path)(torch.randn(1, 16 if architecture == "stylegan2" else 100)).shape == (
        1,
        3,
        32,
        32,
    )
    assert [found.path for found in list_runs(tmp_path / "runs")] == [run.path]


def test_training_learns_the_colours(folder: Path, tmp_path: Path) -> None:
    """A generator that is trained matches the mean colour of the pictures; a random one does not."""
    for path in folder.glob("*.png"):
        Image.new("RGB", (32, 32), (230, 40, 40 + int(path.stem) * 4)).save(path)
    settings = tiny(folder, images=320, preview_every=320, snapshot_every=320, augment=(), learning_rate=0.008)
    run = RunDirectory.create(settings, tmp_path / "runs")
    for _ in Session(run).train():
        pass
    assert run.model_path is not None
    with torch.no_grad():
        mean = load_model(run.model_path)(torch.randn(16, 16)).clamp(-1, 1).mean(dim=(0, 2, 3))
    target = torch.tensor([230, 40, 86]) / 127.5 - 1
    assert (mean - target).abs().max() < 0.35


@pytest.mark.parametrize(("architecture", "anchor"), [("stylegan2", 0.0), ("stylegan2", 5.0), ("dcgan", 0.0)])
def test_abandoned_and_resumed_equals_uninterrupted(
    folder: Path, tmp_path: Path, architecture: str, anchor: float
) -> None:
    settings = tiny(folder, architecture=architecture, anchor=anchor, anchor_first=32, mirror=not anchor)
    whole = RunDirectory.create(settings, tmp_path / "whole")
    for _ in Session(whole).train():
        pass
    broken = RunDirectory.create(settings, tmp_path / "broken")
    for progress in Session(broken).train():
        if progress.step >= 40:  # past the checkpoint at 24: those 16 images are lost and made again
            break
    session = Session(broken)
    for _ in session.train():
        pass
    assert session.number == 8
    assert_same(whole, broken)


KILLED = f"""
import sys
from pathlib import Path
from studio.training.process import train_process
from studio.training.runs import RunDirectory
append = RunDirectory.append_event
def append_or_die(run, event):
    append(run, event)
    if run.checkpoints():
        {KILL}
RunDirectory.append_event = append_or_die
train_process(Path(sys.argv[1]))
"""


def train_until_killed(run: RunDirectory) -> None:
    """Train in a process that is killed after its first checkpoint."""
    subprocess.run([sys.executable, "-c", KILLED, str(run.path)], check=False)
    assert not run.alive() and run.checkpoints()


def kill(run: RunDirectory) -> None:
    os.kill(run.noted_process(), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    until(lambda: not run.alive())


def wait_for(run: RunDirectory, *status: str) -> None:
    def reached() -> bool:
        state = run.state()
        assert state.status != "failed" or "failed" in status, (state, (run.path / "process.log").read_text()[-2000:])
        return state.status in status

    until(reached)


def test_killed_process_resumes_to_the_same_weights_and_the_state_of_ada(folder: Path, tmp_path: Path) -> None:
    """The real process, the real SIGKILL while ADA's probability moves: bit for bit what a run has that nobody killed.

    (On a processor, with one thread.)
    """
    settings = tiny(
        folder, images=96, snapshot_every=40, preview_every=96, augmentation="ada", ada_images=1000, ada_start=0.3
    )
    whole, killed = (RunDirectory.create(settings, tmp_path / name) for name in ("whole", "killed"))
    list(Session(whole).train())
    train_until_killed(killed)
    state = killed.state()
    assert state.status == "interrupted" and not state.alive and state.action
    left = killed.checkpoints()
    assert left and max(int(left[-1].stem), state.images) < settings.images, "killed too late to mean anything"
    killed.start()
    wait_for(killed, "finished")
    first, second = (torch.load(run.checkpoints()[-1], weights_only=True) for run in (whole, killed))
    assert first["images"] == second["images"] == 96
    ada = first["trainer"]["augmenter"]
    assert ada == second["trainer"]["augmenter"] and 0 < ada["p"] != settings.ada_start, "it must have moved"
    for part in ("generator", "discriminator", "average"):
        a, b = first["trainer"][part], second["trainer"][part]
        assert max(float((a[name] - b[name]).abs().max()) for name in a) == 0.0
    assert_same(whole, killed)


KILLED_WHILE_WRITING = f"""
import os, sys
from pathlib import Path
import torch
from studio.training import loop
from studio.training.runs import RunDirectory

def die():
    {KILL}

def half(state, path, save=torch.save):
    save(state, path)
    if state["images"] == 16:
        path.write_bytes(path.read_bytes()[:5000])
        die()

def before_the_model(path, generator, card, save=loop.save_model):
    die() if card.training["images_shown"] == 24 else save(path, generator, card)

def half_a_line(run, event, append=RunDirectory.append_event):
    append(run, event)
    if event["event"] == "checkpoint" and event["images"] == 16:
        path = run.path / "events.jsonl"
        path.write_bytes(path.read_bytes()[:-9])
        die()

torch.set_num_threads(1)
for path, place, name, hook in zip(
    sys.argv[1:], (torch, loop, RunDirectory), ("save", "save_model", "append_event"),
    (half, before_the_model, half_a_line),
):
    child = os.fork()
    if not child:
        setattr(place, name, hook)
        for _ in loop.Session(RunDirectory(Path(path))).train():
            pass
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 9, "it was to be killed"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_kill_into_the_writing_of_a_checkpoint_loses_nothing(folder: Path, tmp_path: Path) -> None:
    """In the middle of the checkpoint, between the last checkpoint and its model, in the middle of an event."""
    settings = tiny(folder, images=24, snapshot_every=8, preview_every=24)
    whole, *killed = (RunDirectory.create(settings, tmp_path / str(number)) for number in range(4))
    list(Session(whole).train())
    subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, *(str(run.path) for run in killed)], check=True)
    for run in killed:
        assert run.state().status == "interrupted"
        list(Session(run).train())
        assert_same(whole, run)
        assert run.model_path is not None and read_card(run.model_path).training["images_shown"] == 24
        lines = (run.path / "events.jsonl").read_bytes()
        assert lines.endswith(b"\n") and all(json.loads(line)["time"] for line in lines.splitlines())
        assert not [path for path in run.path.rglob(".*") if path.name.startswith(".latent-studio")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM that a process could answer")
def test_pause_and_resume_the_process_and_sigterm_stops_it(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder, images=1_000_000, snapshot_every=1_000_000), tmp_path / "runs")
    run.start()
    with pytest.raises(StudioError, match="running already"):
        run.start()
    try:
        wait_for(run, "running")
        until(lambda: run.state().images)  # before the first step there is nothing to keep
        run.request("pause")
        wait_for(run, "paused")
        assert run.checkpoints(), "a pause must write a checkpoint"
        images = run.state().images
        run.resume()
        wait_for(run, "running")
        # The clock does not matter: the lock says that it lives.
        note = json.loads((run.path / "process.json").read_text())
        (run.path / "process.json").write_text(json.dumps({**note, "started": note["started"] - 86_400}))
        assert run.alive()
        for checkpoint in run.checkpoints():
            checkpoint.unlink()
        os.kill(run.noted_process(), signal.SIGTERM)
        until(lambda: not run.alive())
        state = run.state()
        assert state.status == "stopped" and state.images >= images
        assert run.checkpoints() and run.model_path is not None
        events = run.read_events()[0]
        paused = next(place for place, event in enumerate(events) if event.get("status") == "paused")
        assert events[paused + 1]["event"] == "state", "it did nothing while it was paused"
    finally:
        if run.alive():
            kill(run)


def test_starting_from_a_model_that_fits_and_one_that_does_not(folder: Path, tmp_path: Path) -> None:
    first = RunDirectory.create(tiny(folder, channel_max=24), tmp_path / "runs")
    for _ in Session(first).train():
        pass
    model = str(first.model_path)
    follow = RunDirectory.create(tiny(folder, start_from=model, images=8, name="follow"), tmp_path / "runs")
    for _ in Session(follow).train():
        pass
    # The width is the starting model's, and one step away the weights are still close.
    assert all(value.shape == weights(first)[name].shape for name, value in weights(follow).items())
    wrong = RunDirectory.create(tiny(folder, start_from=model, architecture="dcgan"), tmp_path / "runs")
    with pytest.raises(StudioError, match="does not fit"):
        list(Session(wrong).train())


def test_pictures_or_a_model_that_have_gone_are_named_with_what_to_do(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder, images=8), tmp_path / "runs")
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(StudioError, match="not there any more") as caught:
        list(Session(run).train())
    assert str(folder) in caught.value.message and "Bring it back" in caught.value.action
    (tmp_path / "elsewhere").rename(folder)
    list(Session(run).train())
    folder.rename(tmp_path / "elsewhere")
    # Once they are prepared, the run needs the folder no more.
    again = RunDirectory(run.path)
    (again.path / "run.json").write_text(run.settings.model_copy(update={"images": 16}).model_dump_json())
    list(Session(RunDirectory(run.path)).train())
    assert RunDirectory(run.path).state().images == 16
    lost = RunDirectory.create(tiny(folder, start_from=str(tmp_path / "lost.safetensors")), tmp_path / "runs")
    with pytest.raises(StudioError, match=r"lost\.safetensors is not there any more") as caught:
        list(Session(lost).train())
    assert "another one" in caught.value.action


def test_anchors_give_the_pictures_back(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "EVENT_SECONDS", 0.0)  # the first step by itself, however fast the machine is
    settings = tiny(
        folder, anchor=10.0, mirror=False, images=160, snapshot_every=160, preview_every=160, learning_rate=0.008
    )
    run = RunDirectory.create(settings, tmp_path / "runs")
    list(Session(run).train())
    steps = [event for event in run.read_events()[0] if event["event"] == "step"]
    assert steps[-1]["anchor"] < 0.5 * steps[0]["anchor"]
    with pytest.raises(ValueError, match="mirrored"):
        tiny(folder, anchor=10.0, mirror=True)


def said(event: dict[str, Any], part: str = "message") -> str:
    return str(Message.from_data(event.get(part)))


def test_damaged_checkpoint_falls_back_to_the_one_before(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    for _ in Session(run).train():
        pass
    older, newest = run.checkpoints()
    newest.write_bytes(newest.read_bytes()[:1000])
    session = Session(run)
    for _ in session.train():
        pass
    assert session.number == 8 and run.state().status == "finished"
    assert any("damaged" in said(event) for event in run.read_events()[0])
    assert older.name == "00000048.pt"


def test_training_waits_while_the_disk_is_full_and_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(loop, "RETRY_SECONDS", 0.01)
    whole = RunDirectory.create(tiny(folder), tmp_path / "whole")
    list(Session(whole).train())
    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    with monkeypatch.context() as broken:
        broken.setattr(torch, "save", full)
        work = Session(run).train()
        next(progress for progress in work if "disk is full" in progress.message)
        waited = list(itertools.islice(work, 8))
        assert all("disk is full" in progress.message and progress.step == 24 for progress in waited)
        assert run.checkpoints() == []
        told = [event for event in run.read_events()[0] if "disk is full" in said(event)]
        assert len(told) == 1 and "MB" in said(told[0], "action")
    list(work)  # space again
    assert run.state().status == "finished" and run.checkpoints()
    assert_same(whole, run)


def test_a_stop_ends_the_waiting_for_a_full_disk(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(loop, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(torch, "save", full)
    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    work = Session(run).train()
    next(progress for progress in work if "disk is full" in progress.message)
    run.request("stop")
    for _ in itertools.islice(work, 200):
        if run.state().status == "stopped":
            break
    assert run.state().status == "stopped"


def test_other_trouble_with_a_checkpoint_is_reported_and_does_not_end_the_run(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    monkeypatch.setattr(torch, "save", denied)
    steps = list(Session(run).train())
    assert steps[-1].step == 64 and run.checkpoints() == []
    assert any("Permission denied" in said(event) for event in run.read_events()[0])


def test_half_written_event_lines_are_waited_for_and_survived(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    run.append_event({"event": "step", "images": 8})
    with (run.path / "events.jsonl").open("ab") as file:
        file.write(b'{"event": "st')
    events, offset = run.read_events()
    assert [event["images"] for event in events] == [8]
    run.append_event({"event": "step", "images": 16})
    events, _ = run.read_events(offset)
    assert [event["images"] for event in events] == [16]


def test_the_state_of_a_run_with_a_long_history(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder, images=100_000), tmp_path / "runs")
    run.append_event({"event": "state", "status": "running", "images": 0})
    step = {"event": "step", "loss_g": 1.0, "loss_d": 1.0, "images_per_second": 10.0}
    lines = "".join(json.dumps({**step, "images": number}) + "\n" for number in range(2000))
    with (run.path / "events.jsonl").open("a") as file:
        file.write(lines)
    run.note_process(os.getpid())
    state = run.state()
    assert (state.status, state.images, state.alive) == ("running", 1999, True)
    assert state.seconds_left == pytest.approx((100_000 - 1999) / 10)


def test_a_stop_leaves_the_library_to_the_finished_model(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    work = Session(run).train()
    next(progress for progress in work if str(progress.message) == "Training" and progress.step >= 16)
    run.request("stop")
    list(work)
    run.request("resume")
    list(Session(run).train())
    assert sorted(path.stem.rpartition("-")[2] for path in models_dir().glob("*.safetensors")) == ["64"]


def test_a_run_that_ends_while_it_is_looked_at_has_finished(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    events = run.path / "events.jsonl"
    events.write_text('{"event": "state", "status": "running"}\n')

    def ended(_: RunDirectory) -> bool:
        if "finished" not in events.read_text():
            events.write_text(events.read_text() + '{"event": "state", "status": "finished"}\n')
        return False

    monkeypatch.setattr(RunDirectory, "alive", ended)
    assert run.state().status == "finished"


def test_a_run_stopped_before_its_first_step_leaves_no_random_model(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    run.request("stop")
    list(Session(run).train())
    assert run.state().status == "stopped" and run.model_path is None and list(models_dir().iterdir()) == []


def test_order_of_pictures_covers_every_epoch_and_depends_on_the_seed() -> None:
    count = 10
    shown = [i for first in range(0, 40, 4) for i in batch_indices(1, first, 4, count)]
    for epoch in range(4):
        assert sorted(shown[epoch * count : (epoch + 1) * count]) == list(range(count))
    assert shown[:10] != shown[10:20]
    assert shown != [i for first in range(0, 40, 4) for i in batch_indices(2, first, 4, count)]
    assert len(batch_indices(0, 0, 32, count)) == 32
    assert len({step_seed(seed, number) for seed in range(4) for number in range(100)}) == 400


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_augmentations_change_pictures_and_pass_gradients(policy: str) -> None:
    torch.manual_seed(0)
    x = torch.rand(8, 3, 16, 16, requires_grad=True)
    y = augment(x, [policy])
    assert y.shape == x.shape and not torch.equal(x, y)
    y.sum().backward()
    assert x.grad is not None and x.grad.abs().sum() > 0


def test_only_a_share_of_the_pictures_is_augmented() -> None:
    torch.manual_seed(0)
    x = torch.rand(400, 3, 8, 8)
    changed = (augment(x, ["cutout"], 0.3) != x).flatten(1).any(dim=1).float().mean()
    assert 0.2 < changed < 0.4
    assert torch.equal(augment(x, ["cutout", "color"], 0.0), x)


def test_translation_shifts_and_cutout_blanks() -> None:
    torch.manual_seed(0)
    x = torch.zeros(64, 1, 16, 16)
    x[:, :, 8, 8] = 1
    spots = {tuple(spot.tolist()) for spot in translation(x, RandomStream(64)).nonzero()[:, 2:]}
    assert len(spots) > 10 and all(abs(row - 8) <= 2 and abs(column - 8) <= 2 for row, column in spots)
    kept = cutout(torch.ones(64, 1, 16, 16), RandomStream(64)).mean(dim=(1, 2, 3))
    assert kept.min() == 0.75 and kept.max() < 1


def test_losses_at_the_equilibrium_and_r1_on_a_known_function() -> None:
    zeros = torch.zeros(4, 1)
    assert discriminator_logistic(zeros, zeros).item() == pytest.approx(np.log(4))
    x = torch.randn(4, 3, 2, 2, requires_grad=True)
    assert gradient_penalty((3 * x).sum(dim=(1, 2, 3)), x).item() == pytest.approx(9 * 12)


def test_picture_grid_lays_out_rows_and_maps_the_range() -> None:
    pictures = torch.stack([torch.full((3, 2, 2), value) for value in (-1.0, 0.0, 1.0, 5.0)])
    grid = picture_grid(pictures, 2)
    assert grid.shape == (4, 4, 3)
    assert [grid[0, 0, 0], grid[0, 2, 0], grid[2, 0, 0], grid[2, 2, 0]] == [0, 128, 255, 255]


def test_queued_runs_follow_each_other_without_a_window(folder: Path, tmp_path: Path) -> None:
    """Real processes: the first, when it ends, starts the second; for want of its folder it fails, and says so."""
    first = RunDirectory.create(tiny(tmp_path / "nowhere", name="first"), tmp_path / "runs")
    second = RunDirectory.create(tiny(folder, images=16, name="second"), tmp_path / "runs")
    second.enqueue()
    assert second.state().status == "queued"
    first.start()
    wait_for(first, "failed")
    assert "nowhere" in first.state().message
    wait_for(second, "finished")
    assert second.queued is None and (second.path / "process.log").exists()


def test_a_run_whose_checkpoints_are_gone_does_not_begin_anew(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder, images=16), tmp_path / "runs")
    list(Session(run).train())
    assert run.model_path is not None
    learnt = run.model_path.read_bytes()
    for checkpoint in run.checkpoints():
        checkpoint.unlink()
    assert run.lost_checkpoints() is not None
    with pytest.raises(StudioError, match="are gone or damaged"):
        list(Session(RunDirectory(run.path)).train())
    assert run.model_path.read_bytes() == learnt


def test_a_finished_run_can_be_prolonged(folder: Path, tmp_path: Path) -> None:
    whole = RunDirectory.create(tiny(folder, images=32, snapshot_every=16), tmp_path / "whole")
    list(Session(whole).train())
    run = RunDirectory.create(tiny(folder, images=16, snapshot_every=16), tmp_path / "runs")
    list(Session(run).train())
    assert run.state().status == "finished"
    with pytest.raises(StudioError, match="has shown 16 images already"):
        run.prolong(16)
    run.prolong(32)
    list(Session(RunDirectory(run.path)).train())
    assert run.state().images == 32
    told = [event["images"] for event in run.read_events()[0] if "images" in event]
    assert told == sorted(told), "while it makes ready it has not lost what it had learnt"
    assert_same(whole, run)
