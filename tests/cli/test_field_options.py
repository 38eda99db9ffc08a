"""Options of commands made from the fields of a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
import typer
from pydantic import BaseModel, Field
from typer.testing import CliRunner

from studio.base.fields import About
from studio.cli.field_options import NOTHING_GIVEN, with_field_options, with_given_options


class Paint(BaseModel):
    """What is painted with."""

    kind: Annotated[Literal["oil", "water-colour"], About("Kind")] = "oil"
    strokes: Annotated[
        int, Field(ge=1, le=9), About("Strokes", tip="How many there are", shown_when=("kind", ("oil",)))
    ] = 3
    wet_edge: Annotated[float, Field(ge=0, le=1), About("Wet edge", tip="In percent.")] = 0.5
    varnish: Annotated[bool, About("Varnish")] = False
    side: Annotated[Literal[32, 64], About("Side", value_labels={"32": "Small", "64": "Large"})] = 64
    layers: Annotated[Annotated[int, Field(ge=1)] | None, About("Layers")] = None
    hidden: Annotated[str, About("Hidden")] = "as it is"


app = typer.Typer()
seen: list[tuple[str, Paint, int]] = []


@app.command("paint")
@with_field_options("paint", without=("hidden",), tips={"wet_edge": "In shares of the stroke"})
def command(name: str, paint: Paint = Paint(strokes=4, hidden="kept"), size: int = 5) -> None:
    """Paint something."""
    seen.append((name, paint, size))


@app.command("given")
@with_given_options(
    "given",
    Paint,
    ("kind", "side", "layers", "varnish"),
    flags={"layers": ("--coats", "-c")},
    otherwise={"kind": "any"},
)
def given_command(given: Mapping[str, Any] = NOTHING_GIVEN, size: int = 5) -> None:
    """Paint something else."""
    told.append(dict(given))


def help_of(name: str) -> str:
    output = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output
    return " ".join(output.split())


told: list[dict[str, Any]] = []


def test_a_command_is_told_what_was_given_and_nothing_else() -> None:
    told.clear()
    for arguments in ([], ["--kind", "any"], ["--kind", "oil", "--side", "32", "-c", "2", "--no-varnish"]):
        assert CliRunner().invoke(app, ["given", *arguments]).exit_code == 0
    assert told == [{}, {}, {"kind": "oil", "side": 32, "layers": 2, "varnish": False}]
    assert Paint(**told[-1]).side == 32
    for arguments in (["--side", "48"], ["--coats", "0"], ["--kind", "chalk"], ["--layers", "1"]):
        assert CliRunner().invoke(app, ["given", *arguments]).exit_code == 2
    text = " ".join(
        CliRunner().invoke(app, ["given", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output.split()
    )
    assert "32: Small; 64: Large. [default: (64)]" in text and "[default: any]" in text


def test_the_value_has_what_the_options_say_and_the_commands_own_defaults() -> None:
    seen.clear()
    arguments = ["cat", "--kind", "water-colour", "--wet-edge", "0.25", "--varnish", "--size", "7"]
    assert CliRunner().invoke(app, ["paint", *arguments]).exit_code == 0
    assert CliRunner().invoke(app, ["paint", "dog"]).exit_code == 0
    assert seen == [
        ("cat", Paint(kind="water-colour", strokes=4, wet_edge=0.25, varnish=True, hidden="kept"), 7),
        ("dog", Paint(strokes=4, hidden="kept"), 5),
    ]


@pytest.mark.parametrize(
    "arguments", [["--strokes", "10"], ["--wet-edge", "-0.1"], ["--kind", "chalk"], ["--hidden", "no"]]
)
def test_values_out_of_a_fields_range_and_unknown_options_are_refused(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["paint", "cat", *arguments]).exit_code == 2


def test_help_comes_from_the_fields() -> None:
    text = " ".join(
        CliRunner().invoke(app, ["paint", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output.split()
    )
    assert "How many there are. With --kind oil." in text
    assert "In shares of the stroke." in text and "In percent" not in text and "hidden" not in text
