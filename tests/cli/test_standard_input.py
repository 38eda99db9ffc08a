"""Pictures that come through the standard input or a pipe."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from studio.base import StudioError
from studio.cli import app
from studio.cli.explore import read_any_recipe
from studio.cli.results import given_file
from studio.media.clips import describe_clip
from studio.recipes import CleanRecipe, EnlargeRecipe, FileRef, PhotoRecipe, dumps, read_recipe
from tests.support.paths import DATA


def come(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_dash_is_what_comes_through_the_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    come(b"picture", monkeypatch)
    assert given_file(Path("-")).read_bytes() == b"picture"
    come(b"", monkeypatch)
    with pytest.raises(StudioError, match="Nothing came"):
        given_file(Path("-"))
    plain = tmp_path / "plain.png"
    assert given_file(plain) == plain, "whoever opens it says that it is not there"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"picture",))
    writer.start()
    copy = given_file(pipe)
    writer.join()
    assert copy.is_file() and copy.read_bytes() == b"picture"


def test_a_clip_comes_through_the_standard_input(tmp_path: Path) -> None:
    clip = (DATA / "cases" / "hflip.mp4").read_bytes()
    asked = ["enlarge", "-", "--network", "lanczos", "--device", "cpu"]
    said = CliRunner().invoke(app, asked, input=clip)
    assert said.exit_code == 2 and "name the film" in said.output
    film = tmp_path / "large.mp4"
    said = CliRunner().invoke(app, [*asked, "--out", str(film)], input=clip)
    assert said.exit_code == 0, said.output
    assert describe_clip(film).width == 2 * describe_clip(DATA / "cases" / "hflip.mp4").width


def test_styles_come_through_the_standard_input(tmp_path: Path) -> None:
    picture = tmp_path / "sunset.webp"
    Image.new("RGB", (64, 48), (200, 90, 40)).save(picture)
    invoke = CliRunner().invoke
    said = invoke(app, ["styles", "add", "-", "--json"], input=picture.read_bytes())
    (style,) = json.loads(said.stdout)["styles"]
    assert style["name"] == "Style" and Path(style["path"]).suffix == ".webp"
    said = invoke(app, ["styles", "add", str(tmp_path / "none.png")])
    assert said.exit_code == 3 and "none.png" in said.output


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="there is no such name here")
def test_a_file_that_is_led_into_the_command_keeps_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = tmp_path / "sunset.png"
    Image.new("RGB", (8, 8)).save(picture)
    with picture.open("rb") as file:
        assert given_file(Path(f"/dev/fd/{file.fileno()}")) == picture.resolve()


def test_a_recipe_comes_through_the_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = EnlargeRecipe(content=PhotoRecipe(photo=FileRef(hash="3" * 64, name="sea.jpg")))
    document = dumps(recipe).encode()
    come(document, monkeypatch)
    assert read_any_recipe(Path("-")) == recipe
    plain = tmp_path / "recipe"  # as /dev/stdin is, when it comes from a file
    plain.write_bytes(b"\n" + document)
    assert read_any_recipe(plain) == recipe
    said = CliRunner().invoke(app, ["render", "-", "--out", str(tmp_path / "q.png")], input=document)
    assert said.exit_code == 3 and "sea.jpg" in said.output, "the recipe was read; its photo is not there"


def test_one_command_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one made goes into the next with all its steps: enlarge p.png --out - | clean - --noise 0.5 --out q.png."""
    photo = tmp_path / "p.png"
    Image.new("RGB", (8, 8), (90, 60, 30)).save(photo)
    first = CliRunner().invoke(app, ["enlarge", str(photo), "--network", "lanczos", "--factor", "2", "--out", "-"])
    out = tmp_path / "q.png"
    second = CliRunner().invoke(app, ["clean", "-", "--levels", "1", "--out", str(out)], input=first.stdout_bytes)
    assert second.exit_code == 0, second.output
    recipe = read_recipe(out)
    assert isinstance(recipe, CleanRecipe) and isinstance(recipe.content, EnlargeRecipe)
    lost = CliRunner().invoke(app, ["film", "-", "--style", str(photo)], input=b"clip")
    assert lost.exit_code == 2 and "--out" in lost.output, "beside the copy it would be lost"
