"""Fields that describe themselves."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from studio.base.fields import About, describe_field, describe_fields, is_shown


class Sample(BaseModel):
    strength: Annotated[float, Field(ge=0, le=2), About("Strength", unit="%", since=3)] = 0.5
    size: Annotated[int, Field(gt=31), About("Size", unit="px")] | None = None
    method: Annotated[Literal["a", "b"], About("Method", shown_when=("size", (None,)))] = "a"
    name: str


def test_a_field_tells_its_range_default_and_words() -> None:
    strength = describe_field(Sample, "strength")
    assert (strength.kind, strength.minimum, strength.maximum, strength.default) == (float, 0, 2, 0.5)
    assert (strength.about.label, strength.about.unit, strength.about.since) == ("Strength", "%", 3)
    size = describe_field(Sample, "size")
    assert (size.kind, size.optional, size.minimum, size.maximum, size.default) == (int, True, 32, None, None)
    assert size.about.label == "Size"


def test_choices_and_fields_without_words() -> None:
    method, name = describe_field(Sample, "method"), describe_field(Sample, "name")
    assert method.values == ("a", "b") and method.about.shown_when == ("size", (None,))
    assert name.required and name.default is None and name.about == About()
    assert list(describe_fields(Sample)) == ["strength", "size", "method", "name"]


def test_an_unknown_field_is_an_error() -> None:
    with pytest.raises(KeyError):
        describe_field(Sample, "colour")


class Dependent(BaseModel):
    kind: Literal["a", "b"] = "a"
    weight: Annotated[float, About(lowest="Off", step=0.5)] = 0.0
    every: Annotated[int, About(shown_when=(("kind", ("b",)), ("weight", bool)))] = 1
    only: Annotated[int, About(shown_when=("kind", ("a",)), value_labels={"1": "One"})] = 1


@pytest.mark.parametrize("kind", ["a", "b"])
@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_fields_that_matter_only_beside_others(kind: str, weight: float) -> None:
    values = {"kind": kind, "weight": weight}
    assert is_shown(Dependent, "every", values) == (kind == "b" and weight > 0)
    assert is_shown(Dependent, "only", values) == (kind == "a")
    assert is_shown(Dependent, "weight", values)
    with pytest.raises(KeyError):
        is_shown(Dependent, "every", {})
